"""Erases what is stored of conversations: one conversation, all of a customer, or all that are old (retention)."""

import hashlib
import hmac
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import and_, delete, exists, func, inspect, or_, select
from sqlalchemy.orm import Session

from bot import deadlines
from bot.accounts.conversation_contracts import ConversationContract
from bot.accounts.models import ExtensionRequest
from bot.accounts.verification import Verification
from bot.accounts.verification_models import (
    AccountDialogue,
    OpenedAccount,
    ProvenAddress,
    SignedInToken,
    VerificationCode,
)
from bot.calls.models import RecordedCall
from bot.channels.messenger.incoming import REDELIVERY
from bot.channels.messenger.models import MessengerEvent, MessengerThread
from bot.channels.phone.models import PhoneCall, PhoneTurn
from bot.channels.web.models import WebTurn
from bot.chatwoot.chatwoot_links import contacts_of
from bot.chatwoot.models import ChatwootConversation
from bot.desk import desk_outbox
from bot.desk.event_writing import write_waiting
from bot.desk.kinds import RequestState
from bot.desk.models import (
    CallBackRow,
    DeskAlert,
    DeskEventRow,
    DeskOutboxRow,
    DeskPresence,
    DeskRating,
    DeskTyping,
    Handoff,
    SharedConversation,
)
from bot.erasure.models import PrivacyAudit
from bot.figures.models import ConversationFacts, SurgeNotice
from bot.keys.keyed_hashes import contract_hash
from bot.keys.signing import key_for
from bot.rasa.conversation_models import ConversationEvent
from bot.staff import sign_in_attempts, staff_sessions
from bot.staff.models import StaffAccount, StaffAttempts, StaffLink, StaffRecoveryCode, StaffSession
from bot.storage.engine import take_your_time

Erased = dict[str, int]  # rows by table
Transaction = Callable[[], AbstractContextManager[Session]]
DIALOGUE_LIFE = timedelta(days=1)
MONTH = timedelta(days=31)  # the longest month; there is one instalment a month
AT_ONCE = 500  # conversations or rows per statement: databases limit bound values, and others must get to write
PAUSE = 0.02  # seconds between two transactions of a purge, so that customers' turns can write
# By table, the column that says which conversation a row belongs to.
OF_CONVERSATION: dict[Any, Any] = {
    ConversationEvent: ConversationEvent.sender_id,
    ConversationFacts: ConversationFacts.conversation_id,
    Handoff: Handoff.conversation_id,
    VerificationCode: VerificationCode.conversation_id,
    OpenedAccount: OpenedAccount.conversation_id,
    SignedInToken: SignedInToken.conversation_id,
    AccountDialogue: AccountDialogue.conversation_id,
    ConversationContract: ConversationContract.conversation_id,
    WebTurn: WebTurn.conversation_id,
    MessengerThread: MessengerThread.conversation_id,
    PhoneCall: PhoneCall.conversation_id,
    PhoneTurn: PhoneTurn.conversation_id,
    DeskEventRow: DeskEventRow.conversation_id,
    CallBackRow: CallBackRow.conversation_id,
    SharedConversation: SharedConversation.conversation_id,
    DeskRating: DeskRating.conversation_id,
    DeskTyping: DeskTyping.conversation_id,
    DeskOutboxRow: DeskOutboxRow.conversation_id,
    DeskAlert: DeskAlert.conversation_id,
    ChatwootConversation: ChatwootConversation.conversation_id,
}


def forget_conversation(session: Session, conversation_id: str, operator: str) -> Erased:
    """Erase all that is stored of a conversation, with an audit record; returns the number of rows by table."""
    take_your_time(session)
    erased = _erase_conversations(session, [conversation_id])
    _note(session, "forget conversation", _subject(conversation_id), erased, operator)
    return erased


