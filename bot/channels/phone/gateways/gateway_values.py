"""Reading untrusted fields of gateways' requests."""

import re

from bot.channels.http.bodies import MalformedRequest
from bot.channels.phone.gateway_messages import Hypothesis
from bot.settings import LANGUAGES
from bot.words.kinds_of_number import in_e164

KEYS = re.compile(r"[0-9*#]+", re.ASCII)
SUMMARY = "X-Summary"  # SIP header of a transfer, for the person who takes the call


def text_of(body: dict[str, object], name: str, *, required: bool = False) -> str:
    """A field that is a string, or a number, which some gateways send unquoted; "" where there is none.

    Raises:
        MalformedRequest: it is required and missing.
    """
    value = body.get(name)
    found = value if isinstance(value, str) else str(value) if type(value) is int else ""
    if required and not found.strip():
        raise MalformedRequest(f"'{name}' is missing.")
    return found


def keys_of(value: object) -> str:
    """The keys pressed (DTMF): 0 to 9, `*` and `#`; "" for anything else."""
    pressed = value if isinstance(value, str) else str(value) if type(value) is int else ""
    pressed = pressed.strip()
    return pressed if KEYS.fullmatch(pressed) else ""


def confidence_of(value: object) -> float | None:
    """A confidence from 0 to 1, as a number or a string; None where there is none, which some recognisers send as 0."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if 0 < number <= 1 else None


def guesses(value: object, name: str) -> tuple[Hypothesis, ...]:
    """A recogniser's hypotheses, the best first (n-best list); `name` is the field with the text."""
    some = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    return tuple(
        Hypothesis(text, confidence_of(each.get("confidence"))) for each in some if (text := text_of(each, name))
    )


def language_of(code: object) -> str | None:
    """lv or en from a code such as lv-LV or lv_LV; None for others."""
    primary = re.split("[-_]", str(code or "").lower())[0]
    return primary if primary in LANGUAGES else None


def caller_of(value: object) -> str | None:
    """The caller's number in E.164, such as +37120000000; None where it is withheld or invalid.

    For a withheld number, gateways send a word ("anonymous") or a number that nobody has (Twilio: +266696687).
    """
    return in_e164(value) if isinstance(value, str) else None
