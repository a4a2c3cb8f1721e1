"""Which facts a sentence of a release is most like, by the letters of its words: inflected forms stay alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from sklearn.feature_extraction.text import TfidfVectorizer

from bot.knowledge.models import Fact
from bot.settings import LANGUAGES
from bot.words.text import fold

LETTERS = (3, 5)  # of the stretches within words that are compared


@dataclass(frozen=True)
class NearFact:
    """A fact, and how like it a sentence is: from 0 to 1 (cosine of TF-IDF)."""

    fact: Fact
    likeness: float


class NearestFacts:
    """Compares sentences with the quotes of facts, which are in Latvian, and with what they say."""

    def __init__(self, facts: Sequence[Fact], language: str) -> None:
        said = [(fact, text) for fact in facts for text in _texts(fact, language)]
        self._facts = [fact for fact, _ in said]
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=LETTERS, sublinear_tf=True)
        self._known = self._vectorizer.fit_transform([fold(text) for _, text in said]) if said else None

    def of(self, sentence: str) -> list[NearFact]:
        """All facts, the most like first; of those that are as like, by id."""
        if self._known is None:
            return []
        found = (self._known @ self._vectorizer.transform([fold(sentence)]).T).toarray().ravel()
        best: dict[str, NearFact] = {}
        for fact, likeness in zip(self._facts, found, strict=True):
            if fact.id not in best or best[fact.id].likeness < likeness:
                best[fact.id] = NearFact(fact, float(likeness))
        return sorted(best.values(), key=lambda near: (-near.likeness, near.fact.id))


def _texts(fact: Fact, language: str) -> list[str]:
    quotes = (fact.quote or "").split("[…]") if language == LANGUAGES[0] else []
    return [text for text in (*quotes, fact.texts[language]) if text.strip()]
