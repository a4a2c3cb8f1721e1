"""Separators between the digit groups of one number: "9001-0000 033", "9, 0, 0, 1", "9001 ēē 0000"."""

import re
from functools import lru_cache
from itertools import pairwise

from bot.words.dates_in_figures import YEAR
from bot.words.lexicon import lexicon
from bot.words.text import fold_word

FILLER = str(lexicon("privacy")["filler"])  # a hesitation while the speaker looks for the next digits: "ēē"
# Between groups in a plain text (bot.privacy.normalised_text). After a dot or a slash the next group follows at once:
# with a space, it would start a new sentence.
SPACED = rf"(?:[ -]{{1,3}}|[ ,…]{{1,3}}(?i:{FILLER})[ ,.…]{{1,3}})"
APART = rf"(?:{SPACED}|[./])"
# Between the digits of one number. A comma needs a space after it, or single digits around it: "46,20" is an amount.
COMMA = r"(?:\s?[,;]\s{1,2}|(?<=\b\d),(?=\d\b))"
SEPARATED = rf"(?:[\s\u00a0.\-–—/]{{0,3}}|{COMMA})"
_YEAR = re.compile(YEAR)
_GROUP = re.compile("[0-9]+")
_WORD = re.compile(r"\s*([^\W\d_]+|[€%])")


def digits_of(written: str) -> str:
    """Only the digits of a number that is written in groups."""
    return "".join(filter(str.isdecimal, written))


def is_list(written: str, behind: str) -> bool:
    """Whether numbers separated by commas or full stops are a list: years, successive days, amounts.

    Args:
        written: the numbers in digits, as written in the text.
        behind: the text after them.
    """
    if not re.search("[,;.]", written):
        return False
    groups = _GROUP.findall(written)
    if all(_YEAR.fullmatch(group) for group in groups):
        return True
    pairs = {len(group) for group in groups} == {2}
    if pairs and all(int(after) == int(before) + 1 for before, after in pairwise(groups)):
        return True
    following = _WORD.match(behind)
    return "," in written and following is not None and bool(_counted().fullmatch(fold_word(following[1])))


@lru_cache(maxsize=1)
def _counted() -> re.Pattern[str]:
    """The pattern of a word after a number that makes it an amount or a day."""
    months = "|".join(lexicon("words")["months"].values())
    return re.compile(fold_word(f"{lexicon('privacy')['units']}|{months}"), re.IGNORECASE)
