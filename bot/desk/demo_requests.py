"""The invented requests of `data/demo/requests.yml`, which wait at the desk of a new assistant."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Extra
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.data_files import read_model
from bot.desk.desk_requests import open_request
from bot.desk.kinds import RequestKind
from bot.desk.models import Handoff
from bot.desk.origin import Origin
from bot.desk.sharing import share
from bot.desk.wished_calls import WishedCall
from bot.settings import PROJECT

DEMO_REQUESTS = PROJECT / "data" / "demo" / "requests.yml"
BETWEEN = timedelta(seconds=20)  # two turns


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class _DemoRequest(_Strict):
    conversation: str
    kind: RequestKind
    channel: str
    language: Literal["lv", "en"]
    minutes_ago: int
    priority: bool = False
    details: str | None = None
    said: list[dict[str, str]] = []
    call_back: str | None = None


class _DemoRequests(_Strict):
    requests: list[_DemoRequest]


def load_demo_requests(session: Session, path: Path = DEMO_REQUESTS, *, now: datetime | None = None) -> int:
    """Make the demo requests where they have never been made (idempotent); returns how many were made.

    Raises:
        DataFileError: the file cannot be used.
    """
    now = now or datetime.now(UTC)
    given = read_model(path, _DemoRequests).requests
    names = [each.conversation for each in given]
    if session.execute(select(Handoff.id).where(Handoff.conversation_id.in_(names)).limit(1)).first():
        return 0
    for each in sorted(given, key=lambda one: -one.minutes_ago):
        _load(session, each, now - timedelta(minutes=each.minutes_ago))
    return len(given)


def _load(session: Session, given: _DemoRequest, at: datetime) -> None:
    origin = Origin(given.conversation, given.channel, given.language)
    call = WishedCall(given.call_back, consent_at=at) if given.call_back else None
    open_request(session, given.kind, origin, details=given.details, priority=given.priority, call_back=call, now=at)
    if given.said:
        turns = [(who, text) for turn in given.said for who, text in turn.items()]
        began = at - len(turns) * BETWEEN
        timed = [(who, text, began + place * BETWEEN) for place, (who, text) in enumerate(turns)]
        share(session, given.conversation, timed, now=at)
