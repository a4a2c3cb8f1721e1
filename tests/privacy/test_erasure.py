"""Forgetting a conversation or a customer: what is erased, what stays, and the audit log."""

from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from stored_conversations import (  # tests/privacy/stored_conversations.py
    ANNA,
    JANIS,
    MONTH,
    NOW,
    OF_CONVERSATION,
    conversation,
    left,
    purge_after,
    wish,
)

from bot.accounts.demo import load_demo
from bot.accounts.verification import Verification
from bot.erasure import erasing
from bot.erasure.erasing import AT_ONCE, forget_conversation, forget_customer, purge
from bot.keys.keyed_hashes import contract_hash
from bot.schema.tables import (
    AccountDialogue,
    Contract,
    ConversationEvent,
    ExtensionRequest,
    InvoiceRow,
    PrivacyAudit,
    ProvenAddress,
)
from bot.storage.engine import Base, session_scope

pytestmark = pytest.mark.both_databases


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
        "conversation_facts": 1,
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
