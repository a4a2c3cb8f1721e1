"""Base of the JSON schemas: pydantic models that are stricter than by default, and errors with their JSON path."""

import math
import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any, ClassVar, Self, TypeVar

from pydantic import BaseModel, Extra, ValidationError
from pydantic.fields import ModelField

from bot.calls.call_turns import MalformedTranscript
from bot.calls.notices import note

_LARGEST_TIME = 1e15  # in any unit: more than a year even in ticks of 100 ns, and exact as a float
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_OVER_ONE = 1e-3  # tolerance: rounding may take a confidence over 1
_WRITTEN_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?")
_REASONS = {
    "value_error.missing": "the field is missing",
    "type_error.none.not_allowed": "a value is expected, not null",
    "type_error.list": "a list is expected",
    "type_error.str": "a text is expected",
    "type_error.integer": "a whole number is expected",
}


class Shape(BaseModel):
    """An object of a file. Unknown fields are ignored.

    Attributes:
        says: names of the fields that contain what was said: these may be missing, but must not be invalid.
    """

    says: ClassVar[frozenset[str]] = frozenset()

    class Config:
        extra = Extra.ignore

    @classmethod
    def validate(cls, value: Any) -> Self:
        """Accept only an object; pydantic would also accept an empty list or pairs."""
        if not isinstance(value, dict):
            raise TypeError("an object is expected")
        return super().validate(value)


S = TypeVar("S", bound=Shape)
_Steps = tuple[str | int, ...]


def checked(shape: type[S], content: dict[str, Any]) -> S:
    """Validate content against a shape. Invalid parts that are not needed are left out, with a notice.

    Raises:
        MalformedTranscript: it does not match; the place is the first error's.
    """
    try:
        return shape.parse_obj(content)
    except ValidationError as error:
        errors = error.errors()
    reasons = {_spare(shape, each["loc"]): _REASONS.get(each["type"], each["msg"]) for each in reversed(errors)}
    try:
        if () not in reasons:
            found = shape.parse_obj(_without(content, reasons))
            for steps, reason in reversed(reasons.items()):
                note(json_path(steps), f"{reason}, so it was left out")
            return found
    except ValidationError as error:
        errors = error.errors()
    needed = next((each for each in errors if not _spare(shape, each["loc"])), errors[0])
    raise MalformedTranscript(json_path(needed["loc"]), _REASONS.get(needed["type"], needed["msg"]))


def _spare(shape: type[Shape], place: _Steps) -> _Steps:
    """The innermost optional field on the path to a place; () where there is none."""
    found: _Steps = ()
    inner: type[Shape] | None = shape
    for depth, step in enumerate(place, 1):
        if isinstance(step, int) or inner is None:
            continue
        field = _field(inner, step)
        if field is None:
            break
        if step in inner.says:
            found = ()
        elif not field.required:
            found = place[:depth]
        inner = field.type_ if isinstance(field.type_, type) and issubclass(field.type_, Shape) else None
    return found


def _field(shape: type[Shape], name: str) -> ModelField | None:
    return next((field for field in shape.__fields__.values() if name in {field.alias, field.name}), None)


def _without(content: dict[str, Any], places: Iterable[_Steps]) -> dict[str, Any]:
    rest = deepcopy(content)
    for place in places:
        holder: Any = rest
        step: Any
        for step in place[:-1]:
            # Its parent may have been removed before.
            holder = holder[step] if isinstance(holder, list) or step in holder else {}
        holder.pop(place[-1], None)
    return rest


def json_path(steps: Sequence[str | int]) -> str:
    """The steps to a place in a JSON file as a path: `results[3].alternatives[0]`."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "$"


# These functions validate one value, for `validator(…, pre=True)`; the field's type handles missing and null values.


def number(value: Any) -> float | None:
    """A finite number."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("a number is expected")
    if not -_LARGEST_TIME <= value <= _LARGEST_TIME:  # also NaN and infinity
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
    """A time offset or a duration, not negative, in the file's unit."""
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
    """A label of a speaker or channel: a whole number or a text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a whole number or a text is expected")
    return str(int(number(value) or 0))


def moment(value: Any) -> datetime | None:
    """A point in time, in ISO 8601 (UTC if there is no zone) or in milliseconds since 1970.

    None for one that is invalid, in the future, or before `EARLIEST`, when nobody transcribed calls yet.
    """
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.strip()))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found = datetime.fromtimestamp(value / 1000, UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    return found if EARLIEST <= found <= datetime.now(UTC) else None


def _not_negative(value: float | None) -> float | None:
    if value is not None and value < 0:
        raise ValueError("a time is negative")
    return value


def mean(values: Sequence[float | None]) -> float | None:
    """The mean of the values that are not None; None where there are none."""
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if known else None
