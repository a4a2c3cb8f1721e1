"""Finds spoken addresses, e-mail addresses and numbers in a call: streets and houses in words, "anna et inbox punkts
lv", and answers to questions for them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.calls.call_turns import CallTurn
from bot.calls.call_words import Word, count_digits, is_one_of, is_unusual, starts_with, words_of
from bot.calls.heard_labels import labelled_numbers, lettered_numbers
from bot.calls.heard_names import asked_of
from bot.privacy.name_forms import is_given_name
from bot.privacy.normalised_text import Finding
from bot.settings import LANGUAGES
from bot.words.lexicon import lexicon
from bot.words.spoken_digits import numbers_in

_BIRTH = "birth date"
_NUMBERS = frozenset(["card", "code", "contract", "document", "iban", "personal code", "phone", _BIRTH])
_LEAST = 4  # spoken or written numbers, or digits, at least in an answer to a question for a number
_FAR = 12  # words at most between the numbers of such an answer
_FLAT = 4  # words at most of an answer that is only a flat's number
_CARD_BEFORE = 4  # preceding turns that may mention a card
_STREET_NAME = 3  # words at most of a street's name


def details(turns: Sequence[CallTurn], texts: Sequence[str]) -> dict[int, list[Finding]]:
    """By turn, the personal data in these texts, except names."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for n, text in enumerate(texts):
        words = words_of(text)
        numbered = _numbered(text, words)
        found[n] += [*_emails(words), *_addresses(words, numbered), *_farms(words)]
        found[n] += _births(words, numbered)
        found[n] += labelled_numbers(words, numbered, of_card=_speaks_of_card(texts[max(0, n - _CARD_BEFORE) : n + 1]))
        found[n] += lettered_numbers(words, numbered)
        kind = asked_of(turns, texts, n) if n else None
        if _asked_for_place(turns, texts, n):
            found[n] += _places(words)
        if kind == "address":
            found[n] += _address_without_street(words, numbered)
        elif kind in _NUMBERS:
            found[n] += _number(kind, words, numbered)
    return {n: findings for n, findings in found.items() if findings}


def _numbered(text: str, words: list[Word]) -> list[bool]:
    """For each word, whether it is a number or a part of one."""
    found = numbers_in(text, LANGUAGES[0])
    return [any(each.start <= word.start < each.end for each in found) and bool(word.folded) for word in words]


def _emails(words: list[Word]) -> Iterator[Finding]:
    for place, word in enumerate(words):
        if not is_one_of(word, "mail_at") or not place:
            continue
        end = _domain_end(words, place + 1)
        if end is None:
            continue
        first = place - 1
        while first > 0 and (joint := _joint_before(words, first)):
            first -= joint
        yield Finding("e-mail", words[first].start, words[end].end)


def _domain_end(words: list[Word], place: int) -> int | None:
    """The index of the last word of a domain that begins at a place; None for no domain, or the company's."""
    if place >= len(words) or is_one_of(words[place], "own_domains"):
        return None
    for dot in range(place + 1, min(place + 3, len(words) - 1)):
        if words[dot].folded in {"punkts", "dot"} and is_one_of(words[dot + 1], "domains"):
            return dot + 1
    return None


def _joint_before(words: list[Word], first: int) -> int:
    """How many words before a mailbox's first one belong to it: a dot and the word before it, or a letter."""
    for length in (1, 2):
        if first > length and starts_with(words, first - length, "joined_by") == length:
            return length + 1
    if first and len(words[first - 1].text) == 1 and words[first - 1].is_word:
        return 1
    return 1 if first and is_one_of(words[first - 1], "joined_by") else 0


def _addresses(words: list[Word], numbered: list[bool]) -> Iterator[Finding]:
    """Streets with a house number after or before them, and flats after that."""
    for place, word in enumerate(words):
        if not is_one_of(word, "streets") or not place or not _may_be_street(words[place - 1]):
            continue
        first = place - 1
        while first and place - first < _STREET_NAME and _goes_before_street(words[first - 1]):
            first -= 1
        named = first
        while first and numbered[first - 1]:
            first -= 1
        after = _after_numbers(words, numbered, place + 1)
        if first < named or after > place + 1:
            first -= first > 0 and _is_town(words[first - 1])
            yield Finding("address", words[first].start, words[after - 1].end)


def _is_town(word: Word) -> bool:
    return word.is_word and _towns().fullmatch(word.folded) is not None


@lru_cache(maxsize=1)
def _towns() -> re.Pattern[str]:
    return re.compile("|".join(lexicon("places")["towns"].values()))


def _after_numbers(words: list[Word], numbered: list[bool], place: int) -> int:
    """The index of the word after a house number, letter and flat that begin at a place."""
    after = place
    while after < len(words) and _goes_on(words, numbered, after, place):
        after += 1
    return after


