"""Replies about an account are shown while that account is open in the conversation, and not an instant longer.

Long numbers that the visitor wrote, such as a contract number or a code, are never shown again.

Such a reply is stored with keyed hashes of the contracts that were open then ("accounts"). On a shared computer the
next person may still have the session, but sees neither the account nor the replies about it.
"""

import re
from typing import Final

from bot.accounts.opened import OPEN_FOR, Opened
from bot.channels.web.shown import ShownReply, TurnContent
from bot.words.kinds_of_number import LEAST_DIGITS

ACCOUNTS: Final = "accounts"  # key of a stored reply; clients never get it
CHOSE: Final = "chose"  # key of a turn in which the visitor chose one of several contracts by its button
HIDDEN = "••••"
# Matches a code, a contract number, a phone number or a personal code, also written in groups.
_LONG_NUMBER = re.compile(rf"\d(?:[\s().,/–-]{{0,3}}\d){{{LEAST_DIGITS - 1},}}")


def is_private(content: TurnContent) -> bool:
    """Whether a turn contains a reply about an account, or a long number."""
    says = CHOSE in content or bool(_LONG_NUMBER.search(content["said"]))
    return says or any(ACCOUNTS in reply for reply in content["replies"])


def as_seen(content: TurnContent, opened: Opened) -> TurnContent:
    """A turn as the history shows it later.

    Args:
        opened: the accounts that are open in its conversation now.
    """
    replies = [_seen(reply, opened) for reply in content["replies"]]
    return {**content, "said": _said(content, replies), "replies": replies}


def just_said(reply: ShownReply) -> ShownReply:
    """A reply at the moment when it is sent: the account has just been used."""
    return _shown(reply, int(OPEN_FOR.total_seconds())) if ACCOUNTS in reply else reply


def without_long_numbers(said: str) -> str:
    """What a visitor said, as it is shown later: anybody entitled to the numbers in it knows them."""
    return _LONG_NUMBER.sub(HIDDEN, said)


def _said(content: TurnContent, replies: list[ShownReply]) -> str:
    """What the visitor said, without long numbers: anybody entitled to them knows them.

    The title of a chosen contract is shown only beside a reply about it. Where its button was pressed too late, the
    account was closed, no reply tells anything of it, and the title is hidden.
    """
    is_shown = any("private_for" in reply for reply in replies) and not any("withheld" in reply for reply in replies)
    return HIDDEN if CHOSE in content and not is_shown else without_long_numbers(content["said"])


def _seen(reply: ShownReply, opened: Opened) -> ShownReply:
    if ACCOUNTS not in reply:
        return reply
    about = reply[ACCOUNTS]
    if about and opened.contracts.issuperset(about):
        return _shown(reply, max(1, int(opened.left.total_seconds())))
    return {**_without_accounts(reply), "text": "", "buttons": [], "sources": [], "withheld": True}


def _shown(reply: ShownReply, seconds: int) -> ShownReply:
    return {**_without_accounts(reply), "private_for": seconds}


def _without_accounts(reply: ShownReply) -> ShownReply:
    copy = reply.copy()
    copy.pop(ACCOUNTS, None)
    return copy
