"""Words as they were meant: diacritics that a phone left out, and slips of the keyboard.

Sentence vectors were learned from text written with care and are much worse without. What counts as a word is known
from the dictionaries of pyspellchecker and from the training sentences; the latter weigh more, since customers mostly
write about the same things. Words are compared folded (`bot.nlu.text`), so that *reekjins* and *rekins* are one word.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from spellchecker import SpellChecker

from bot.nlu.text import clean, fold, without_diacritics
from bot.settings import LANGUAGES

PER = 10_000_000  # words; frequencies of the dictionaries are counted in that many
OWN_WEIGHT = 1000  # of a word in the training sentences, in the same measure
OWN_TIMES = 3  # times that a word unknown to the dictionaries must stand in the training sentences to be one
RARE = 0.01  # of its commonest spelling: what is rarer is taken for that one
SHORTEST, LONGEST = 4, 30  # letters of a word whose slips are mended; shorter ones are one slip from many words
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

Spellings = Mapping[str, Mapping[str, int]]  # by folded word, how common each spelling is


@lru_cache(maxsize=1)
def dictionaries() -> Spellings:
    """The words of pyspellchecker's dictionaries; reading them takes seconds."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for language in LANGUAGES:
        words = SpellChecker(language=language).word_frequency
        for word, times in words.items():
            if per := round(times * PER / words.total_words):
                spellings[fold(word)][word] += per
    return spellings


class Spelling:
    """Which words there are, and how they are spelled."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._checker = SpellChecker(language=None, distance=1)
        # Slips are mended only towards words that customers were seen to use: others would be put in place of rarer
        # right ones.
        times = {word: sum(forms.values()) for word, forms in spellings.items()}
        self._checker.word_frequency.load_json({word: count for word, count in times.items() if count >= OWN_WEIGHT})
        self._meant = lru_cache(maxsize=4096)(self._look_up)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Spelling:
        """Words of the dictionaries and of training sentences."""
        spellings = defaultdict(Counter, {word: Counter(forms) for word, forms in dictionaries().items()})
        written = {form for forms in dictionaries().values() for form in forms}
        seen = Counter(word for text in texts for word in _WORD.findall(clean(text).lower()))
        # Words with diacritics first: a word without is another way to write one that is known by then.
        for word, times in sorted(seen.items(), key=lambda item: without_diacritics(item[0]) == item[0]):
            # What the dictionaries do not know may itself be a slip, or lack its diacritics.
            if word in written or (
                times >= OWN_TIMES and (without_diacritics(word) != word or not spellings[fold(word)])
            ):
                spellings[fold(word)][word] += times * OWN_WEIGHT
        return cls({word: dict(forms) for word, forms in spellings.items() if word and forms})

    def mended(self, text: str) -> str:
        """The text in lower case with its words as meant; what is no word stays."""
        return _WORD.sub(lambda match: self._meant(match.group()), clean(text).lower())

    def _look_up(self, word: str) -> str:
        folded = fold(word)
        if folded not in self._spellings and SHORTEST <= len(folded) <= LONGEST:
            candidates = self._checker.candidates(folded) or ()
            folded = max(candidates, key=lambda candidate: (self._checker[candidate], candidate), default=folded)
        forms = self._spellings.get(folded)
        if not forms:
            return word
        commonest = max(forms, key=lambda form: (forms[form], form))
        return word if forms.get(word, 0) >= RARE * forms[commonest] else commonest

    def save(self, path: Path) -> None:
        """Write the words."""
        content = json.dumps(self._spellings, ensure_ascii=False, sort_keys=True).encode()
        path.write_bytes(gzip.compress(content, mtime=0))

    @classmethod
    def load(cls, path: Path) -> Spelling:
        """Read what `save` wrote."""
        return cls(json.loads(gzip.decompress(path.read_bytes())))
