"""Purging old data: what goes, what stays."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from stored_conversations import (  # tests/privacy/stored_conversations.py
    ANNA,
    MONTH,
    NOW,
    OF_CONVERSATION,
    conversation,
    left,
    purge_after,
    recorded_call,
    somebody_at_work,
    somebody_gone,
    wish,
)

from bot.accounts.verification import PROVEN_FOR
from bot.desk.kinds import RequestState
from bot.desk.presence import seen
from bot.schema.tables import (
    ConversationContract,
    ConversationEvent,
    DeskPresence,
    ExtensionRequest,
    Handoff,
    MessengerEvent,
    MessengerThread,
    ProvenAddress,
    SurgeNotice,
)

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("table", OF_CONVERSATION)
def test_a_purge_takes_what_is_older_and_nothing_else(session: Session, table: Any) -> None:
    conversation(session, "old", ANNA, at=NOW - timedelta(days=31))
    conversation(session, "new", ANNA)
    purge_after(session, MONTH)
    assert left(session, table) == {"new"}


def test_a_link_stays_with_its_conversation(session: Session) -> None:
    """Without it, a conversation that is still stored would not be found for its customer."""
    conversation(session, "long", ANNA, at=NOW - timedelta(days=31))
    session.add(ConversationEvent(sender_id="long", position=3, type_name="user", timestamp=NOW.timestamp(), data="{}"))
    session.flush()
    purge_after(session, MONTH)
    assert left(session, ConversationContract) == {"long"}


def test_what_a_purge_erased_is_counted(session: Session) -> None:
    conversation(session, "old", ANNA, at=NOW - timedelta(days=31))
    wish(session, ANNA, NOW - timedelta(days=31), until=date(2026, 11, 24))
    recorded_call(session, NOW - timedelta(days=31))
    recorded_call(session, NOW)
    session.add(ProvenAddress(subject="hash", contract="hash", proven_at=NOW - PROVEN_FOR))
    for began in (NOW - timedelta(days=31), NOW):
        surge = {"kind": "of_topic", "name": "ask_contact", "count": 9, "usual": 0.0, "examples": "x"}
        session.add(SurgeNotice(**surge, began_at=began, seen_at=began))
    somebody_at_work(session, NOW - timedelta(days=3))
    somebody_at_work(session, NOW)
    somebody_gone(session)
    assert purge_after(session, MONTH) == {
        "events": 3,
        "conversation_facts": 1,
        "surge_notices": 1,
        "web_turns": 1,
        "handoffs": 1,
        "extension_requests": 1,
        "account_dialogues": 1,
        "conversation_contracts": 1,
        "verification_codes": 1,
        "verification_locks": 2,
        "proven_addresses": 1,
        "recorded_calls": 1,
        "opened_accounts": 1,
        "signed_in_tokens": 1,
        "messenger_events": 1,
        "messenger_threads": 1,
        "phone_calls": 1,
        "phone_turns": 1,
        "staff_links": 1,
        "staff_recovery_codes": 1,
        "staff_sessions": 1,
        "staff_attempts": 3,
        "desk_events": 3,
        "call_backs": 1,
        "desk_shared": 1,
        "desk_ratings": 1,
        "desk_typing": 1,
        "desk_outbox": 1,
        "desk_alerts": 1,
        "chatwoot_conversations": 1,
        "desk_presence": 0,
    }


def test_what_somebody_works_on_is_not_taken_away_from_them(session: Session) -> None:
    conversation(session, "held", at=NOW - timedelta(days=31))
    session.execute(update(Handoff).values(state=RequestState.HELD))
    purge_after(session, MONTH)
    assert left(session, Handoff) == {"held"}


def test_who_was_at_the_desk_yesterday_is_gone(session: Session) -> None:
    for agent, hours in ((1, 25), (2, 23)):
        seen(session, agent, "Anna", ["lv"], now=NOW - timedelta(hours=hours))
    purge_after(session, MONTH)
    assert session.execute(select(DeskPresence.agent_id)).scalars().all() == [2]


def test_an_event_that_messenger_may_deliver_again_stays_known(session: Session) -> None:
    conversation(session, "yesterday's", ANNA, at=NOW - timedelta(days=1))
    purge_after(session, timedelta(hours=1))
    assert left(session, MessengerEvent) == left(session, MessengerThread) == {"yesterday's"}


def test_a_conversation_is_as_old_as_its_latest_event(session: Session) -> None:
    conversation(session, "long", at=NOW - timedelta(days=31))
    session.add(ConversationEvent(sender_id="long", position=3, type_name="user", timestamp=NOW.timestamp(), data="{}"))
    session.flush()
    purge_after(session, MONTH)
    assert session.execute(select(func.count()).select_from(ConversationEvent)).scalar_one() == 4


@pytest.mark.parametrize(
    ("created", "how", "stays"),
    [
        pytest.param(40, {"until": date(2026, 11, 24)}, False, id="day passed"),
        pytest.param(40, {"until": date(2026, 11, 26)}, True, id="day to come"),
        pytest.param(10, {"until": date(2026, 11, 24)}, True, id="not old yet"),
        pytest.param(70, {"instalments": 2}, False, id="last instalment passed"),
        pytest.param(50, {"instalments": 2}, True, id="an instalment to come"),
        pytest.param(70, {"instalments": 12}, True, id="many instalments to come"),
    ],
)
def test_a_request_to_pay_later_stays_until_it_has_passed(
    session: Session, created: int, how: dict[str, Any], stays: bool
) -> None:
    wish(session, ANNA, NOW - timedelta(days=created), **how)
    purge_after(session, MONTH)
    assert bool(session.execute(select(ExtensionRequest.id)).first()) == stays
