"""Addresses without the word for a street: "Matīsa 18 dz. 27", "pie Ulbrokas 19", "Dambja 4 nav gaismas".

Texts and spans are as in `bot.privacy.address_cores`.
"""

import re
from collections.abc import Iterator

from bot.privacy import address_parts as parts
from bot.privacy.address_parts import CAPITAL, FLAT, HOUSE
from bot.privacy.everyday import is_everyday
from bot.privacy.name_words import is_ordinary
from bot.privacy.normalised_text import bare

Span = tuple[int, int]  # start and end, as character offsets
ENDS = re.compile(r" ?(?:$|[,.;!?\n)]| (?:in|and|un|riga|nav)(?!\w))")
STEM = 4  # letters that a town's name shares with that of the municipality around it
NEAR = 40  # characters in which a word can say whose address it is
# A street name in the genitive before a house number, without the word for a street.
_GENITIVE_BEFORE = re.compile(rf"(?<![\w'’-])(?:{CAPITAL} |[^\W\d_]{{4,20}}[sua] )?(?P<last>[^\W\d_]{{3,20}}[sua]) \Z")
_GENITIVE = re.compile(r"(?:as|es|is|us|[^aeiou]a|u)$")
_WORD_BEFORE = re.compile(r"(?<![\w'’-])(?P<word>[^\W\d_]{3,20}),? \Z")
_ORDINAL_BEHIND = re.compile(r"\. ?[^\W\d]")
_NUMBER = re.compile(rf"(?<![\w.,/-])(?:{HOUSE})(?:{FLAT})?")


class BareStreets:
    """A text to search for such addresses."""

    def __init__(self, text: str, small: str) -> None:
        self._text, self._small = text, small

    def without_kind(self) -> Iterator[Span]:
        """ "Matīsa 18 dz. 27", "tallinas 34-11", "pie Ulbrokas 19", "309 Stabu, door 4"."""
        for number in _NUMBER.finditer(self._small):
            offset = max(0, number.start() - NEAR)
            name = _GENITIVE_BEFORE.search(self._text[offset : number.start()])
            if name and self._is_without_kind(name, number, self._small[offset : offset + name.start()]):
                behind_it = parts.number_behind().match(self._small, number.end())
                # A lower-case word belongs only to a lower-case street name: "dzīvoju Brīvības 12".
                apart = name.group()[0].islower() and name["last"][0].isupper()
                start = name.start("last") if apart else name.start()
                yield offset + start, behind_it.end() if behind_it else number.end()
            behind = re.compile(rf" (?P<name>{CAPITAL})(?=[ ,.]|$)").match(self._text, number.end())
            unit = behind and (
                unit_at(self._small, behind.end())
                or parts.unit().search(self._small, max(0, number.start() - 12), number.start())
            )
            if behind and unit and not is_no_street(behind["name"]):
                yield number.start(), behind.end()

    def _is_without_kind(self, name: re.Match[str], number: re.Match[str], before: str) -> bool:
        last, last_name = name["last"], bare(name["last"])
        if (
            is_no_street(last)
            or _ORDINAL_BEHIND.match(self._small, number.end())
            or parts.counts().match(self._small, number.start())
        ):
            return False
        house = parts.house_and_flat().match(self._small, number.start())
        if house and (last[0].isupper() or len(house["house"]) > 1):
            return True
        is_house = parts.house().match(self._small, number.start()) and _GENITIVE.search(last_name)
        return bool(is_house) and self._is_told(name, number, before)

    def _is_told(self, name: re.Match[str], number: re.Match[str], before: str) -> bool:
        """Whether the context of a name and a number shows that they are a street and a house."""
        last = name["last"]
        capital = last[0].isupper()
        if unit_at(self._small, number.end()):
            return capital or len(last) > STEM
        if bare(last) in parts.named() and self._is_whole(number):
            return True
        lettered = number.group()[-1].isalpha() and number.group()[-2:-1].isdecimal()
        near = lettered or parts.beside().search(before) is not None
        return capital and (near or self._is_said_by_what_is_around(name, number, before))

    def _is_said_by_what_is_around(self, name: re.Match[str], number: re.Match[str], before: str) -> bool:
        """Whether a town or part of a house before it, or a report of an outage, shows that this is a house."""
        last = bare(name["last"])
        begins = not before.strip() or before.rstrip()[-1] in ".!?\n"
        everyday = begins and is_everyday(last) and not parts.town().fullmatch(last)
        if everyday and name.group().count(" ") == 1:
            return False
        town = _WORD_BEFORE.search(before)
        return bool(
            parts.outage().match(self._small, number.end())
            or parts.number_behind().match(self._small, number.end())
            or parts.unit_before().search(before)
            or (town and parts.town().fullmatch(town["word"]))
            or (name.group().count(" ") > 1 and parts.town().match(bare(name.group())))
        )

    def _is_whole(self, number: re.Match[str]) -> bool:
        """Whether no word follows the house number that it could count."""
        enough = len(number.group()) > 1 and number.group()[0].isdecimal()
        return enough and bool(ENDS.match(self._small, number.end()) or parts.outage().match(self._small, number.end()))

    def in_words(self) -> Iterator[Span]:
        """ "maskavas simtpiecdesmit divi, dzīvoklis četrdesmit"."""
        for found in parts.worded_house().finditer(self._small):
            if not is_no_street(found["name"]) and not is_everyday(found["name"]):
                yield found.span()


def unit_at(small: str, place: int) -> bool:
    """Whether a part of a house follows here, after a space or a comma."""
    separated = re.compile(r"[ ,]{1,2}").match(small, place)
    return separated is not None and parts.unit().match(small, separated.end()) is not None


def is_no_street(word: str) -> bool:
    """Whether a word before a house number is not a street name."""
    small = bare(word)
    known = is_ordinary(word) or parts.no_name().fullmatch(small) or parts.counted().fullmatch(small)
    return bool(known or parts.unit_word().fullmatch(small) or (len(small) < STEM and word.isupper()))
