"""Shapes of JSON files: what pydantic checks, more strictly than it does by itself, with the place of an error."""

import math
import re
from collections.abc import Sequence
from typing import Any, Self, TypeVar

from pydantic import BaseModel, Extra, ValidationError

from bot.calls.turns import MalformedTranscript

_LARGEST_TIME = 1e15  # in any unit: more than a year even in ticks of 100 ns, and exact as a float
_OVER_ONE = 1e-3  # by which rounding may take a confidence over 1
_WRITTEN_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?")
_REASONS = {
    "value_error.missing": "the field is missing",
    "type_error.none.not_allowed": "a value is expected, and null stands there",
    "type_error.list": "a list is expected",
    "type_error.str": "a text is expected",
    "type_error.integer": "a whole number is expected",
}


class Shape(BaseModel):
    """An object of a file. Fields that are not named are let be."""

    class Config:
        extra = Extra.ignore

    @classmethod
    def validate(cls, value: Any) -> Self:
        """Take an object only; pydantic would also take an empty list or pairs for one."""
        if not isinstance(value, dict):
            raise TypeError("an object is expected")
        return super().validate(value)


S = TypeVar("S", bound=Shape)


def checked(shape: type[S], content: dict[str, Any]) -> S:
    """The content in a shape.

    Raises:
        MalformedTranscript: it does not fit; the place is the first thing that does not.
    """
    try:
        return shape.parse_obj(content)
    except ValidationError as error:
        first = error.errors()[0]
        raise MalformedTranscript(json_path(first["loc"]), _REASONS.get(first["type"], first["msg"])) from error


def json_path(steps: Sequence[str | int]) -> str:
    """Steps into a JSON file as a path: `results[3].alternatives[0]`."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "$"


# What follows checks one value, for `validator(…, pre=True)`; a missing or null value is left to the field's type.


def number(value: Any) -> float | None:
    """A finite number."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a number is expected")
    if not -_LARGEST_TIME <= value <= _LARGEST_TIME:  # also what is not a number or infinite
        raise ValueError("a finite number is expected")
    return float(value)


def written_number(value: Any) -> float | None:
    """A finite number, also one written as a string."""
    if isinstance(value, str):
        if not _WRITTEN_NUMBER.fullmatch(value):
            raise ValueError("a number is expected")
        return number(float(value))
    return number(value)


def duration(value: Any) -> float | None:
    """A time from the beginning, or a length, in the file's unit."""
    return _not_negative(number(value))


def written_duration(value: Any) -> float | None:
    """As `duration`, also written as a string."""
    return _not_negative(written_number(value))


def confidence(value: Any) -> float | None:
    """A confidence from 0 to 1, also written as a string."""
    given = written_number(value)
    if given is None:
        return None
    if not 0 <= given <= 1 + _OVER_ONE:
        raise ValueError("a confidence from 0 to 1 is expected")
    return min(given, 1.0)


def label(value: Any) -> str | None:
    """What tells speakers or channels apart: a whole number or a text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a whole number or a text is expected")
    return str(int(number(value) or 0))


def _not_negative(value: float | None) -> float | None:
    if value is not None and value < 0:
        raise ValueError("a time is negative")
    return value


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of those that are known."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else None
