"""What Chatwoot's agents read of us, in their language."""

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from bot.clock import RIGA
from bot.data_files import read_yaml
from bot.desk.desk_requests import Request
from bot.desk.kinds import RequestOutcome, can_be_written_to
from bot.desk.sharing import SharedTurn
from bot.desk.wished_calls import CallBack
from bot.settings import PROJECT
from bot.settings.desk import DESK_ALERT_LANGUAGE

TEXTS = PROJECT / "data" / "desk" / "chatwoot.yml"
MOMENT = "%d.%m.%Y %H:%M"


class NotDelivered(StrEnum):
    """Why a customer does not get what an agent wrote: keys of the texts."""

    CLOSED = "closed"
    HELD = "held"
    NOT_WRITABLE = "not_writable"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"


def contact_name(request: Request) -> str:
    """The contact's name: nobody knows the customer's."""
    return _text("contact", reference=request.reference)


def opening(request: Request, call: CallBack | None, shared: list[SharedTurn] | None) -> str:
    """What is known of a request."""
    lines = [_text("urgent")] if request.priority else []
    about = {"reference": request.reference, "channel": request.channel, "language": request.language}
    lines.append(_text("opened", kind=_texts()["kinds"][request.kind], **about))
    if call is not None and call.number:
        lines.append(_call(call, call.number))
    if request.details:
        lines.append(_text("details", details=request.details))
    if shared:
        lines += [_text("shared"), *(f"{_moment(turn.at)} {turn.who}: {turn.text}" for turn in shared)]
    lines.append(_text("writable" if can_be_written_to(request.channel) else "not_writable"))
    return "\n".join(lines)


def closing(outcome: str) -> str:
    """That a request was closed here."""
    texts = _texts()["closed"]
    return str(texts["returned" if outcome == RequestOutcome.RETURNED else "other"])


def refused_text() -> str:
    """That Chatwoot does not take something that the customer wrote."""
    return _text("refused")


def problem_text(problem: NotDelivered, **values: object) -> str:
    """Why a customer does not get what an agent wrote."""
    return str(_texts()["not_delivered"][problem]).format(**values)


def _call(call: CallBack, number: str) -> str:
    if call.wished_from is None or call.wished_until is None:
        return _text("call", number=number)
    between = {"begins": _moment(call.wished_from), "ends": _moment(call.wished_until)}
    return _text("call_between", number=number, **between)


def _moment(at: datetime) -> str:
    return at.astimezone(RIGA).strftime(MOMENT)


def _text(key: str, **values: object) -> str:
    return str(_texts()[key]).format(**values)


def _texts() -> dict[str, Any]:
    return dict(_all_texts()[DESK_ALERT_LANGUAGE.value()])


@lru_cache(maxsize=1)
def _all_texts() -> dict[str, Any]:
    return dict(read_yaml(TEXTS))
