"""Customers who are signed in on the website: their accounts open in the conversation without a code."""

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.accounts.opened import Opened, OpenedAccounts
from bot.accounts.setup import account_source, sign_in
from bot.accounts.sign_in import SignedToken, SignInRefused
from bot.accounts.verification_models import AccountDialogue, SignedInToken
from bot.keys.keyed_hashes import contract_hash, keyed_hash
from bot.storage.engine import inserting, session_scope, single_statements

MayMove = Callable[[Session, str], bool]


class AnotherCustomer(Exception):
    """Another customer's account was opened in this conversation, so it must not continue with this customer."""


def open_accounts(token: str, conversation_id: str, address: str, may_move: MayMove) -> bool:
    """Open the accounts of a token's customer; False where the billing system knows no such customer.

    A token is valid in one conversation (no replay): a stolen one has been used already, or comes from elsewhere.

    Args:
        address: the client's, as a keyed hash.
        may_move: whether a conversation, by its id, has ended or not begun, so that its token may sign in another one
            from the same address: the response was lost, or a new conversation was started.

    Raises:
        SignInRefused: the token is not valid here, or this installation accepts none.
        SourceUnavailable: the billing system does not answer.
        AnotherCustomer: another customer's account was opened in the conversation; its accounts are closed now.
    """
    known = sign_in()
    if known is None:
        raise SignInRefused("This assistant accepts no sign-in from the website.")
    read = known.read(token)
    supplies = account_source().supplies(read.customer)
    if supplies is None:
        return False
    numbers = [supply.contract_number for supply in supplies]
    with session_scope() as session:
        accounts = OpenedAccounts(session)
        others = accounts.ever_opened(conversation_id) - {contract_hash(number) for number in numbers}
        if not others:
            _bind(session, read, conversation_id, address, may_move)
        _close(session, accounts, conversation_id)  # of the customer who was signed in before
        for number in numbers if not others else ():
            accounts.open(number, conversation_id)
        if not numbers and not others:
            accounts.note_signed_in(conversation_id)
    if others:
        raise AnotherCustomer
    return True


def close_accounts(conversation_id: str) -> bool:
    """Close the open accounts of a conversation and delete its account dialogue; returns whether any was open."""
    with session_scope() as session:
        accounts = OpenedAccounts(session)
        was_open = bool(accounts.look(conversation_id).contracts) or accounts.is_signed_in(conversation_id)
        _close(session, accounts, conversation_id)
    return was_open


def _bind(session: Session, read: SignedToken, conversation_id: str, address: str, may_move: MayMove) -> None:
    """Bind a token to the conversation.

    Raises:
        SignInRefused: it belongs to another conversation.
    """
    token = keyed_hash("token", read.signed)
    row = {"token": token, "conversation_id": conversation_id, "address": address, "until": read.until}
    # Of two concurrent requests, the second waits here for the first.
    session.execute(inserting(session, SignedInToken).values(**row).on_conflict_do_nothing(index_elements=["token"]))
    bound = session.execute(select(SignedInToken).where(SignedInToken.token == token).with_for_update()).scalar_one()
    former = bound.conversation_id
    if former == conversation_id:
        return
    if bound.address != address or not may_move(session, former):
        raise SignInRefused("The token belongs to another conversation.")
    _close(session, OpenedAccounts(session), former)
    bound.conversation_id = conversation_id


def _close(session: Session, accounts: OpenedAccounts, conversation_id: str) -> None:
    accounts.close(conversation_id)
    # A signed-in customer is no longer asked for a number or a code.
    session.execute(delete(AccountDialogue).where(AccountDialogue.conversation_id == conversation_id))


def open_accounts_of(conversation_id: str) -> Opened:
    """The accounts that are open in a conversation now."""
    with single_statements() as session:
        return OpenedAccounts(session).look(conversation_id)
