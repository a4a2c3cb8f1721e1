"""What another desk hears: in order, again until it was heard, and nothing where the desk is ours."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import claiming, desk_events, desk_outbox
from bot.desk.desk_requests import open_request
from bot.desk.kinds import RequestKind, RequestOutcome
from bot.desk.models import DeskOutboxRow
from bot.desk.origin import Origin
from bot.words.reference import Reference

OUTSIDE = (-1, "Chatwoot")


class OtherDesk:
    """A desk that remembers what it heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def opened(self, id: int, payload: dict[str, Any]) -> None:
        self.heard.append(("opened", payload))

    def customer_said(self, id: int, payload: dict[str, Any]) -> None:
        self.heard.append(("customer_said", payload))

    def closed(self, id: int, payload: dict[str, Any]) -> None:
        self.heard.append(("closed", payload))

    def forgotten(self, id: int, payload: dict[str, Any]) -> None:
        self.heard.append(("forgotten", payload))


def a_conversation(session: Session, name: str) -> Reference:
    reference = open_request(session, RequestKind.PERSON, Origin(name, "web", "lv"), details="+371 20000000").reference
    claiming.claim(session, reference, *OUTSIDE)
    for _ in range(2):
        desk_events.customer_said(session, name, "Hello", "1")
    claiming.close(session, reference, OUTSIDE[0], RequestOutcome.ANSWERED)
    session.flush()
    return reference


def later(**after: int) -> datetime:
    return datetime.now(UTC) + timedelta(**after)


def test_another_desk_hears_each_conversation_in_order_and_each_thing_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_DESK", "chatwoot")
    references = [a_conversation(session, name) for name in ("a", "b")]
    desk, now = OtherDesk(), later(seconds=1)
    for _ in range(4):
        for item in desk_outbox.due(session, now):
            took = [desk_outbox.taken(session, item, now=now, lasts=timedelta(seconds=30)) for _ in range(2)]
            assert took == [True, False], "Nobody else takes it meanwhile."
            desk_outbox.deliver(item, desk)
            desk_outbox.delivered(session, item.id)
    for reference in references:
        mine = [(kind, payload) for kind, payload in desk.heard if payload["reference"] == reference.number]
        assert [kind for kind, _ in mine] == ["opened", "customer_said", "closed"]
        assert [mine[0][1]["details"], mine[1][1]["text"], mine[2][1]["outcome"]] == ["[phone]", "Hello", "answered"]
    assert set(session.execute(select(DeskOutboxRow.payload)).scalars()) == {"{}"}, "What was heard is erased."


def test_what_was_not_heard_is_said_again_later_each_time(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DESK", "chatwoot")
    a_conversation(session, "a")
    now, pauses = later(seconds=1), []
    for _ in range(12):
        (item,) = desk_outbox.due(session, now)
        assert item.kind == "opened", "What comes after it waits."
        desk_outbox.failed(session, item, now=now)
        due = session.execute(select(DeskOutboxRow.next_at).order_by(DeskOutboxRow.id).limit(1)).scalar_one()
        pauses.append((due - now).total_seconds())
        now = due
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600]


def test_our_own_desk_needs_no_outbox(session: Session) -> None:
    a_conversation(session, "a")
    assert session.execute(select(DeskOutboxRow.id)).all() == []
