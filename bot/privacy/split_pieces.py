"""A message that is a piece of a number: digits, or numbers in words."""

import re
from functools import lru_cache

from bot.privacy.split_labels import word_in
from bot.settings import LANGUAGES
from bot.words.spoken_digits import numbers_in
from bot.words.text import fold

_MOST_NUMBER_WORDS = 12  # in one message that is a piece of a number
_LONGEST_PIECE = 60  # characters of a message that is only a piece of a number
_ONLY_DIGITS = re.compile(r"\W*(?:\d[\d\s./+()-]*)\W*")


def is_piece(text: str) -> bool:
    """Whether a message is only digits, or numbers in words, with or without a spoken dash."""
    if len(text) > _LONGEST_PIECE:
        return False
    if _ONLY_DIGITS.fullmatch(text):
        return not re.search(r"\d[.,]\d{2}\W*$", text) and not re.fullmatch(r"\W*\d{1,2}[./]\d{1,2}\.?\W*", text)
    said = fold(text)
    dash = word_in("dash")
    if dash.fullmatch(said):
        return True
    if said[:1].isdigit() and dash.sub("", said).replace(" ", "").isdigit():
        return True
    words = [word for word in re.findall(r"\w+", text) if not dash.fullmatch(fold(word))]
    return len(words) <= _MOST_NUMBER_WORDS and all(map(_is_number_word, words))


@lru_cache(maxsize=4096)
def _is_number_word(word: str) -> bool:
    return word.isdigit() or any(not each.ordinal for each in numbers_in(word, LANGUAGES[0]))


def without_dash(text: str) -> tuple[int, str]:
    """(start, the piece) without a spoken dash before or after its digits; "" for a dash alone."""
    if word_in("dash").fullmatch(fold(text)):
        return 0, ""
    figures = re.search(r"\d.*\d|\d", text, re.DOTALL)
    return (figures.start(), figures.group()) if figures else (0, text)


def ends_in_digits(text: str) -> bool:
    return re.search(r"\d[\W_]*$", text) is not None