def _goes_on(words: list[Word], numbered: list[bool], place: int, first: int) -> bool:
    """Whether a word continues the numbers that begin at `first`."""
    word = words[place]
    if numbered[place]:
        return True
    if is_one_of(word, "homes"):
        return _is_flat(words, numbered, place, first)
    if place == first or not word.is_word:
        return False
    between = is_one_of(word, "between_numbers") and numbered[place + 1 : place + 2] == [True]
    return between or (len(word.text) == 1 and word.folded != "a")


def _is_flat(words: list[Word], numbered: list[bool], place: int, first: int) -> bool:
    """Whether "dzīvoklis" has its number after it, or before it."""
    return numbered[place + 1 : place + 2] == [True] or (place > first and numbered[place - 1])


def _may_be_street(word: Word) -> bool:
    return (
        word.is_word
        and len(word.text) > 2
        and not is_one_of(word, "streets")
        and (
            is_unusual(word)
            or is_given_name(word.text, also_words=True)
            or word.text.lower().endswith(("as", "es", "u", "a", "s"))
        )
    )


def _goes_before_street(word: Word) -> bool:
    return is_unusual(word) or is_given_name(word.text)


def _speaks_of_card(texts: Sequence[str]) -> bool:
    return any(is_one_of(word, "cards") for text in texts for word in words_of(text))


def _asked_for_place(turns: Sequence[CallTurn], texts: Sequence[str], n: int) -> bool:
    """Whether the other speaker has just asked in which parish or town somebody lives."""
    words = words_of(texts[n - 1]) if n and turns[n - 1].speaker != turns[n].speaker else []
    return any(starts_with(words, place, "which_place") for place in range(len(words)))


def _places(words: list[Word]) -> Iterator[Finding]:
    """The parishes and counties of an answer: "sērenes pagastā aizkraukles novadā"."""
    for place, word in enumerate(words):
        if place and is_one_of(word, "parishes") and (is_unusual(words[place - 1]) or _is_town(words[place - 1])):
            yield Finding("address", words[place - 1].start, word.end)


def _farms(words: list[Word]) -> Iterator[Finding]:
    """A house name with its parish: "kalnrasas in skujene parish", "kalnrasas skujenes pagastā"."""
    for place, word in enumerate(words):
        named = place + starts_with(words, place, "before_house")
        if place < named < len(words) and is_unusual(words[named]):
            yield Finding("address", words[named].start, words[named].end)
        if not is_one_of(word, "parishes") or place < 2:
            continue
        first = place - 2
        if words[first].folded in {"in", "of"} and first:
            first -= 1
        if is_unusual(words[place - 1]) and is_unusual(words[first]):
            yield Finding("address", words[first].start, word.end)


def _address_without_street(words: list[Word], numbered: list[bool]) -> Iterator[Finding]:
    """The answer to a question for an address: from an uncommon word to the last number."""
    first = next((n for n, word in enumerate(words) if is_unusual(word) and not numbered[n]), None)
    last = max((n for n, is_number in enumerate(numbered) if is_number), default=None)
    if last is not None and all(numbered) and len(words) <= _FLAT:
        first = 0  # a flat without its street, which was said before
    if first is None or last is None or last < first or last - first > _FAR:
        return
    if is_one_of(words[min(last + 1, len(words) - 1)], "homes"):
        last += 1
    yield Finding("address", words[first].start, words[min(last, len(words) - 1)].end)


def _births(words: list[Word], numbered: list[bool]) -> Iterator[Finding]:
    """Days and years after "dzimis", "born on"."""
    for place, word in enumerate(words):
        if not is_one_of(word, "born"):
            continue
        after = place + 1
        while after < len(words) and (numbered[after] or is_one_of(words[after], "of_a_date")):
            after += 1
        if any(numbered[place + 1 : after]):
            yield Finding(_BIRTH, words[place + 1].start, words[after - 1].end)


def _is_letter(word: Word) -> bool:
    """Whether a word is one or two letters that are not a word: "l v", "le 2018"."""
    return word.is_word and (len(word.text) == 1 or (len(word.text) == 2 and is_unusual(word)))


def _number(kind: str, words: list[Word], numbered: list[bool]) -> Iterator[Finding]:
    """The answer to a question for a number, with the letters before it."""
    places = [n for n, is_number in enumerate(numbered) if is_number]
    digits = count_digits(words[n] for n in places)
    if len(places) < 2 or (digits < _LEAST and kind != _BIRTH) or places[-1] - places[0] > 2 * _FAR:
        return
    first = places[0]
    while first and (is_one_of(words[first - 1], "before_digits") or _is_letter(words[first - 1])):
        first -= 1
    yield Finding(kind, words[first].start, words[places[-1]].end)
