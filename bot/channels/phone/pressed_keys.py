"""What keys (DTMF) mean: a language, a person, or a number, which may come in pieces."""

from bot.accounts.waiting import Waiting
from bot.words.kinds_of_number import CODE_DIGITS, CONTRACT_DIGITS

PERSON_KEY = "0"
LANGUAGE_KEYS = {"8": "lv", "9": "en"}
END, ANEW = "#", "*"
# Numbers of digits that each may have.
LENGTHS = {Waiting.NUMBER: CONTRACT_DIGITS, Waiting.CODE: range(CODE_DIGITS, CODE_DIGITS + 1)}


def number_of(before: str, pressed: str, asked: Waiting | None) -> str | None:
    """The whole number keyed in, with the keys pressed before; None while more digits are to come.

    `*` starts it again. It is whole where `#` ends it, where it has the greatest length, or where a gateway that
    collects keys has waited and it is long enough. A gateway that sends each key on its own does not wait; and a
    caller who keys groups of one length, such as four and four, may have more to come.
    """
    if asked not in LENGTHS:
        return (before + pressed).partition(END)[0] or pressed
    entered = (before + pressed).rpartition(ANEW)[2]
    whole, end, _ = entered.partition(END)
    lengths = LENGTHS[asked]
    earlier = max(len(entered) - len(pressed), 0)
    in_even_pieces = earlier > 0 and earlier % len(pressed) == 0
    has_waited = len(pressed) > 1 and not in_even_pieces
    is_longest = len(whole) >= lengths.stop - 1
    is_whole = bool(end) or is_longest or (len(whole) >= lengths.start and has_waited)
    return (whole or pressed) if is_whole else None
