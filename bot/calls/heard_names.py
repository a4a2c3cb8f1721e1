"""Finds names in a call as a recogniser writes them, in lower case: agents' at the greeting, "Bērziņa kungs", "mrs
smith", answers to "kā jūs sauc"; and each known name wherever it occurs in the call, in every grammatical case.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.calls.call_turns import CallTurn, Role
from bot.calls.call_words import Word, is_one_of, is_unusual, may_be_name, starts_with, words_of
from bot.calls.heard_address import addressed, beside_surname, fond_of, introduces_here
from bot.calls.role_names import role_of_name
from bot.privacy.name_forms import is_form_of, is_given_name
from bot.privacy.normalised_text import Finding
from bot.privacy.split_labels import asked

_MOST = 3  # words at most of a name
_SHORT_ANSWER = 9  # words at most of an answer in which every uncommon word belongs to the name
_FEW = 4  # words at most of a turn in which a surname may come before the given name
_ROUNDS = 4  # of searching again with the names known so far
_SPELLED = re.compile(r"(?<![\w'’])[^\W\d_](?:[ ,.-]{1,2}[^\W\d_]){3,}(?![\w'’])")
_NAME = "varda"  # "uz Bērziņas vārda", folded
_SHORTEST = 3  # letters at least of a name that is searched elsewhere


class CallNames:
    """The names of one call."""

    def __init__(self, turns: Sequence[CallTurn]) -> None:
        texts = [turn.text for turn in turns]
        self._known = {word.text.lower() for turn in turns for word in _of_speaker(turn.speaker)}
        for _ in range(_ROUNDS):
            found = self.found(turns, texts)
            known = {
                word.text.lower()
                for n, findings in found.items()
                for finding in findings
                for word in words_of(texts[n][finding.start : finding.end])
                if len(word.text) >= _SHORTEST and (is_unusual(word) or is_given_name(word.text, also_words=True))
            }
            if known <= self._known:
                break
            self._known |= known

    def found(self, turns: Sequence[CallTurn], texts: Sequence[str]) -> dict[int, list[Finding]]:
        """By turn, the names in these texts, which are of consecutive turns of the call."""
        found: dict[int, list[Finding]] = defaultdict(list)
        for n, text in enumerate(texts):
            words = words_of(text)
            for first, after in self._spans(words, by_agent=turns[n].role is Role.AGENT):
                found[n].append(Finding("name", words[first].start, words[after - 1].end))
            found[n] += [Finding("name", words[k].start, words[k].end) for k in addressed(words)]
            found[n] += [Finding("name", *match.span()) for match in _SPELLED.finditer(text)]
            if n and asked_of(turns, texts, n) == "name":
                found[n] += _answer(words)
        return found

    def _spans(self, words: list[Word], *, by_agent: bool) -> Iterator[tuple[int, int]]:
        """(first word, word after the last) of each name."""
        for place, word in enumerate(words):
            if word.is_word and self._is_known(word) and not _is_street(words, place + 1):
                yield self._with_surname(words, place)
                yield from ((k, k + 1) for k in beside_surname(words, place))
            elif is_one_of(word, "titles_after") and place and _before_title(words[place - 1]):
                yield place - 1, place
            elif is_one_of(word, "titles_before") and place + 1 < len(words) and may_be_name(words[place + 1]):
                yield place + 1, _end(words, place + 1)
            for label in ("before_name", "company"):
                length = starts_with(words, place, label)
                after = place + length
                if length and after < len(words) and _is_named(words, after, label):
                    yield after, _end(words, after)
            if introduces_here(words, place, by_agent=by_agent):
                yield place - 1, place
            if place and starts_with(words, place, "after_name") and may_be_name(words[place - 1]):
                yield place - 1, place
            on_whose = word.folded == "uz" and [each.folded for each in words[place + 2 : place + 3]] == [_NAME]
            if on_whose and may_be_name(words[place + 1]):
                yield place + 1, place + 2

    def _is_known(self, word: Word) -> bool:
        if is_given_name(word.text):
            return True
        if len(word.text) < _SHORTEST or not may_be_name(word):
            return False
        said = {word.text, *fond_of(word.text)}
        return any(is_form_of(each, name) for name in self._known for each in said)

    def _with_surname(self, words: list[Word], place: int) -> tuple[int, int]:
        first, after = place, place + 1
        given = is_given_name(words[place].text, also_words=True)
        if given and after < len(words) and is_unusual(words[after]) and not _is_street(words, after):
            after += 1
        elif place:
            before = words[place - 1]
            surname_first = given and len(words) <= _FEW and is_unusual(before)
            first -= surname_first or (not given and is_given_name(before.text, also_words=True))
        return first, after


def _of_speaker(name: str) -> list[Word]:
    """The words of a speaker's name in the file; none for other labels: a role, a number, a phone number."""
    if role_of_name(name) or any(map(str.isdigit, name)):
        return []
    return [word for word in words_of(name) if len(word.text) >= _SHORTEST and may_be_name(word)]


def asked_of(turns: Sequence[CallTurn], texts: Sequence[str], n: int) -> str | None:
    """The kind of data that the other speaker asked for right before a turn; None for none."""
    for before in range(n - 1, max(n - 3, -1), -1):
        if turns[before].speaker != turns[n].speaker or not turns[n].speaker:
            return asked(texts[before])
    return None


def _answer(words: list[Word]) -> Iterator[Finding]:
    """Names in an answer to a question for a name: all uncommon words of a short one, the first ones of a long one."""
    some = words if len(words) <= _SHORT_ANSWER else words[: _MOST + 2]
    for word in some:
        if may_be_name(word) and not is_one_of(word, "titles_after"):
            yield Finding("name", word.start, word.end)


def _is_named(words: list[Word], place: int, label: str) -> bool:
    word = words[place]
    if label == "company":  # "elektrum ilze kā varu palīdzēt"; many other words may follow
        last = place == len(words) - 1 or any(
            starts_with(words, place + 1, then) for then in ("after_name", "greetings")
        )
        return word.is_word and (is_given_name(word.text, also_words=True) or (last and is_unusual(word)))
    return may_be_name(word)


def _end(words: list[Word], first: int) -> int:
    after = first + 1
    while after < len(words) and after - first < _MOST - 1 and is_unusual(words[after]):
        after += 1
    return after


def _before_title(word: Word) -> bool:
    """Whether a word before "kungs" is a name: in the genitive, and uncommon."""
    return word.is_word and may_be_name(word) and word.text.lower().endswith(("a", "s", "o", "i"))


def _is_street(words: list[Word], place: int) -> bool:
    return any(is_one_of(word, "streets") for word in words[place : place + 2])
