"""Names recognised by their shape: a given name with a surname, capitalised words alone, words next to a title."""

import re
from collections.abc import Iterator

from bot.privacy import name_words
from bot.privacy.address_parts import streets
from bot.privacy.everyday import is_everyday
from bot.privacy.normalised_text import MASK, bare
from bot.privacy.spacy_words import WordDocument

QUOTED = frozenset('"“”„«»')
_COMPANY = {"sia", "as", "ik", "zs", "elektrum", "ltd", "sv", "st"}
LONGEST = 3  # words of a name
_LONGEST_SHOUTED = 2
_BETWEEN = re.compile(r" {1,2}|[-'’]")
_AFTER_INITIAL = re.compile(r"\. ?")
_OF_A_STREET = re.compile(r" ?\d")
_SURNAME_SHAPES = ("surnames", "surname_endings", "surnames_listed")
_ABOUT_NAMES = re.compile(r"uzvard\w*|surname\w*|maiden|pavarde")
_ABOUT = 6  # words before a surname in which a word can say that it is one
_SHORTEST_SURNAME = 5  # letters
_BEHIND_DATA = re.compile(rf"{MASK}(?:, | ?/ ?)\Z")
_BEFORE_DATA = re.compile(rf"(?:, | ?/ ?){MASK}")
_WITHIN = re.compile(r"[:,(]")  # before a phrase within a sentence
Span = tuple[int, int]  # first token, the token after the last


