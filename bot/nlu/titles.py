"""The titles of our own buttons, typed by hand. Independent of Rasa."""

from collections.abc import Callable

from bot.replies.catalogue import MEANT, catalogues
from bot.words.text import fold, plain_words

LONG = 8  # letters of a title that one typo leaves unambiguous


class Titles:
    """Finds the intent of a text that is a button's title, ignoring case, diacritics and punctuation."""

    def __init__(self, mended: Callable[[str], str] = str) -> None:
        """
        Args:
            mended: spell-corrects a text, so that typos still match the title.
        """
        self._mended = mended
        titles = [(title, key) for texts in catalogues().values() for key, title in texts.titles.items()]
        self._intents = {self._seen(title): MEANT.get(key, key) for title, key in titles}
        self._written = {plain_words(title): MEANT.get(key, key) for title, key in titles}

    def intent(self, text: str) -> str | None:
        """The intent whose button has this title, with at most one typo; None where it is no title."""
        seen = self._seen(text)
        if seen in self._intents:
            return self._intents[seen]
        # Correction and folding may have turned a typo into another word, so the text is also compared as written.
        written = plain_words(text)
        near = {intent for title, intent in self._intents.items() if len(title) >= LONG and is_one_slip(seen, title)}
        near |= {
            intent for title, intent in self._written.items() if len(title) >= LONG and is_one_slip(written, title)
        }
        return near.pop() if len(near) == 1 else None

    def _seen(self, text: str) -> str:
        return fold(self._mended(text))


def is_one_slip(one: str, other: str) -> bool:
    """Whether two texts are one edit apart (Damerau-Levenshtein): a letter omitted, added, replaced or transposed."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    left, right = one[start:], other[start:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]
