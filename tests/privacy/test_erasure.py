"""Forgetting a conversation or a customer, and purging old data: what is erased, what stays, and the audit log."""

import json
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.accounts.demo import load_demo
from bot.accounts.verification import PROVEN_FOR, Verification
from bot.desk import ratings, sharing, typing
from bot.desk.desk_requests import open_request
from bot.desk.kinds import About, RequestKind, RequestState
from bot.desk.origin import Origin
from bot.desk.presence import seen
from bot.desk.wished_calls import WishedCall
from bot.erasure import erasing
from bot.erasure.erasing import AT_ONCE, Erased, forget_conversation, forget_customer, purge
from bot.keys.keyed_hashes import contract_hash
from bot.schema.tables import (
    AccountDialogue,
    CallBackRow,
    ChatwootConversation,
    Contract,
    ConversationContract,
    ConversationEvent,
    DeskAlert,
    DeskEventRow,
    DeskOutboxRow,
    DeskPresence,
    DeskRating,
    DeskTyping,
    ExtensionRequest,
    Handoff,
    InvoiceRow,
    MessengerEvent,
    MessengerReply,
    MessengerThread,
    OpenedAccount,
    PhoneCall,
    PhoneTurn,
    PrivacyAudit,
    ProvenAddress,
    RecordedCall,
    SharedConversation,
    SignedInToken,
    VerificationCode,
    WebTurn,
)
from bot.staff.one_time_links import make_link
from bot.staff.permissions import StaffRole
from bot.staff.sign_in_attempts import count_attempt
from bot.staff.staff_accounts import account_named, add_account
from bot.staff.staff_sessions import begin_session
from bot.storage.engine import Base, session_scope

pytestmark = pytest.mark.both_databases
NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ANNA, JANIS = "90010000011", "90010000022"
MONTH = timedelta(days=30)
OF_CONVERSATION = [
    ConversationEvent,
    Handoff,
    VerificationCode,
    OpenedAccount,
    SignedInToken,
    AccountDialogue,
    ConversationContract,
    WebTurn,
    MessengerThread,
    MessengerEvent,
    MessengerReply,
    PhoneCall,
    PhoneTurn,
    CallBackRow,
    ChatwootConversation,
    DeskAlert,
    DeskEventRow,
    DeskOutboxRow,
    DeskRating,
    DeskTyping,
    SharedConversation,
]


def conversation(session: Session, name: str, *contracts: str, at: datetime = NOW) -> None:
    """A conversation with a row in every table, in which contracts were opened."""
    for number in range(3):
        data = json.dumps({"event": "user", "text": str(number)})
        moment = at.timestamp() + number
        session.add(ConversationEvent(sender_id=name, position=number, type_name="user", timestamp=moment, data=data))
    at_the_desk(session, name, at)
    verification = Verification(session, lambda: at)
    about = contracts[0] if contracts else ANNA
    verification.request(about, name, known=True)
    for contract in contracts:
        verification.open(contract, name)
    session.add(SignedInToken(token=name, conversation_id=name, address="hash", until=at + timedelta(hours=1)))
    dialogue = {"question": "check_invoice", "waiting_for": "code", "contract_number": about, "asked_again": 0}
    session.add(AccountDialogue(conversation_id=name, updated_at=at, **dialogue))
    session.add(WebTurn(conversation_id=name, message_id="first", address="hash", began_at=at))
    session.add(PhoneCall(conversation_id=name, language="lv", unclear=0, silent=0, began_at=at))
    session.add(PhoneTurn(conversation_id=name, message_id="first", began_at=at))
    session.add(MessengerThread(person=name, conversation_id=name, heard_at=at))
    event = MessengerEvent(key=name, person=name, kind="text", at=at, received_at=at)
    session.add(event)
    session.flush()
    session.add(MessengerReply(event_id=event.id, position=0, sealed="x"))
    session.flush()


