"""Reading what gateways send without trusting it."""

from typing import Any

from bot.channels.phone.calls import Hypothesis
from bot.settings import LANGUAGES

LONGEST = 64  # characters of an id that is kept as it is


class Malformed(ValueError):
    """A gateway's request that cannot be used; the message says what is missing."""


def text_of(body: dict[str, Any], name: str, *, required: bool = False) -> str:
    """A member that is a text; "" where there is none.

    Raises:
        Malformed: it is required and missing.
    """
    value = body.get(name)
    found = value if isinstance(value, str) else ""
    if required and not found:
        raise Malformed(f"'{name}' is missing.")
    return found


def confidence_of(value: object) -> float | None:
    """A confidence from 0 to 1, as a number or its text; None where there is none, which some recognisers say as 0."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if 0 < number <= 1 else None


def guesses(value: object, name: str) -> tuple[Hypothesis, ...]:
    """A recogniser's guesses, its best first; `name` is of the member with the text."""
    some = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return tuple(
        Hypothesis(text, confidence_of(each.get("confidence"))) for each in some if (text := text_of(each, name))
    )


def language_of(code: object) -> str | None:
    """lv or en of a code such as lv-LV; None for others."""
    primary = str(code or "").lower().split("-")[0]
    return primary if primary in LANGUAGES else None


def object_of(value: object) -> dict[str, Any]:
    """A value that should be an object; {} where it is none."""
    return value if isinstance(value, dict) else {}