def forget_customer(session: Session, contract_numbers: Sequence[str], operator: str) -> Erased:
    """Erase every conversation in which one of a customer's contracts was opened, and the requests to pay later.

    A contract number that was given but not verified is stored in the account dialogue only; that is erased too. The
    accounts themselves belong to billing and stay.
    """
    take_your_time(session)
    numbers = sorted(set(contract_numbers))
    hashes = [contract_hash(number) for number in numbers]
    linked = select(ConversationContract.conversation_id).where(ConversationContract.contract.in_(hashes))
    erased = _erase_conversations(session, session.execute(linked.distinct()).scalars().all())
    erased[AccountDialogue.__tablename__] += _erase(session, AccountDialogue, AccountDialogue.contract.in_(hashes))
    requests = ExtensionRequest.contract_number.in_(numbers)
    erased[ExtensionRequest.__tablename__] = _erase(session, ExtensionRequest, requests)
    erased[ProvenAddress.__tablename__] = _erase(session, ProvenAddress, ProvenAddress.contract.in_(hashes))
    _note(session, "forget customer", _subject(*numbers), erased, operator)
    return erased


def purge(transaction: Transaction, before: datetime, age: str, operator: str, now: datetime | None = None) -> Erased:
    """Erase what is older than a moment, and what has no effect any more; returns the number of rows by table.

    It runs in many short transactions, so that a customer's turn waits for one of them and not for all. All events of a
    conversation are erased in one transaction. The audit record has what was erased so far, also when a purge is broken
    off; it can be run again (idempotent). A conversation is as old as its latest event. A request to pay later stays
    until its day, or its last instalment, has passed.

    Args:
        transaction: returns a session in a transaction of its own, such as `session_scope`.
        before: with a time zone.
        age: how `before` was given, such as `30d`, for the audit record.
    """
    now = now or datetime.now(UTC)
    with transaction() as session:
        take_your_time(session)
        # The audit record last: the search takes long, and on SQLite a write locks out all other writers.
        conversations, rows = _old_conversations(session, before), _old_rows(session, before, now)
        line = _note(session, "purge", age, {}, operator)
        session.flush()
        in_audit = line.id
    erased: Erased = {ConversationEvent.__tablename__: 0}

    def batch(table: Any, erase: Callable[[Session], int]) -> int:
        with transaction() as session:
            take_your_time(session)
            count = erase(session)
            erased[table.__tablename__] = erased.get(table.__tablename__, 0) + count
            if count:
                session.get(PrivacyAudit, in_audit).erased = _found(erased)
        return count

    for start in range(0, len(conversations), AT_ONCE):
        some = conversations[start : start + AT_ONCE]
        batch(ConversationEvent, partial(_erase_old_conversations, ids=some, before=before))
        time.sleep(PAUSE)
    for table, old in rows.items():
        while batch(table, partial(_erase_some, table=table, old=old)) >= AT_ONCE:
            time.sleep(PAUSE)
    return erased


def _old_conversations(session: Session, before: datetime, *among: Any) -> list[str]:
    latest = func.max(ConversationEvent.timestamp)
    found = select(ConversationEvent.sender_id).where(*among).group_by(ConversationEvent.sender_id)
    found = found.having(latest < before.timestamp()).order_by(ConversationEvent.sender_id)
    return list(session.execute(found).scalars())


def _erase_old_conversations(session: Session, ids: Sequence[str], before: datetime) -> int:
    # A conversation may have been continued since they were selected.
    still = _old_conversations(session, before, ConversationEvent.sender_id.in_(ids))
    return _erase(session, ConversationEvent, ConversationEvent.sender_id.in_(still))


def _old_rows(session: Session, before: datetime, now: datetime) -> dict[Any, Any]:
    """By table, the condition for old rows; tables with foreign keys to others come after them."""
    unheard = ~exists().where(MessengerEvent.person == MessengerThread.person)
    closed = ~exists().where(Handoff.reference == ChatwootConversation.reference)
    gone = ~exists().where(ConversationEvent.sender_id == ConversationContract.conversation_id)
    return {
        **{each: each.began_at < before for each in (WebTurn, PhoneCall, PhoneTurn)},
        # What somebody works on just now is erased when they are done.
        Handoff: and_(Handoff.created_at < before, Handoff.state != RequestState.HELD),
        ConversationFacts: ConversationFacts.last_at < before,
        SurgeNotice: SurgeNotice.began_at < before,
        DeskEventRow: DeskEventRow.at < before,
        CallBackRow: CallBackRow.asked_at < before,
        SharedConversation: SharedConversation.at < before,
        DeskRating: DeskRating.at < before,
        DeskAlert: DeskAlert.alerted_at < before,
        ChatwootConversation: and_(closed, ChatwootConversation.created_at < before),
        DeskOutboxRow: or_(DeskOutboxRow.done_at < now - DIALOGUE_LIFE, DeskOutboxRow.next_at < before),
        DeskTyping: DeskTyping.at < now - DIALOGUE_LIFE,
        DeskPresence: DeskPresence.seen_at < now - DIALOGUE_LIFE,
        ExtensionRequest: and_(ExtensionRequest.created_at < before, _has_passed(session, now)),
        AccountDialogue: AccountDialogue.updated_at < now - DIALOGUE_LIFE,
        MessengerEvent: MessengerEvent.received_at < min(before, now - REDELIVERY),
        RecordedCall: RecordedCall.held_at < before,
        MessengerThread: and_(unheard, MessengerThread.heard_at < before),
        ConversationContract: and_(gone, ConversationContract.created_at < before),
        **Verification(session, lambda: now).without_effect(),
        **_of_staff(now),
    }


