"""An address split over messages: the street, the house number, the flat, and what continues it."""

import re
from collections.abc import Iterator, Sequence

from bot.privacy import find
from bot.privacy.everyday import is_everyday
from bot.privacy.normalised_text import Finding
from bot.privacy.split_labels import word_in
from bot.words.text import fold

_HOUSE_NUMBER = re.compile(
    r"\W*(?:\d{1,4} ?[a-z]?(?:\W+\d{1,4} ?[a-z]?)?|[a-z][-. ]?\d{1,4}|[A-Z]{2}[- ]?\d{4})\W*", re.IGNORECASE
)
_NUMBER_AND_MORE = re.compile(r"\s*([a-z]?[-.]?\d{1,4}[a-z]?(?:[-/]\d{1,4})?)\s*,", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_SHORT = 4  # words of a message that continues an address
_STREET = re.compile(r"(?:[^\W\d_]+[ -]){0,2}[^\W\d_]{2,}(?:as|es|u|a|us|s)", re.IGNORECASE)  # in the genitive
_DONE = re.compile(r"\[address\]\W*$")
_KNOWN_FLAT = "1-1"  # added after a street name, which a house and a flat make recognisable


def goes_on_with_address(text: str, before: Sequence[str]) -> Finding | None:
    """The continuation of an address that one of the two messages before ended with or started, nearest first."""
    lately = [_DONE.search(said) is not None for said in before[:2]]
    if not any(lately):
        return None
    more = _NUMBER_AND_MORE.match(text)
    if more and lately[0] and _HOUSE_NUMBER.fullmatch(more[1]):
        floor = word_in("floor").search(fold(text))
        # A flat with its floor is redacted whole: "5, third floor".
        return _whole(text) if floor and len(text.split()) <= _SHORT else Finding("address", *more.span(1))
    parish = word_in("parish").search(fold(text)) is not None
    if len(text.split()) <= _SHORT and ((is_number(text) and lately[0]) or parish):
        return _whole(text)
    return None


def is_number(text: str) -> bool:
    """Whether a message is the number of a house or a flat: "12", "12-4", "k-9", "dzīvoklis 4"."""
    digits = any(map(str.isdigit, text))
    return digits and (_HOUSE_NUMBER.fullmatch(text) is not None or word_in("house").match(fold(text)) is not None)


def street_and_number(text: str, before: Sequence[str]) -> Iterator[tuple[int, Finding]]:
    """(message, finding) of a street and a house number; messages count back from the nearest, -1 is this one."""
    more = _NUMBER_AND_MORE.match(text)
    if not ((is_number(text) and len(text.split()) <= _SHORT) or more):
        return
    here = Finding("address", *more.span(1)) if more else _whole(text)
    street = before[0]
    # Tried with a house number that any street may have, to test whether this is a street.
    for joined in (f"{street.strip()} 1", f"1 {street.strip()}") if not more and _LETTERS.search(street) else ():
        for each in find(joined, addresses=True):
            if each.kind == "address":
                shift = 2 if joined.startswith("1 ") else 0
                lead = len(street) - len(street.lstrip())
                start, end = max(0, each.start - shift), min(each.end - shift, len(street.strip()))
                yield 0, Finding("address", start + lead, end + lead)
                yield -1, here
                return
    if _is_street(street, written=True) and not more:
        yield 0, _whole(street)
        yield -1, here
    elif len(before) > 1 and is_number(street) and _is_street(before[1], written=False):
        yield 1, _whole(before[1])
        yield 0, _whole(street)
        yield -1, here


def _is_street(text: str, *, written: bool) -> bool:
    """Whether a message is only a street name, without "iela".

    Args:
        written: whether it must be capitalised, since only one number indicates that it is a street.
    """
    said = text.strip(" .,;")
    if not _STREET.fullmatch(said) or (written and not said[0].isupper()) or any(map(is_everyday, said.split())):
        return False
    title = " ".join(word[0].upper() + word[1:] for word in said.split())
    return any(each.kind == "address" for each in find(f"{title} {_KNOWN_FLAT}", addresses=True))


def _whole(text: str) -> Finding:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip().rstrip(".,;!?"))
    return Finding("address", start, end)