def at_the_desk(session: Session, name: str, at: datetime) -> None:
    """A row in every table of the desk."""
    origin, call = Origin(name, "web", "lv"), WishedCall("+37120000000", consent_at=at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOT_DESK", "chatwoot")  # what another desk must hear
        request = open_request(session, RequestKind.COMPLAINT, origin, details="x", call_back=call, now=at)
    session.flush()
    session.execute(update(DeskOutboxRow).where(DeskOutboxRow.conversation_id == name).values(next_at=at))
    sharing.share(session, name, [("customer", "x", at)], now=at)
    ratings.rate(session, request.reference, About.ASSISTANT, 5, now=at)
    typing.typing(session, name, typing.CUSTOMER, at)
    alert = {"reference": request.reference.number, "times": 1, "alerted_at": at, "next_at": at}
    session.add(DeskAlert(conversation_id=name, **alert))
    there = {"reference": request.reference.number, "source_id": name, "seen": 0, "told": 0, "created_at": at}
    session.add(ChatwootConversation(conversation_id=name, **there))


def wish(session: Session, contract: str, created: datetime = NOW, **how: Any) -> None:
    number = session.execute(select(func.count()).select_from(ExtensionRequest)).scalar_one()
    of_it = {
        "reference": f"EL-{number}",
        "contract_number": contract,
        "amount": Decimal("52.10"),
        "created_at": created,
    }
    session.add(ExtensionRequest(**of_it, **how))
    session.flush()


def recorded_call(session: Session, at: datetime) -> None:
    held = {"id": str(at.timestamp())[:32], "source": "srt", "held_at": at, "imported_at": at, "model": "m"}
    session.add(RecordedCall(**held, topics=[], requests=[], summary=""))
    session.flush()


def somebody_at_work(session: Session, at: datetime) -> None:
    """One of the company's people with a link, a session and an attempt of that time."""
    person = add_account(session, f"staff-{at:%Y%m%d}", "Dora", [StaffRole.ADMINISTRATOR])
    make_link(session, account_named(session, person.login), now=at)
    begin_session(session, person.id, now=at)
    count_attempt(session, person.login, f"{at}", now=at)
    session.flush()


def left(session: Session, table: Any) -> set[str]:
    """The conversations that have rows in a table."""
    if table is MessengerReply:
        found = select(MessengerEvent.person).join(MessengerReply, MessengerReply.event_id == MessengerEvent.id)
        return set(session.execute(found).scalars())
    names = {ConversationEvent: "sender_id", MessengerEvent: "person"}
    return set(session.execute(select(getattr(table, names.get(table, "conversation_id")))).scalars())


def purge_after(session: Session, age: timedelta, now: datetime = NOW) -> Erased:
    """Purge data older than an age, at a given time."""
    return purge(lambda: nullcontext(session), now - age, "30d", "operator", now)


@pytest.fixture
def filled(session: Session) -> Session:
    load_demo(session)
    conversation(session, "annas", ANNA)
    conversation(session, "annas second", ANNA)
    conversation(session, "jānis'", JANIS)
    wish(session, ANNA, until=date(2026, 12, 20))
    wish(session, JANIS, until=date(2026, 12, 20))
    return session


@pytest.mark.parametrize("table", OF_CONVERSATION)
def test_a_forgotten_conversation_is_gone_everywhere_and_no_other_is(filled: Session, table: Any) -> None:
    forget_conversation(filled, "annas", "operator")
    assert left(filled, table) == {"annas second", "jānis'"}


@pytest.mark.sqlite_only
def test_every_table_with_a_conversation_is_known() -> None:
    with_conversation = {name for name, table in Base.metadata.tables.items() if "conversation_id" in table.columns}
    assert with_conversation <= {table.__tablename__ for table in erasing.OF_CONVERSATION}


@pytest.mark.parametrize("table", OF_CONVERSATION)
def test_a_forgotten_customers_conversations_are_gone_everywhere(filled: Session, table: Any) -> None:
    forget_customer(filled, [ANNA], "operator")
    assert left(filled, table) == {"jānis'"}


def test_a_forgotten_customers_requests_to_pay_later_are_gone(filled: Session) -> None:
    forget_customer(filled, [ANNA], "operator")
    assert filled.execute(select(ExtensionRequest.contract_number)).scalars().all() == [JANIS]


def test_a_number_that_was_given_but_not_proven_is_gone(filled: Session) -> None:
    conversation(filled, "unproven")
    forget_customer(filled, [ANNA], "operator")
    assert set(filled.execute(select(AccountDialogue.contract_number)).scalars()) == {JANIS}


def test_a_customers_many_conversations_are_all_gone(session: Session) -> None:
    for number in range(AT_ONCE + 1):
        Verification(session).open(ANNA, f"c{number}")
    session.flush()
    assert forget_customer(session, [ANNA], "operator")["conversation_contracts"] == AT_ONCE + 1


def test_at_which_addresses_a_forgotten_customers_contracts_were_opened_is_gone(session: Session) -> None:
    for number in (ANNA, JANIS):
        code = Verification(session).request(number, "c", known=True).code
        Verification(session).check(number, "c", str(code))
    forget_customer(session, [ANNA], "operator")
    assert session.execute(select(ProvenAddress.contract)).scalars().all() == [contract_hash(JANIS)]


@pytest.mark.parametrize("table", [Contract, InvoiceRow])
def test_a_forgotten_customers_account_belongs_to_billing_and_stays(filled: Session, table: Any) -> None:
    column = table.number if table is Contract else table.contract_number
    forget_customer(filled, [ANNA], "operator")
    assert filled.execute(select(column).where(column == ANNA)).first() is not None


def test_what_was_erased_is_counted(filled: Session) -> None:
    assert forget_conversation(filled, "annas", "operator") == {
        "events": 3,
        "handoffs": 1,
        "verification_codes": 1,
        "opened_accounts": 1,
        "signed_in_tokens": 1,
        "account_dialogues": 1,
        "conversation_contracts": 1,
        "web_turns": 1,
        "messenger_threads": 1,
        "messenger_events": 1,
        "phone_calls": 1,
        "phone_turns": 1,
        "desk_events": 3,
        "call_backs": 1,
        "desk_shared": 1,
        "desk_ratings": 1,
        "desk_typing": 1,
        "desk_outbox": 1,
        "desk_alerts": 1,
        "chatwoot_conversations": 1,
    }


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
    somebody_at_work(session, NOW - timedelta(days=3))
    somebody_at_work(session, NOW)
    assert purge_after(session, MONTH) == {
        "events": 3,
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


@pytest.mark.parametrize(
    ("work", "action"),
    [
        (lambda session: forget_conversation(session, "annas", "inese"), "forget conversation"),
        (lambda session: forget_customer(session, [ANNA], "inese"), "forget customer"),
        (lambda session: purge(lambda: nullcontext(session), NOW + MONTH, "30d", "inese", NOW + MONTH * 2), "purge"),
        (lambda session: forget_conversation(session, "unknown", "inese"), "forget conversation"),
    ],
)
def test_what_was_done_is_noted_without_saying_of_whom(filled: Session, work: Any, action: str) -> None:
    erased = work(filled)
    (line,) = filled.execute(select(PrivacyAudit)).scalars().all()
    assert (line.action, line.operator) == (action, "inese")
    assert line.erased == {table: count for table, count in erased.items() if count}
    assert not any(said in line.subject for said in ("annas", ANNA, "unknown"))


def test_the_note_of_a_purge_says_what_age(session: Session) -> None:
    purge_after(session, MONTH)
    assert session.execute(select(PrivacyAudit.subject)).scalars().all() == ["30d"]


def test_the_notes_of_the_same_conversation_can_be_told(session: Session) -> None:
    for name in ("annas", "annas", "jānis'"):
        forget_conversation(session, name, "operator")
    first, second, other = session.execute(select(PrivacyAudit.subject).order_by(PrivacyAudit.id)).scalars()
    assert (first == second, first == other) == (True, False)


def test_what_fails_is_neither_erased_nor_noted(database: str) -> None:
    with session_scope() as session:
        conversation(session, "annas", ANNA)
    with session_scope() as session:
        forget_conversation(session, "annas", "operator")
        session.rollback()
    with session_scope() as session:
        notes = session.execute(select(func.count()).select_from(PrivacyAudit)).scalar_one()
        assert (left(session, ConversationEvent), notes) == ({"annas"}, 0)