def _of_staff(now: datetime) -> dict[Any, Any]:
    """What has no effect any more of colleagues' sessions, links, codes and counts; accounts and audit stay."""
    disabled = select(StaffAccount.id).where(StaffAccount.is_disabled.is_(True))
    return {
        StaffRecoveryCode: StaffRecoveryCode.account_id.in_(disabled),
        StaffSession: staff_sessions.ended(now),
        StaffLink: StaffLink.until < now,
        StaffAttempts: sign_in_attempts.without_effect(now),
    }


def _has_passed(session: Session, now: datetime) -> Any:
    """The condition that the day, or the last instalment, of a request to pay later has passed."""
    parts = session.execute(select(ExtensionRequest.instalments).distinct()).scalars().all()
    paid = [
        and_(ExtensionRequest.instalments == count, ExtensionRequest.created_at < now - count * MONTH)
        for count in parts
        if count is not None
    ]
    return or_(ExtensionRequest.until < now.date(), *paid)


def _erase_some(session: Session, table: Any, old: Any) -> int:
    # Selected before the deletion: SQLite has one writer at a time. Then the condition again: a row may have changed.
    key, *_ = inspect(table).primary_key
    keys = session.execute(select(key).where(old).limit(AT_ONCE)).scalars().all()
    return _erase(session, table, key.in_(keys), old) if keys else 0


def _erase_conversations(session: Session, ids: Sequence[str]) -> Erased:
    write_waiting(session)  # otherwise this transaction's own events of them would be written after the erasure
    # By ids and not by a subquery: a conversation that is linked meanwhile must not lose only its link.
    erased = dict.fromkeys((table.__tablename__ for table in (*OF_CONVERSATION, MessengerEvent)), 0)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        for contact in contacts_of(session, some):
            desk_outbox.forgotten(session, contact, later=timedelta(seconds=deadlines.CHATWOOT_CLAIM))
        of_them = select(MessengerThread.person).where(MessengerThread.conversation_id.in_(some))
        erased[MessengerEvent.__tablename__] += _erase(session, MessengerEvent, MessengerEvent.person.in_(of_them))
        for table, column in OF_CONVERSATION.items():
            erased[table.__tablename__] += _erase(session, table, column.in_(some))
        # The deletion waited for a turn that was being written, and only now sees what that wrote.
        erased[ConversationEvent.__tablename__] += _erase(
            session, ConversationEvent, ConversationEvent.sender_id.in_(some)
        )
    return erased


def _erase(session: Session, table: Any, *of_it: Any) -> int:
    erased = session.execute(delete(table).where(*of_it).execution_options(synchronize_session=False))
    return int(erased.rowcount)


def _subject(*parts: str) -> str:
    """The audit record's keyed hash of the subject: it can confirm whom an erasure was about, but finds nobody."""
    return hmac.new(key_for("privacy"), "\0".join(parts).encode(errors="replace"), hashlib.sha256).hexdigest()


def _note(session: Session, action: str, subject: str, erased: Erased, operator: str) -> PrivacyAudit:
    about = {"at": datetime.now(UTC), "action": action, "subject": subject, "operator": operator[:80]}
    line = PrivacyAudit(**about, erased=_found(erased))
    session.add(line)
    return line


def _found(erased: Erased) -> Erased:
    return {table: count for table, count in erased.items() if count}
