"""Finds numbers of cards and documents and parts of numbers in a call, by the words or letters before them."""

from collections.abc import Iterator, Sequence

from bot.calls.call_words import Word, count_digits, is_one_of, starts_with
from bot.privacy.normalised_text import Finding

_DIGITS = 3  # spoken numbers at least, of a code or of the end of a number
_DOCUMENT = 5  # spoken numbers at least, after letters
_DAY = 2  # words at least
_BETWEEN = 2  # words between a label and its number
_LETTERS = 2  # spoken letters at least, before a document's number
_LARGE = ("simt", "tukst", "hundred", "thousand")  # folded; words of amounts and years


def labelled_numbers(words: list[Word], numbered: Sequence[bool], *, of_card: bool) -> Iterator[Finding]:
    """Codes and expiry dates of cards, and parts of numbers, after words that announce them.

    Args:
        of_card: whether a card is mentioned, in this turn or right before.
    """
    for place in range(len(words)):
        for label, kind in (("before_code", "code"), ("before_part", "number"), ("before_expiry", "card")):
            length = starts_with(words, place, label)
            if not length or (kind == "card" and not of_card):
                continue
            span = _run(words, numbered, place + length, is_day=kind == "card")
            if span and (kind == "card" or _is_read_out(words, *span)):
                yield Finding(kind, words[span[0]].start, words[span[1] - 1].end)


def lettered_numbers(words: list[Word], numbered: Sequence[bool]) -> Iterator[Finding]:
    """Document numbers with their letters: "el vē četri četri septiņi …", "p r three three …"."""
    for place in range(len(words)):
        if place and _is_letter(words[place - 1]):
            continue
        after = place
        while after < len(words) and _is_letter(words[after]):
            after += 1
        if after - place < _LETTERS or all(is_one_of(word, "letters_or_words") for word in words[place:after]):
            continue
        end = _end_of_run(words, numbered, after, dates=False)
        if count_digits(words[after:end]) >= _DOCUMENT:
            yield Finding("document", words[place].start, words[end - 1].end)


def _run(words: list[Word], numbered: Sequence[bool], place: int, *, is_day: bool) -> tuple[int, int] | None:
    """(first word, word after the last) of a date at a place, or of numbers from there or soon after."""
    for first in range(place, min(place + (0 if is_day else _BETWEEN) + 1, len(words))):
        end = _end_of_run(words, numbered, first, dates=is_day)
        if any(numbered[first:end]) and end - first >= (_DAY if is_day else _DIGITS):
            return first, end
    return None


def _end_of_run(words: list[Word], numbered: Sequence[bool], first: int, *, dates: bool) -> int:
    end = first
    while end < len(words) and (
        numbered[end] or is_one_of(words[end], "spoken_numbers") or (dates and is_one_of(words[end], "of_a_date"))
    ):
        end += 1
    return end


def _is_letter(word: Word) -> bool:
    return is_one_of(word, "letters")


def _is_read_out(words: list[Word], first: int, after: int) -> bool:
    """Whether numbers are digits read out one by one, and not an amount or a year."""
    return not any(word.folded.startswith(_LARGE) for word in words[first:after])
