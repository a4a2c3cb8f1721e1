"""Redacts personal data in a call's turns, also where it is split over several of them.

A number is read out in parts, while the other speaker says "jā"; it is asked for in one turn and given in the next. So
turns that belong together are searched together, and the finding is removed from each of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.calls.call_turns import CallTurn
from bot.calls.heard_details import details
from bot.calls.heard_names import CallNames
from bot.privacy import find
from bot.privacy.normalised_text import Finding, replaced, united
from bot.settings import LANGUAGES
from bot.words.kinds_of_number import CODE_DIGITS
from bot.words.lexicon import lexicon
from bot.words.spoken_digits import numbers_in
from bot.words.text import fold

_OTHERS_SAY = 12  # words of the others at most, after which a speaker may continue a number
_AROUND = 4  # turns on each side that are the context of an alternative
_NUMBERS = frozenset(["card", "code", "contract", "eic", "iban", "number", "personal code", "phone"])
_END = re.compile(r"[\s.,;:!?…–—-]+$")
_BEGIN = re.compile(r"^[\s.,;:!?…–—-]+")
_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
_LAST_DIGITS, _FIRST_DIGITS = re.compile(r"\d+$"), re.compile(r"\d+")


def redacted(turns: Sequence[CallTurn]) -> tuple[list[str], list[list[str]]]:
    """(texts, alternatives) of consecutive turns, without personal data."""
    names = CallNames(turns)
    texts = _without(turns, [turn.text for turn in turns], names)
    alternatives = [
        [_alternative(turns, n, other, names) for other in turn.alternatives] for n, turn in enumerate(turns)
    ]
    return texts, alternatives


def _alternative(turns: Sequence[CallTurn], n: int, text: str, names: CallNames) -> str:
    first = max(0, n - _AROUND)
    around = turns[first : n + _AROUND + 1] if _has_number(text) else turns[n : n + 1]
    place = n - first if _has_number(text) else 0
    return _without(around, [text if k == place else turn.text for k, turn in enumerate(around)], names)[place]


def _without(turns: Sequence[CallTurn], texts: list[str], names: CallNames) -> list[str]:
    # Removing one finding may reveal another.
    while found := _found(turns, texts, names):
        for n, findings in found.items():
            texts[n] = replaced(texts[n], united(findings))
    return texts


def _found(turns: Sequence[CallTurn], texts: list[str], names: CallNames) -> dict[int, list[Finding]]:
    found: dict[int, list[Finding]] = defaultdict(list)
    for n, text in enumerate(texts):
        found[n] += find(text, addresses=True)
    for n, findings in (*names.found(turns, texts).items(), *details(turns, texts).items()):
        found[n] += findings
    for chain in _chains_of_speakers(turns, texts):
        _find_together(chain, texts, found)
    _find_together([n for n, text in enumerate(texts) if not _is_interjection(text)], texts, found, kinds=_NUMBERS)
    return {n: findings for n, findings in found.items() if findings}


def _chains_of_speakers(turns: Sequence[CallTurn], texts: list[str]) -> Iterator[list[int]]:
    """The turns of each speaker, split where others say too much in between."""
    for speaker in dict.fromkeys(turn.speaker for turn in turns):
        chain: list[int] = []
        others = 0
        for n, turn in enumerate(turns):
            if turn.speaker != speaker:
                others += len(texts[n].split())
                continue
            if others > _OTHERS_SAY:
                yield chain
                chain = []
            chain.append(n)
            others = 0
        yield chain


def _find_together(
    chain: list[int], texts: list[str], found: dict[int, list[Finding]], kinds: frozenset[str] | None = None
) -> None:
    for part in _parts(chain, texts):
        joined, places = _joined([(n, texts[n]) for n in part])
        for kind, start, end in find(joined, addresses=True):
            spans: dict[int, list[int]] = defaultdict(list)
            for place in places[start:end]:
                if place:
                    spans[place[0]].append(place[1])
            if kinds is None or kind in kinds:
                for n, where in spans.items():
                    found[n].append(Finding(kind, where[0], where[-1] + 1))


def _parts(chain: list[int], texts: list[str]) -> Iterator[list[int]]:
    """Adjacent turns of a chain in which one has a number or announces a name; the others need no search."""
    wanted = {k for k, n in enumerate(chain) if _has_number(texts[n]) or _announces_name(texts[n])}
    near = sorted({k + step for k in wanted for step in (-1, 0, 1)} & set(range(len(chain))))
    part: list[int] = []
    for k in near:
        if part and k - 1 not in near:
            yield part
            part = []
        part.append(chain[k])
    if part:
        yield part


def _joined(pieces: list[tuple[int, str]]) -> tuple[str, list[tuple[int, int] | None]]:
    """(one text, the turn and offset of each of its characters), without separators between parts of a number."""
    text = ""
    places: list[tuple[int, int] | None] = []
    for k, (n, piece) in enumerate(pieces):
        start = _begin(piece) if k else 0
        end = len(_END.sub("", piece)) if k < len(pieces) - 1 else len(piece)
        if start < end:
            gap = " " if text and not _are_one_code(text, piece[start:end]) else ""
            text += gap + piece[start:end]
            places += [None] * len(gap) + [(n, place) for place in range(start, end)]
    return text, places


def _are_one_code(before: str, after: str) -> bool:
    """Whether the digits on both sides are one code, however it was split (bot.privacy expects equal groups)."""
    ends, begins = _LAST_DIGITS.search(before), _FIRST_DIGITS.match(after)
    return ends is not None and begins is not None and len(ends.group() + begins.group()) == CODE_DIGITS


def _begin(piece: str) -> int:
    """The offset after a turn's leading punctuation and interjections."""
    signs = _BEGIN.match(piece)
    place = signs.end() if signs else 0
    while (word := _WORD.match(piece, place)) and fold(word.group()) in _interjections():
        following = _BEGIN.match(piece[word.end() :])
        place = word.end() + (following.end() if following else 0)
    return place


@lru_cache(maxsize=20_000)
def _has_number(text: str) -> bool:
    return _DIGIT.search(text) is not None or bool(numbers_in(text, LANGUAGES[0]))


def _announces_name(text: str) -> bool:
    said = fold(text)
    return any(said.endswith(phrase) for phrase in _announcements())


def _is_interjection(text: str) -> bool:
    words = fold(text).split()
    return all(word in _interjections() for word in words)


@lru_cache(maxsize=1)
def _interjections() -> frozenset[str]:
    words = lexicon("calls")
    return frozenset(fold(word) for word in [*words["interjections"], *words["fillers"]])


@lru_cache(maxsize=1)
def _announcements() -> tuple[str, ...]:
    """Phrases at the end of a turn that announce a name, such as "mani sauc"."""
    phrases = lexicon("privacy")["name_certain"]
    return tuple(
        " ".join(fold(word) for word in phrase) for phrase in phrases if not any("(" in word for word in phrase)
    )
