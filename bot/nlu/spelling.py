"""Spelling correction: restores diacritics that a phone left out, and corrects typos.

Sentence vectors were learned from carefully written text and are much worse without. The vocabulary comes from the
dictionaries of pyspellchecker and from the training sentences; the latter weigh more, since customers mostly write
about the same things. Words are compared folded (`bot.words.text`), so that *reekjins* and *rekins* are one word.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import count
from pathlib import Path

from spellchecker import SpellChecker

from bot.settings import LANGUAGES
from bot.words.text import LONGEST_WORD, clean, fold, without_diacritics

PER = 10_000_000  # words; the unit of the dictionaries' frequencies
OWN_WEIGHT = 1000  # of each occurrence in the training sentences, in the same unit
OWN_TIMES = 3  # occurrences in the training sentences that make a word of one that no dictionary has
RARE = 0.01  # of the commonest spelling's frequency; a rarer spelling is corrected to that one
SHORTEST, LONGEST = 4, 30  # letters of a word whose typos are corrected; shorter ones are one typo from many words
MOST_MENDED = 100  # words of a text whose typos are corrected; the rest of a long text stays as it is
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

Spellings = Mapping[str, Mapping[str, int]]  # by folded word, the frequency of each spelling


@lru_cache(maxsize=1)
def dictionaries() -> Spellings:
    """The words of pyspellchecker's dictionaries; loading them takes seconds."""
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for language in LANGUAGES:
        words = SpellChecker(language=language).word_frequency
        for word, times in words.items():
            if per := round(times * PER / words.total_words):
                spellings[fold(word)][word] += per
    return spellings


class Spelling:
    """The vocabulary with its spellings, and the correction of texts."""

    def __init__(self, spellings: Spellings) -> None:
        self._spellings = spellings
        self._checker = SpellChecker(language=None, distance=1)
        # Typos are corrected only to words that customers use in the training data: other words would replace rarer
        # correct ones.
        times = {word: sum(forms.values()) for word, forms in spellings.items()}
        self._checker.word_frequency.load_json({word: count for word, count in times.items() if count >= OWN_WEIGHT})
        self._meant = lru_cache(maxsize=4096)(self._look_up)
        self._spelled = lru_cache(maxsize=4096)(self._look_up_spelling)

    @classmethod
    def learn(cls, texts: Iterable[str]) -> Spelling:
        """Learn the words of the dictionaries and of training sentences."""
        spellings = defaultdict(Counter, {word: Counter(forms) for word, forms in dictionaries().items()})
        written = {form for forms in dictionaries().values() for form in forms}
        seen = Counter(word for text in texts for word in _WORD.findall(clean(text).lower()))
        # Words with diacritics first: a word without is then recognised as another spelling of a known one.
        for word, times in sorted(seen.items(), key=lambda item: without_diacritics(item[0]) == item[0]):
            # A word that no dictionary has may itself be a typo, or lack its diacritics.
            if word in written or (
                times >= OWN_TIMES and (without_diacritics(word) != word or not spellings[fold(word)])
            ):
                spellings[fold(word)][word] += times * OWN_WEIGHT
        return cls({word: dict(forms) for word, forms in spellings.items() if word and forms})

    def mended(self, text: str) -> str:
        """The text in lower case with its words corrected; unknown words stay."""
        number = count()

        def meant(match: re.Match[str]) -> str:
            word = match.group()
            if len(word) > LONGEST_WORD:
                return word
            return self._meant(word) if next(number) < MOST_MENDED else self._spelled(word)

        return _WORD.sub(meant, clean(text).lower())

    def _look_up(self, word: str) -> str:
        """The corrected word, including typos."""
        folded = fold(word)
        if folded not in self._spellings and SHORTEST <= len(folded) <= LONGEST:
            candidates = self._checker.candidates(folded) or ()
            folded = max(candidates, key=lambda candidate: (self._checker[candidate], candidate), default=folded)
        return self._common(word, folded)

    def _look_up_spelling(self, word: str) -> str:
        """The word in its commonest spelling; without the slower search for typos."""
        return self._common(word, fold(word))

    def _common(self, word: str, folded: str) -> str:
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