class ShapedNames:
    """Words to search for names."""

    def __init__(self, words: WordDocument) -> None:
        self._words, self._doc = words, words.doc
        self._shouted = words.text.isupper()

    def found(self) -> Iterator[Span]:
        """Every such name, in no order; they may overlap."""
        yield from self._with_given_names()
        yield from self._alone()
        yield from self._beside_titles()
        yield from self._surnames()
        yield from self._in_small_letters()

    def _with_given_names(self) -> Iterator[Span]:
        """A capitalised given name and surname anywhere, except in street names; "Anna speaking"."""
        place = 0
        for token in self._words.capitals:
            if token < place or not name_words.is_nothing_but_a_name(self._words.norms[token]):
                continue
            end = self._rest_of_name(token)
            more = end > token + 1 and not self._is_street(end)
            if more or (end == token + 1 and (self._is_speaking(token) or self._is_somebody(token))):
                yield token, end
            place = max(end, token + 1)

    def _is_somebody(self, token: int) -> bool:
        """Whether a given name means a person, and not a street, a church or a shop of that name."""
        start, end = self._words.start(token), self._words.end(token)
        quoted = self._words.text[max(0, start - 1) : start] in QUOTED or self._words.text[end : end + 1] in QUOTED
        after = self._words.norms[token + 1] if token + 1 < len(self._doc) else ""
        thing = name_words.expression("named_after").fullmatch(after) is not None and self.is_joined(token + 1)
        before = self._words.norms[token - 1] if token and self.is_joined(token) else ""
        lower = self._doc[token].lower_
        elsewhere = lower.endswith(name_words.LOCATIVE) or re.fullmatch(name_words.words()["never"], lower)
        return not (elsewhere or self._shouted or quoted or thing or self._is_street(token + 1) or before in _COMPANY)

    def closes(self, token: int) -> bool:
        """Whether a name would end with this word: punctuation, a number, or a word that is not part of it follows."""
        after = token + 1
        if after >= len(self._doc) or not self.is_joined(after):
            return True
        norm = self._words.norms[after]
        return not norm.isalpha() or norm in name_words.ordinary() or is_everyday(norm)

    def _surnames(self) -> Iterator[Span]:
        """Capitalised words within a sentence, or alone next to personal data, with the ending of a surname."""
        if self._shouted:
            return
        for token in self._words.capitals:
            norm = self._words.norms[token]
            about = any(map(_ABOUT_NAMES.fullmatch, self._words.norms[max(0, token - _ABOUT) : token]))
            shaped = name_words.is_surname(norm) or (about and self._is_changed_name(norm))
            if not shaped or self._is_street(token + 1) or not self._is_name(token, rest=True):
                continue
            initial = token > 0 and len(self._doc[token - 1]) == 1 and self._is_initial(token - 1)
            within = token > 0 and self.is_joined(token) and self._words.norms[token - 1].isalpha()
            place = token > 0 and name_words.expression("surname_no").fullmatch(self._words.norms[token - 1])
            thing = token + 1 < len(self._doc) and name_words.expression("named_after").fullmatch(
                self._words.norms[token + 1]
            )
            if initial:
                yield token - 1, token + 1
            elif (within and (about or not place) and not thing and self._is_small(token - 1)) or (
                self._is_personal(token, token + 1) and not thing
            ):
                yield token, token + 1

    def _in_small_letters(self) -> Iterator[Span]:
        """A given name and a surname in lower case: "jānis bērziņš zvanīja"."""
        for token in range(len(self._doc) - 1):
            if not self._is_small(token) or not name_words.is_nothing_but_a_name(self._words.norms[token]):
                continue
            begins = token == 0 or not self.is_joined(token)
            if begins and self._is_speaking(token):
                yield token, token + 1
            if not (self._is_small(token + 1) and self.is_joined(token + 1)) or self._is_street(token + 2):
                continue
            norm = self._words.norms[token + 1]
            surname = name_words.expression("surname_endings").fullmatch(norm) or self.closes(token + 1)
            begins = token == 0 or not self.is_joined(token)
            ends = name_words.expression("surname_endings").fullmatch(norm) is not None
            if name_words.may_be_surname(norm) and surname and (ends or begins):
                yield token, token + 2

    def _is_changed_name(self, norm: str) -> bool:
        """Whether a word may be a surname in a message about a change of surname: "uzvārdu no Bērziņa uz Kalniņa"."""
        return name_words.may_be_surname(norm) and name_words.expression("surname_endings").fullmatch(norm) is not None

    def _is_small(self, token: int) -> bool:
        return bool(self._doc[token].text[0].islower())

    def _is_initial(self, token: int) -> bool:
        return self._doc[token].text.isupper() and self._words.text[self._words.end(token) :][:1] == "."

    def _alone(self) -> Iterator[Span]:
        """Two or three capitalised words, or a given name, with punctuation or an end of the text on both sides."""
        for first in self._words.capitals:
            if first and self.is_joined(first):
                continue
            after = first + 1
            while after < len(self._doc) and after <= first + LONGEST and self.is_joined(after):
                after += 1
            if after - first <= LONGEST and self._may_be_alone(first, after):
                yield first, after

    def _beside_titles(self) -> Iterator[Span]:
        """Names with a title: "Bērziņa kungs", "Mr Smith"."""
        behind, before = (name_words.expression("titles", place) for place in ("behind", "before"))
        for token, norm in enumerate(self._words.norms):
            if behind.fullmatch(norm) or (norm == "k" and self._is_short_title(token)):
                first = token
                while first > max(0, token - 2) and self._is_name(first - 1) and self.is_joined(first):
                    first -= 1
                if first < token:
                    yield first, token
            elif before.fullmatch(norm) and self._doc[token].text[0].isupper():
                end = token + 1
                while end < min(len(self._doc), token + 3) and self._is_name(end) and self._after_title(end):
                    end += 1
                if end > token + 1:
                    yield token + 1, end

    def _is_short_title(self, token: int) -> bool:
        """Whether this is the first of the two tokens of "k-gs" or "k-dze"."""
        after = self._words.text[self._words.start(token) :][:5].lower()
        return after.startswith(("k-gs", "k-dze", "k-gam"))

    def _rest_of_name(self, token: int) -> int:
        """The token after a name that starts with a given name."""
        end = token + 1
        longest = token + (_LONGEST_SHOUTED if self._shouted else LONGEST)
        if not self._is_name(token):
            return token
        while end < min(len(self._doc), longest) and self._is_name(end, rest=True) and self.is_joined(end):
            end += 1
        return end

    def _is_speaking(self, given: int) -> bool:
        """Whether a given name is followed by "speaking" or a second one: "Anna speaking", "Anna un Ivo"."""
        before = self._words.norms[max(0, given - 2) : given]
        if len(before) == 2 and before[1] in {"and", "un"} and name_words.is_called(before[0]):
            return self.is_joined(given)
        after = given + 1
        if after >= len(self._doc) or not self.is_joined(after) or not name_words.is_called(self._words.norms[given]):
            return False
        if self._words.norms[after] in {"and", "un"}:
            return after + 1 < len(self._doc) and name_words.is_nothing_but_a_name(self._words.norms[after + 1])
        return name_words.expression("speaks").fullmatch(self._words.norms[after]) is not None

    def is_joined(self, token: int) -> bool:
        """Whether a word is joined to the one before it as the words of a name are."""
        between = self._words.between(token)
        initial = len(self._doc[token - 1]) == 1
        return bool(_BETWEEN.fullmatch(between) or (initial and _AFTER_INITIAL.fullmatch(between)))

    def _may_be_alone(self, first: int, after: int) -> bool:
        norms = [token.norm_ for token in self._doc[first:after]]
        if self._shouted or not all(self._is_name(token, rest=token > first) for token in range(first, after)):
            return False
        if len(norms) == 1:
            return (name_words.is_called(norms[0]) or self._is_listed_with_data(first)) and self._is_somebody(first)
        words = self._doc[first:after]
        acronym = any(word.text.isupper() and len(word) > 1 for word in words)
        certain = any(map(name_words.is_given_name, norms)) or self._is_personal(first, after)
        certain = certain or (first > 0 and _WITHIN.search(self._words.between(first)) is not None)
        surname = name_words.expression("surname_endings").fullmatch(norms[-1]) is not None
        states = any(map(name_words.is_state, norms))
        return (certain or surname) and not (acronym or states or self._is_street(after))

    def _is_listed_with_data(self, token: int) -> bool:
        """Whether a word may be a surname listed with a number: "[contract], Purvgale", "Purvgale / [phone]"."""
        word, norm = self._doc[token], self._words.norms[token]
        start, end = self._words.start(token), self._words.end(token)
        listed = _BEHIND_DATA.search(self._words.text[max(0, start - 4) : start])
        listed = listed or _BEFORE_DATA.match(self._words.text, end)
        looks = len(norm) >= _SHORTEST_SURNAME and norm.endswith(("s", "a", "e", "o")) and not word.text.isupper()
        shaped = any(name_words.expression(key).fullmatch(norm) for key in _SURNAME_SHAPES)
        return bool(listed is not None and looks and shaped) and name_words.may_be_surname(norm)

    def _is_personal(self, first: int, after: int) -> bool:
        """Whether redacted personal data is next to these words."""
        start, end = self._words.start(first), self._words.end(after - 1)
        around = self._words.text[max(0, start - 3) : start] + self._words.text[end : end + 3]
        return MASK in around

    def _is_street(self, after: int) -> bool:
        """Whether a word for a street or a house number follows these words."""
        behind = self._words.text[self._words.end(after - 1) :][:20]
        plain = bare(behind).lstrip()
        return _OF_A_STREET.match(behind) is not None or streets("after_name").match(plain) is not None

    def _is_name(self, token: int, *, rest: bool = False) -> bool:
        """Whether a capitalised word can be a name.

        Args:
            rest: whether it follows another word of the name.
        """
        word, norm = self._doc[token], self._doc[token].norm_
        if not word.text[0].isupper() or not norm.isalpha() or self._words.is_masked(token, token + 1):
            return False
        if name_words.is_given_name(norm) and norm not in name_words.ordinary():
            return True
        if len(word) == 1:
            return rest or self._words.text[self._words.end(token) :][:1] == "."
        if self._shouted and (not rest or name_words.is_state(norm)):
            return False
        return norm not in name_words.ordinary() and not name_words.is_elsewhere(word.lower_, norm)

    def _after_title(self, token: int) -> bool:
        return self.is_joined(token) or _AFTER_INITIAL.fullmatch(self._words.between(token)) is not None
