"""Stripping greeting, thanks and goodbye from a message, and when the rest decides its intent. Independent of Rasa."""

import re
from collections.abc import Callable
from functools import lru_cache

from bot.domain_names import Intent
from bot.nlu.two_questions import is_subordinate
from bot.parse_result import Guess
from bot.words.lexicon import lexicon
from bot.words.text import fold

POLITE = frozenset({Intent.GREET, Intent.THANK, Intent.GOODBYE})
# Intents that steer the conversation and have no topic.
DIALOGUE = POLITE | {
    Intent.AFFIRM,
    Intent.DENY,
    Intent.UNSURE,
    Intent.HELP,
    Intent.REPEAT,
    Intent.BOT_CHALLENGE,
    Intent.INFORM,
    Intent.OUT_OF_SCOPE,
}
KNOWN = 0.35  # share of the rest's words that its intent must know
LIKELY, SURE, CERTAIN = 0.5, 0.85, 0.97  # confidence
SHORTEST = 2  # words; a single one after "good evening" is mostly the person greeted
_WORD = re.compile(r"\w+(?:['’]\w+)*")
Phrase = tuple[str, ...]
Span = tuple[int, int]  # start and end, as character offsets


def matter(text: str, mended: Callable[[str], str] = str) -> Span | None:
    """The span of a message without greeting, thanks and goodbye.

    Phrases of `data/lexicon/politeness.yml` are stripped from both ends, with or without punctuation between them.

    Args:
        mended: spell-corrects a word.

    Returns:
        The span that is left; None where neither end is polite, or nothing else is left.
    """
    found = list(_WORD.finditer(text))
    words = [_word(mended(word.group())) for word in found]
    ahead, polite_ahead = _taken_off(words)
    behind, polite_behind = _taken_off(words[ahead:][::-1], backwards=True)
    if not (polite_ahead or polite_behind):
        return None
    first, last = (ahead if polite_ahead else 0), (len(words) - behind if polite_behind else len(words))
    if first >= last:
        return None
    end = len(text)
    if polite_behind:
        after = found[last - 1].end()
        end = after + len(text[after:]) - len(text[after:].lstrip("?!."))  # the question mark is part of the matter
    span = found[first].start(), end
    # In "Thank you that …", "paldies, ka …" the rest is the reason for the thanks.
    rest = text[slice(*span)]
    return None if is_subordinate(rest) and not rest.endswith("?") else span


def is_farewell(text: str, mended: Callable[[str], str] = str) -> bool:
    """Whether a message consists of polite phrases alone, and one of them says goodbye: "paldies, uz redzi"."""
    words = [_word(mended(word.group())) for word in _WORD.finditer(text)]
    taken, _ = _taken_off(words)
    if not words or taken < len(words) or text.rstrip().endswith("?"):
        return False
    return any(tuple(words[start:end]) in _goodbyes() for start in range(taken) for end in range(start + 1, taken + 1))


@lru_cache(maxsize=1)
def _goodbyes() -> frozenset[Phrase]:
    """The phrases that say goodbye and nothing else (a Latvian "čau" also greets)."""
    phrases = {
        kind: {tuple(map(_word, str(phrase).split())) for phrases in by_language.values() for phrase in phrases}
        for kind, by_language in lexicon("politeness").items()
    }
    return frozenset(phrases["goodbyes"] - phrases["greetings"])


def _word(word: str) -> str:
    """A word normalised for comparison: "that's" and "thats" are equal."""
    return fold(word).replace(" ", "")


def _taken_off(words: list[str], *, backwards: bool = False) -> tuple[int, bool]:
    """How many words to strip from the front, and whether any is polite; fillers alone stay."""
    place = polite = 0
    while place < len(words):
        length, is_polite = _longest(words[place:], backwards)
        if not length:
            break
        place += length
        if is_polite:
            polite = place
    # Fillers between the polite phrase and the matter are stripped too; after the matter they may belong to it.
    return (polite if backwards or not polite else place), polite > 0


def _longest(words: list[str], backwards: bool) -> tuple[int, bool]:
    """The length in words of the longest phrase at the start, and whether it is more than a filler."""
    phrases, most = _phrases(backwards)
    for length in range(min(most, len(words)), 0, -1):
        known = phrases.get(tuple(words[:length]))
        if known is not None:
            return length, known
    return 0, False


@lru_cache(maxsize=2)
def _phrases(backwards: bool) -> tuple[dict[Phrase, bool], int]:
    """All phrases, each with whether it is more than a filler, and the length in words of the longest."""
    found: dict[Phrase, bool] = {}
    for kind, by_language in lexicon("politeness").items():
        for phrase in (phrase for phrases in by_language.values() for phrase in phrases):
            words = tuple(map(_word, str(phrase).split()))
            words = words[::-1] if backwards else words
            found[words] = found.get(words, False) or kind != "fillers"
    return found, max(map(len, found))


def gives_way(whole: Guess) -> bool:
    """Whether polite phrases may have misled the guess for the whole message."""
    return whole.intent in POLITE or whole.confidence < LIKELY or whole.intent == Intent.OUT_OF_SCOPE


def takes_over(whole: Guess, rest: Guess, known: float, words: int) -> bool:
    """Whether the rest of a message, without polite phrases, decides its intent.

    Args:
        whole, rest: the guesses for the whole message and for the rest.
        known: the share of the rest's words that its intent knows (`Familiarity.share`).
        words: the number of words in the rest.
    """
    if whole.intent == rest.intent or known < KNOWN or (words < SHORTEST and rest.confidence < CERTAIN):
        return False
    if rest.intent == Intent.GOODBYE:  # thanks, and goodbye: the customer leaves
        return whole.intent in POLITE and rest.confidence >= SURE
    if rest.intent in DIALOGUE:
        return False
    if whole.intent in POLITE:
        return rest.confidence >= (SURE if whole.confidence >= SURE else LIKELY)
    # After a greeting, a short question as a whole may resemble nothing that we know.
    return gives_way(whole) and rest.confidence >= max(SURE, whole.confidence)
