"""Customers of the website who are signed in there: their accounts are open in the conversation without a code."""

from bot.accounts.setup import account_source, sign_in
from bot.accounts.sign_in import SignInRefused
from bot.accounts.verification import Verification
from bot.storage.engine import session_scope


def open_accounts(token: str, conversation_id: str) -> int:
    """Open the accounts of the customer whom a token names; gives back how many there are.

    Raises:
        SignInRefused: the token proves nothing, or this installation takes none.
        SourceUnavailable: the billing system does not answer.
    """
    known = sign_in()
    if known is None:
        raise SignInRefused("This assistant takes no sign-in of the website.")
    supplies = account_source().supplies(known.customer(token))
    with session_scope() as session:
        verification = Verification(session)
        verification.close(conversation_id)  # of whoever was signed in before
        for supply in supplies:
            verification.open(supply.contract_number, conversation_id)
    return len(supplies)
