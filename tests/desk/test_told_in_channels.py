"""What a customer is told of a request, by channel: where people answer in it, and where they do not."""

from datetime import UTC, datetime
from typing import Any

import pytest
from open_hours import ALL_DAY, set_around_today  # tests/open_hours.py
from sqlalchemy.orm import Session

from actions.desk_replies import about_request, recorded, state_of_request
from actions.turn import Turn
from bot.desk.presence import seen
from bot.domain_names import Intent
from bot.handoff.handoff_requests import Origin, request_person
from bot.known_channels import MESSENGER, PHONE, WEB, Channel
from bot.parse_result import parse_result
from bot.storage.engine import session_scope
from bot.words.reference import Reference

pytestmark = pytest.mark.usefixtures("database")
HERE, CALL = "Jums atbildēs šeit", "zvaniet 8400"


def turn_of(channel: Channel, text: str = "Gribu runāt ar cilvēku", conversation: str = "conversation") -> Turn:
    user: dict[str, Any] = {"event": "user", "text": text}
    said = parse_result({"text": text, "intent": {"name": str(Intent.OUT_OF_SCOPE), "confidence": 0.9}})
    return Turn("lv", channel, conversation, said, {}, [user])


def asked(channel: Channel, session: Session) -> Reference:
    return request_person(session, Origin("conversation", channel.name, "lv"))


@pytest.mark.parametrize(
    ("channel", "people", "is_here"),
    [(WEB, "desk", True), (MESSENGER, "desk", True), (MESSENGER, "inbox", False), (PHONE, "desk", False)],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_who_is_there_is_told_where_people_answer(
    monkeypatch: pytest.MonkeyPatch, channel: Channel, people: str, is_here: bool
) -> None:
    monkeypatch.setenv("BOT_MESSENGER_PEOPLE", people)
    set_around_today(ALL_DAY)
    with session_scope() as session:
        seen(session, 1, "Ilze", ["lv"], is_available=True, now=datetime.now(UTC))
        reference = asked(channel, session)
        told = recorded(session, turn_of(channel), reference).text
        (state,) = state_of_request(session, turn_of(channel), reference)
    assert (HERE in told, HERE in state.text, CALL in told) == (is_here, is_here, True)


@pytest.mark.parametrize(
    ("channel", "is_heard"),
    [(PHONE, True), (WEB, False)],
    ids=["spoken", "written"],
)
def test_a_number_that_is_spelled_is_understood_by_ear(channel: Channel, is_heard: bool) -> None:
    with session_scope() as session:
        reference = asked(PHONE, session)
    spelled = " ".join(reference.number.replace("-", "").lower())
    outcome = about_request(turn_of(channel, f"kas notiek ar numuru {spelled}", "another call"))
    assert (outcome is not None and str(reference) in outcome.replies[0].text) == is_heard
