"""The sentences of a message, and which of them ask: the first cut of a message with several questions. No Rasa."""

import re
from dataclasses import dataclass

from bot.words.lexicon import lexicon
from bot.words.text import plain_words

MOST = 4  # questions of one message that are answered
MOST_SENTENCES = 8  # that are looked at; a longer message is a letter
SHORTEST = 2  # words, but for a question of one word
# A number in a list, at the start of a line or after a sentence: "1)", "2.", "a)", "(3)", "- ".
_NUMBERING = r"(?:\(?(?:[1-9]|[a-d])[).:]\s+|[-–•*]\s+)"
_END = re.compile(rf"(?:(?<=[?!;])|(?<=\w\w[.…]))[\s\"”)]+(?=\S)|\s*\n+\s*|\s+(?={_NUMBERING}\S)")
# A further question after a comma, without a question mark of its own: "do I lose power if …, and is there any help?".
_CLAUSE = re.compile(r",\s+(?=\S)|\s+(?=(?:and|un|or|plus)\s)", re.IGNORECASE)
_NUMBERED = re.compile(_NUMBERING)


@dataclass(frozen=True)
class Segment:
    """A sentence of a message: start and end as character offsets, and whether it has the form of a question."""

    start: int
    end: int
    is_question: bool = False


def sentences(text: str) -> list[str]:
    """The sentences of a text that has several, for looking at each; empty for a single one."""
    parts = _parts(text)
    return [text[one.start : one.end] for one in parts] if 1 < len(parts) <= MOST_SENTENCES else []


def only_question(text: str) -> Segment | None:
    """The sentence that asks, in a text of several of which just one does; else None."""
    parts = _parts(text)
    asking = [one for one in parts if one.is_question]
    return asking[0] if 1 < len(parts) <= MOST_SENTENCES and len(asking) == 1 else None


def segments(text: str) -> list[Segment]:
    """The sentences of a message, where two at least have the form of a question; else none."""
    parts = [part for sentence in _parts(text) for part in _clauses(text, sentence)]
    if len(parts) > MOST_SENTENCES or sum(one.is_question for one in parts) < 2:
        return []
    return parts


def _parts(text: str) -> list[Segment]:
    found, start = [], 0
    for joint in [*_END.finditer(text), None]:
        end = joint.start() if joint else len(text)
        found += _segment(text, start, end)
        start = joint.end() if joint else end
    return found


def _clauses(text: str, sentence: Segment) -> list[Segment]:
    """The questions of a sentence that asks several, each beginning with a word that asks; else the sentence."""
    said = text[sentence.start : sentence.end]
    if not sentence.is_question and not said.endswith((".", "!")) and len(said) < len(text):
        return [sentence]
    starts = [0, *(joint.end() for joint in _CLAUSE.finditer(said) if begins_question(said[joint.end() :]))]
    ends = [*starts[1:], len(said)]
    spans = [(start, end) for start, end in zip(starts, ends, strict=True) if len(said[start:end].split()) >= SHORTEST]
    asking = sum(begins_question(said[start:end].rpartition(":")[2]) for start, end in spans)
    if asking < 2 or len(spans) < 2:
        return [sentence]
    return [
        Segment(sentence.start + a, sentence.start + len(said[:b].rstrip(" ,;")), is_question=True) for a, b in spans
    ]


def begins_question(said: str) -> bool:
    """Whether a clause begins like a question, perhaps after "and"."""
    words = plain_words(said).split()
    joins, begins = (frozenset(lexicon("questions")[name]) for name in ("joining", "beginning"))
    place = next((place for place, word in enumerate(words) if word not in joins), 0)
    return bool(words) and words[place] in begins


def _segment(text: str, start: int, end: int) -> list[Segment]:
    number = _NUMBERED.match(text[start:end])
    begin = start + (number.end() if number else 0)
    said = text[begin:end].rstrip()
    is_question = bool(number) or said.endswith("?")
    if not said or (len(said.split()) < SHORTEST and not is_question):
        return []
    return [Segment(begin, begin + len(said), is_question)]
