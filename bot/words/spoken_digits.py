"""Numbers in a text, in words or in digits, with their character offsets; also for what speech recognition wrote."""

from dataclasses import dataclass

from spacy.tokens import Doc

from bot.words.lexicon import document
from bot.words.number_words import numerals


@dataclass(frozen=True)
class NumberInText:
    """A number as it was said: "divas nulles" is "00", "twenty one" is "21".

    Attributes:
        digits: its digits, with leading zeros.
        start: offset of its first character.
        end: offset of the character after its last.
    """

    digits: str
    start: int
    end: int
    ordinal: bool
    in_words: bool


def numbers_in(text: str, language: str) -> list[NumberInText]:
    """The numbers of a text in order; digits that are said one by one are a number each.

    Args:
        language: lv or en, which chooses the tokenizer; number words of both languages are recognised in either.
    """
    return _numbers_in(document(text, language))


def _numbers_in(doc: Doc) -> list[NumberInText]:
    return [
        NumberInText(
            numeral.digits,
            doc[numeral.first].idx,
            doc[numeral.after - 1].idx + len(doc[numeral.after - 1]),
            numeral.ordinal,
            numeral.in_words,
        )
        for numeral in numerals(doc)
    ]


def in_figures(text: str, language: str, *, ordinals: bool = False) -> str:
    """The text with its numbers in words replaced by digits; with `ordinals`, "second" too."""
    doc = document(text, language)
    parts, place = [], 0
    for number in _numbers_in(doc):
        if number.in_words and (ordinals or not number.ordinal):
            parts += [doc.text[place : number.start], number.digits]
            place = number.end
    return "".join([*parts, doc.text[place:]])
