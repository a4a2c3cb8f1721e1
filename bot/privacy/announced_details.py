"""Data that was announced, asked for, or named afterwards in another message: searched as if its label came first."""

import re

from bot.privacy import find, harmless_numbers
from bot.privacy.everyday import is_everyday
from bot.privacy.lone_names import names_of
from bot.privacy.normalised_text import Finding
from bot.privacy.split_labels import label_of
from bot.words.text import fold

_SHORT = 8  # words of a message that counts as the answer although its form does not show it
_SHORT_ADDRESS = 6
_LEAST = 3  # digits of a number that was announced
_NUMBER = re.compile(r"(?<![\w.,])(?:[A-Z]{1,2}[ -]?)?\d(?:[\d ./-]*\d)?(?!\w)")
_SOMETHING = re.compile(r"\w")
# One word as only passwords are written: letters with digits or punctuation among them.
_PASSWORD = re.compile(
    r"(?=\S*[^\W\d_])(?=\S*[\d_#$%!*&+=^~@?])(?!\S*(?:://|www\.|@\S+\.|\.[a-z]{2,4}$|%$|[!?]+$))\S{6,40}"
)
_LONGEST_PASSWORD = 40  # characters
_ONE_WORD = re.compile(r"\s*([^\s\[\]]{3,40})\s*")


def answer_of(kind: str, text: str) -> list[Finding]:
    """The data of a kind in a text.

    Args:
        kind: a key of `before_it` in the lexicon; "place" is an address that must have a number.
    """
    if not _may_answer(kind, text):
        return []
    label = f"{label_of(kind)} "
    found = [
        Finding(each.kind, max(each.start - len(label), 0), each.end - len(label))
        for each in find(label + text, addresses=True)
        if each.end > len(label)
    ]
    if kind == "password" and not looks_like_password(text) and not _is_unusual(text):
        return []
    if kind == "name":
        return names_of(text, sure=True) or [each for each in found if each.kind == "name"]
    if found:
        return found
    words = len(fold(text).split())
    if kind in {"address", "place"}:
        return _address(text, words)
    return _number(kind, text) if kind not in {"e-mail", "password", "expiry", "door code"} and words <= _SHORT else []


def _number(kind: str, text: str) -> list[Finding]:
    return [
        Finding(kind, *match.span())
        for match in _NUMBER.finditer(text)
        if sum(map(str.isdigit, match.group())) >= _LEAST
        and not harmless_numbers.known([re.sub(r"\D", "", match.group())])
    ]


def _may_answer(kind: str, text: str) -> bool:
    if not _SOMETHING.search(text) or text.rstrip().endswith("?"):
        return False
    if kind == "place":
        return any(map(str.isdigit, text))
    return kind != "password" or looks_like_password(text) or _is_unusual(text)


def looks_like_password(text: str) -> bool:
    """Whether a message is one word in the form of a password: "Plum_Jam_1974"."""
    said = text.strip()
    # Long texts are skipped: the regular expression scans the rest from each character (quadratic).
    return len(said) <= _LONGEST_PASSWORD and _PASSWORD.fullmatch(said) is not None


def _is_unusual(text: str) -> bool:
    """Whether a message is one word that is not everyday vocabulary, or a number."""
    word = _ONE_WORD.fullmatch(text)
    return word is not None and not is_everyday(word[1].strip(".,;!"))


def _address(text: str, words: int) -> list[Finding]:
    """A short message with a house number, or one that is written like the name of a house or place."""
    start, end = len(text) - len(text.lstrip()), len(text.rstrip().rstrip(".,;!"))
    first = text.lstrip()[:1]
    told = any(map(str.isdigit, text)) or first.isupper()
    most = _SHORT_ADDRESS if any(map(str.isdigit, text)) else 3
    return [Finding("address", start, end)] if told and words <= most and "[" not in text else []
