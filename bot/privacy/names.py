"""Names: how customers introduce themselves, names in forms, after "mans vīrs", and in a letter's signature.

`data/lexicon/names.yml` and `privacy.yml` decide which words are names (`bot.privacy.name_words`).
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.privacy import name_words
from bot.privacy.address_parts import UPPER
from bot.privacy.everyday import is_everyday
from bot.privacy.name_shapes import LONGEST, ShapedNames
from bot.privacy.normalised_text import Finding
from bot.privacy.spacy_words import WordDocument, patterns
from bot.words.lexicon import PhraseFinder, lexicon

CERTAIN, LIKELY, CLOSING, FIELD = "name_certain", "name_likely", "closing", "name_field"
RELATED, ASKED = "name_related", "name_asked"
_SURNAME = {"uzvards", "surname", "lastname", "familija"}
# After these, a capitalised word need not be a name: "Hi, Will you …".
_GREETINGS = {
    *("te", "seit", "es", "i", "you", "s", "its", "is", "ir", "name", "vards", "said", "told", "saka", "teica"),
    *("hey", "hi", "hello", "sveiki", "labdien", "cau", "thanks", "paldies", "dear"),
}
_LONGEST_IN_SMALL_LETTERS = 2  # words
_ON_ONE_LINE = re.compile(r"[ ]{0,2}[:(\"'„“”-]?[ ]{0,2}")
_BEFORE = {
    CERTAIN: re.compile(r"\s{0,2}[:(\"'„“”-]?\s{0,2}"),
    LIKELY: _ON_ONE_LINE,
    RELATED: re.compile(r"[ ]{1,2}[(\"'„“”]?|[,:!] ?"),
    ASKED: re.compile(r" {1,2}|/ ?"),
    CLOSING: re.compile(r"[\s,!.:-]{1,6}"),
    FIELD: re.compile(r"[ .)]{0,3}[:=–-][ ]{0,3}[\"'„“”]?"),
}
_HYPHEN = re.compile("[-'’]")  # words joined by it count as one
_BETWEEN = re.compile(r" {1,2}|[-'’]")
_AFTER_INITIAL = re.compile(r"\. ?")
_SPELLED = re.compile(rf"(?<![\w-])[{UPPER}](?:-[{UPPER}]){{3,20}}(?![\w-])")  # "B-Ē-R-Z-S"


@lru_cache(maxsize=1)
def _finder() -> PhraseFinder:
    return PhraseFinder({label: patterns(label) for label in (CERTAIN, LIKELY, CLOSING, FIELD, RELATED, ASKED)})


@lru_cache(maxsize=1)
def _titles() -> set[str]:
    return set(lexicon("privacy")["titles"])


def names(words: WordDocument) -> Iterator[Finding]:
    """One to three capitalised words after a phrase that announces a name; after an unmistakable one, lower case too.

    There at most two words count. Also a given name with a surname, and words next to a title ("Bērziņa kungs").
    """
    shapes = ShapedNames(words)
    spans = [*_Look(words, shapes).behind_phrases(), *shapes.found()]
    place = 0
    for first, after in sorted(spans, key=lambda span: (span[0], -span[1])):
        if first >= place:
            yield Finding("name", words.start(first), words.end(after - 1))
            place = after
    for spelled in _SPELLED.finditer(words.text):
        yield Finding("name", *spelled.span())


class _Look:
    """Words to search for names; a name is its first token and the token after its last."""

    def __init__(self, words: WordDocument, shapes: ShapedNames) -> None:
        self._words, self._doc, self._shapes = words, words.doc, shapes

    def behind_phrases(self) -> Iterator[tuple[int, int]]:
        """Names after phrases that announce them."""
        place = 0
        for label, first, after in self._words.phrases(_finder()):
            end = self._end(label, first, after)
            if end > after and first >= place:
                yield after, end
                place = end

    def _end(self, label: str, first: int, after: int) -> int:
        """The token after the name; the phrase's own end where none follows."""
        shouted = self._words.text[self._words.start(first) : self._words.end(after - 1)].isupper()
        token, number = after, 1  # number: which word of the name this is
        while token < len(self._doc) and number <= LONGEST and self._joined(label, after, token):
            if self._words.is_masked(token, token + 1) or not self._belongs(label, after, token, number, shouted):
                break
            token += 1
            number += token == len(self._doc) or _HYPHEN.fullmatch(self._words.between(token)) is None
        return token if self._is_enough(label, after, token) else after

    def _belongs(self, label: str, after: int, token: int, number: int, shouted: bool) -> bool:
        word, norm = self._doc[token], self._doc[token].norm_
        if not norm.isalpha():
            return False
        if len(word) == 1 and word.text.isupper() and self._words.text[self._words.end(token) :][:1] == ".":
            return True  # an initial
        capital = word.text[0].isupper() and not (shouted and word.is_upper)
        small = (
            not capital
            and number <= _LONGEST_IN_SMALL_LETTERS
            and len(norm) > 1
            and self._is_small(label, after, token)
        )
        ordinary = norm in name_words.ordinary() and not (capital and label == CERTAIN and token == after)  # "Will"
        if ordinary or not (capital or small):
            return False
        return label in {CERTAIN, CLOSING} or self._is_name_behind(label, token, first=token == after)

    def _is_name_behind(self, label: str, token: int, *, first: bool) -> bool:
        """Whether a word can be a name after a phrase that does not only announce names."""
        word, norm = self._doc[token], self._doc[token].norm_
        if label == ASKED and first:
            return name_words.is_name_if_asked(norm) or name_words.is_surname(norm)
        if name_words.is_elsewhere(word.lower_, norm) and not (label == FIELD and name_words.is_given_name(norm)):
            return False
        return not (first and name_words.is_state(norm))

    def _is_small(self, label: str, after: int, token: int) -> bool:
        """Whether a lower-case word can be a name after a phrase of this kind."""
        word = self._doc[token]
        if label == CERTAIN:
            infinitive = name_words.expression("small_endings").search(word.norm_)
            ends = infinitive is not None and infinitive.end() == len(word.norm_)
            return name_words.is_given_name(word.norm_) or not (ends or word.lower_.endswith(name_words.LOCATIVE))
        hyphened = token > after and _HYPHEN.fullmatch(self._words.between(token)) is not None
        if hyphened or name_words.is_nothing_but_a_name(word.norm_):
            return True
        behind_given = name_words.is_nothing_but_a_name(self._doc[token - 1].norm_)
        if token > after and behind_given and self._shapes.closes(token) and name_words.may_be_surname(word.norm_):
            return True
        if label in {FIELD, LIKELY, CLOSING}:
            asked = self._doc[after - 1].norm_ in _SURNAME and token == after
            given = asked and after > 1 and name_words.is_given_name(self._doc[after - 2].norm_)
            if given and name_words.may_be_surname(word.norm_):
                return True
            in_form = label == FIELD or ":" in self._words.between(after) or asked
            return (
                name_words.expression("surname_endings").fullmatch(word.norm_) is not None
                and (in_form or behind_given)
                and ((label == FIELD and behind_given) or not name_words.is_state(word.norm_))
                and not (asked and is_everyday(word.norm_))
            )
        return False

    def _is_enough(self, label: str, after: int, token: int) -> bool:
        """Whether the words found after a weak phrase are enough to be a name."""
        if token == after:
            return False
        norm = self._doc[after].norm_
        if label == RELATED and not name_words.is_nothing_but_a_name(norm):
            if self._is_relative(after) and name_words.is_name_if_asked(norm) and self._doc[after].text[0].isupper():
                return True
            states = any(name_words.is_state(word.norm_) for word in self._doc[after:token])
            return not states and token > after + 1
        return True

    def _is_relative(self, after: int) -> bool:
        """Whether the word before a name is a role, such as "sieva" and "operators", and not a greeting."""
        return self._doc[after - 1].norm_ not in _GREETINGS

    def _joined(self, label: str, after: int, token: int) -> bool:
        between = self._words.between(token)
        if token == after:
            named = label == FIELD and between == " " and name_words.is_nothing_but_a_name(self._doc[token].norm_)
            return named or _BEFORE[label].fullmatch(between) is not None
        initial = len(self._doc[token - 1]) == 1 or self._doc[token - 1].norm_ in _titles()
        return bool(_BETWEEN.fullmatch(between) or (initial and _AFTER_INITIAL.fullmatch(between)))
