"""Conversations with a row in every table, for the tests of what is erased."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.accounts.verification import Verification
from bot.desk import ratings, sharing, typing
from bot.desk.desk_requests import open_request
from bot.desk.event_writing import write_waiting
from bot.desk.kinds import About, RequestKind
from bot.desk.origin import Origin
from bot.desk.wished_calls import WishedCall
from bot.erasure.erasing import Erased, purge
from bot.schema.tables import (
    AccountDialogue,
    CallBackRow,
    ChatwootConversation,
    ConversationContract,
    ConversationEvent,
    ConversationFacts,
    DeskAlert,
    DeskEventRow,
    DeskOutboxRow,
    DeskRating,
    DeskTyping,
    ExtensionRequest,
    Handoff,
    MessengerEvent,
    MessengerReply,
    MessengerThread,
    OpenedAccount,
    PhoneCall,
    PhoneTurn,
    RecordedCall,
    SharedConversation,
    SignedInToken,
    VerificationCode,
    WebTurn,
)
from bot.staff.models import StaffRecoveryCode
from bot.staff.one_time_links import make_link
from bot.staff.permissions import StaffRole
from bot.staff.sign_in_attempts import count_attempt
from bot.staff.staff_accounts import account_named, add_account
from bot.staff.staff_sessions import begin_session

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ANNA, JANIS = "90010000011", "90010000022"
MONTH = timedelta(days=30)
OF_CONVERSATION = [
    ConversationEvent,
    ConversationFacts,
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
    columns = ("turns", "answered", "asked_back", "not_understood", "out_of_scope", "failed")
    of_it = {"channel": "web", "language": "lv", "first_topic": "ask_contact", **dict.fromkeys(columns, 1)}
    session.add(ConversationFacts(conversation_id=name, begun_at=at, last_at=at, **of_it))
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
    write_waiting(session)  # as the commit would
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


def somebody_gone(session: Session) -> None:
    """One of the company's people who is disabled, with a recovery code."""
    person = add_account(session, "gone", "Elza", [StaffRole.AGENT])
    account_named(session, person.login).is_disabled = True
    session.add(StaffRecoveryCode(code="hash", account_id=person.id))
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
