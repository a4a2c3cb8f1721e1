"""Text normalised for redaction without moving a character, and the findings in it."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

KINDS = (
    *("address", "birth date", "card", "code", "contract", "document", "e-mail", "eic", "iban", "name", "number"),
    *("password", "personal code", "phone", "plate"),
)
MASK = "\0"  # replaces findings and parts that stay; no pattern matches it
_REPLACED = re.compile(rf"\[(?:{'|'.join(KINDS)})\]")


class Finding(NamedTuple):
    """A piece of personal data: its kind, and its start and end as character offsets."""

    kind: str
    start: int
    end: int


class _Characters(dict[int, int]):
    def __missing__(self, code: int) -> int:
        self[code] = ord(self._plain(chr(code)))
        return self[code]

    @staticmethod
    def _plain(character: str) -> str:
        category = unicodedata.category(character)
        if category == "Nd":
            return str(unicodedata.decimal(character))
        if category == "Pd" or character == "\N{MINUS SIGN}":
            return "-"
        # Spaces, invisible characters (zero-width spaces, soft hyphens), and the mask character itself.
        return " " if category in {"Zs", "Cf"} or character == MASK else character


class _Bare(dict[int, int]):
    def __missing__(self, code: int) -> int:
        self[code] = ord(unicodedata.normalize("NFD", chr(code).lower())[0])
        return self[code]


_CHARACTERS, _BARE = _Characters(), _Bare()


def behind(text: str, kind: str) -> list[int]:
    """The offsets after each already redacted item of a kind."""
    return [match.end() for match in _REPLACED.finditer(text) if match.group() == f"[{kind}]"]


def apart(findings: Iterable[Finding]) -> list[Finding]:
    """Findings without overlaps: the earliest start wins, then the longest, then the one given first."""
    found: list[Finding] = []
    for each in sorted(findings, key=lambda one: (one.start, -one.end)):
        if not found or each.start >= found[-1].end:
            found.append(each)
    return found


def plain(text: str) -> str:
    """The text, character for character, with digits, dashes and spaces normalised.

    Items that were redacted already are masked, so that nothing is found in them.
    """
    return _REPLACED.sub(lambda match: MASK * len(match.group()), text.translate(_CHARACTERS))


def bare(text: str) -> str:
    """The text, character for character, in lower case without diacritics."""
    return text.translate(_BARE)


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans masked; they must be in order and must not overlap."""
    return _with(text, ((start, end, MASK * (end - start)) for start, end in spans))


def replaced(text: str, findings: Iterable[Finding]) -> str:
    """The text with each finding replaced by its kind in brackets."""
    return _with(text, ((start, end, f"[{kind}]") for kind, start, end in sorted(findings, key=lambda one: one.start)))


def united(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with overlapping ones merged into one that covers them all, of the longest one's kind.

    Of two equally long ones, the later decides: it was found with more context.
    """
    found: list[Finding] = []
    longest = 0
    for each in sorted(findings, key=lambda one: (one.start, one.start - one.end)):
        if not found or each.start >= found[-1].end:
            found.append(each)
            longest = each.end - each.start
            continue
        kind = each.kind if each.end - each.start >= longest else found[-1].kind
        longest = max(longest, each.end - each.start)
        found[-1] = Finding(kind, found[-1].start, max(found[-1].end, each.end))
    return found


def _with(text: str, pieces: Iterable[tuple[int, int, str]]) -> str:
    parts, place = [], 0
    for start, end, piece in pieces:
        parts += [text[place:start], piece]
        place = end
    return "".join([*parts, text[place:]])
