"""Erasing what is kept of conversations: one of them, all of a customer's, or all that are old."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from bot.accounts.models import ExtensionRequest
from bot.accounts.verification import Verification, contract_hash
from bot.accounts.verification_models import AccountDialogue, OpenedAccount, VerificationCode
from bot.handoff.models import Handoff
from bot.privacy.models import PrivacyAudit
from bot.signing import key_for
from bot.storage.call_models import RecordedCall
from bot.storage.conversation_models import ConversationContract, ConversationEvent, WebTurn
from bot.storage.engine import take_your_time
from bot.storage.messenger_models import MessengerEvent, MessengerThread
from bot.storage.phone_models import PhoneCall, PhoneTurn

Erased = dict[str, int]  # rows by table
DIALOGUE_LIFE = timedelta(days=1)
MONTH = timedelta(days=31)  # at most; an instalment a month
REDELIVERY = timedelta(days=3)  # in which Messenger may deliver an event again, and it must be known
AT_ONCE = 500  # conversations in one statement; databases take only so many values
# By table, the column that says which conversation a row belongs to.
OF_CONVERSATION: dict[Any, Any] = {
    ConversationEvent: ConversationEvent.sender_id,
    Handoff: Handoff.conversation_id,
    VerificationCode: VerificationCode.conversation_id,
    OpenedAccount: OpenedAccount.conversation_id,
    AccountDialogue: AccountDialogue.conversation_id,
    ConversationContract: ConversationContract.conversation_id,
    WebTurn: WebTurn.conversation_id,
    MessengerThread: MessengerThread.conversation_id,
    PhoneCall: PhoneCall.conversation_id,
    PhoneTurn: PhoneTurn.conversation_id,
}


def forget_conversation(session: Session, conversation_id: str, operator: str) -> Erased:
    """Erase all that is kept of a conversation, and note that it was done; gives back how many rows of which table."""
    take_your_time(session)
    erased = _erase_conversations(session, [conversation_id])
    _note(session, "forget conversation", _subject(conversation_id), erased, operator)
    return erased


def forget_customer(session: Session, contract_numbers: Sequence[str], operator: str) -> Erased:
    """Erase every conversation in which one of a customer's contracts was opened, and the requests to pay later.

    Where a number was given but not proven, only the account dialogue holds it; that one goes too. The accounts
    themselves belong to billing and stay.
    """
    take_your_time(session)
    numbers = sorted(set(contract_numbers))
    hashes = [contract_hash(number) for number in numbers]
    linked = select(ConversationContract.conversation_id).where(ConversationContract.contract.in_(hashes))
    erased = _erase_conversations(session, session.execute(linked.distinct()).scalars().all())
    erased[AccountDialogue.__tablename__] += _erase(
        session, AccountDialogue, AccountDialogue.contract_number.in_(numbers)
    )
    requests = ExtensionRequest.contract_number.in_(numbers)
    erased[ExtensionRequest.__tablename__] = _erase(session, ExtensionRequest, requests)
    _note(session, "forget customer", _subject(*numbers), erased, operator)
    return erased


def purge(session: Session, before: datetime, age: str, operator: str, now: datetime | None = None) -> Erased:
    """Erase what is from before a moment, and what has no effect any more; gives back how many rows of which table.

    A conversation is as old as its latest event. A request to pay later stays until its day, or its last instalment,
    has passed.

    Args:
        before: with a time zone.
        age: how `before` was given, such as `30d`; it stands in the audit.
    """
    take_your_time(session)
    now = now or datetime.now(UTC)
    old = (
        select(ConversationEvent.sender_id)
        .group_by(ConversationEvent.sender_id)
        .having(func.max(ConversationEvent.timestamp) < before.timestamp())
    )
    erased = {
        ConversationEvent.__tablename__: _erase(session, ConversationEvent, ConversationEvent.sender_id.in_(old)),
        **{
            each.__tablename__: _erase(session, each, each.began_at < before)
            for each in (WebTurn, PhoneCall, PhoneTurn)
        },
        Handoff.__tablename__: _erase(session, Handoff, Handoff.created_at < before),
        ExtensionRequest.__tablename__: _erase_requests(session, before, now),
        AccountDialogue.__tablename__: _erase(
            session, AccountDialogue, AccountDialogue.updated_at < now - DIALOGUE_LIFE
        ),
        MessengerEvent.__tablename__: _erase(
            session, MessengerEvent, MessengerEvent.received_at < min(before, now - REDELIVERY)
        ),
    }
    erased[RecordedCall.__tablename__] = _erase(session, RecordedCall, RecordedCall.held_at < before)
    unheard = ~exists().where(MessengerEvent.person == MessengerThread.person)
    erased[MessengerThread.__tablename__] = _erase(session, MessengerThread, unheard, MessengerThread.heard_at < before)
    gone = ~exists().where(ConversationEvent.sender_id == ConversationContract.conversation_id)
    erased[ConversationContract.__tablename__] = _erase(
        session, ConversationContract, gone, ConversationContract.created_at < before
    )
    erased |= Verification(session, lambda: now).purge()
    _note(session, "purge", age, erased, operator)
    return erased


def _erase_conversations(session: Session, ids: Sequence[str]) -> Erased:
    # The ids and not a query that finds them: one that is linked meanwhile must not lose its link and nothing else.
    erased = dict.fromkeys((table.__tablename__ for table in (*OF_CONVERSATION, MessengerEvent)), 0)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        of_them = select(MessengerThread.person).where(MessengerThread.conversation_id.in_(some))
        erased[MessengerEvent.__tablename__] += _erase(session, MessengerEvent, MessengerEvent.person.in_(of_them))
        for table, column in OF_CONVERSATION.items():
            erased[table.__tablename__] += _erase(session, table, column.in_(some))
        # Where a turn was just being written, this waited for it, and sees only now what it wrote.
        erased[ConversationEvent.__tablename__] += _erase(
            session, ConversationEvent, ConversationEvent.sender_id.in_(some)
        )
    return erased


def _erase_requests(session: Session, before: datetime, now: datetime) -> int:
    old = ExtensionRequest.created_at < before
    passed = _erase(session, ExtensionRequest, old, ExtensionRequest.until < now.date())
    for parts in session.execute(select(ExtensionRequest.instalments).where(old).distinct()).scalars().all():
        if parts is not None:
            paid = ExtensionRequest.created_at < now - parts * MONTH
            passed += _erase(session, ExtensionRequest, old, ExtensionRequest.instalments == parts, paid)
    return passed


def _erase(session: Session, table: Any, *of_it: Any) -> int:
    erased = session.execute(delete(table).where(*of_it).execution_options(synchronize_session=False))
    return int(erased.rowcount)


def _subject(*parts: str) -> str:
    """What stands in the audit for whom it was about: enough to check a claim, not enough to find anybody."""
    return hmac.new(key_for("privacy"), "\0".join(parts).encode(errors="replace"), hashlib.sha256).hexdigest()


def _note(session: Session, action: str, subject: str, erased: Erased, operator: str) -> None:
    done = {table: count for table, count in erased.items() if count}
    session.add(PrivacyAudit(at=datetime.now(UTC), action=action, subject=subject, erased=done, operator=operator[:80]))
