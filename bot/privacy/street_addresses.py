"""Addresses: a street and a house number, the name of a house in the country, what follows words such as "adrese:".

An address includes all that belongs to it: flat, floor, entry code, town, parish and postcode. The keywords are in
`data/lexicon/addresses.yml`.
"""

import re
from collections.abc import Iterable, Iterator

from bot.privacy import address_parts as parts
from bot.privacy.address_cores import cores
from bot.privacy.address_parts import CAPITAL, FLAT
from bot.privacy.bare_streets import Span
from bot.privacy.name_words import is_ordinary
from bot.privacy.normalised_text import Finding, bare

_NEAR = 40  # characters before an address that are searched for its flat or town
_SEPARATED = re.compile(r"[\s,;.(/-]{0,3}")
_SHORTEST_PLACE = 4  # letters of an unknown place name
_FLAT = re.compile(FLAT)
_ONLY_TOWN_BEFORE = re.compile(r"(?<![\w'’-])(?P<town>[^\W\d_]{3,20}),? \Z")
_PLACE_BEFORE = re.compile(rf"(?<=[^\W\dA-ZĀ-Ž_] )(?P<town>{CAPITAL}), \Z")
_TOWN = re.compile(rf", {{0,2}}(?:in )?(?P<town>{CAPITAL}(?:[ -](?!\w{{0,4}}\d){CAPITAL})?)")
_TOWN_BEHIND = re.compile(rf"[ \n](?:in |iekš )?(?P<town>{CAPITAL})")
_TOWN_BEFORE = re.compile(rf"(?<![\w'’-])(?P<town>{CAPITAL})(?P<region> \w+\.?)?[ ,]{{1,2}}\Z")
_POSTCODE_BEFORE = re.compile(r"(?<!\w)[lL][vV] ?-? ?\d{4},? (?:number )?\Z")


def addresses(text: str, behind: Iterable[int] = ()) -> Iterator[Finding]:
    """Addresses, with all that belongs to them, in order.

    Args:
        text: a plain text.
        behind: positions after an address that was redacted already, where a flat or a town may still follow.
    """
    look = _Look(text)
    found = [*cores(text, look.small), *look.left_behind(behind)]
    last: Span | None = None
    for start, end in sorted(found):
        if last and end <= last[1]:
            continue
        whole = look.whole(start, end, last[1] if last else 0)
        if last and whole[0] <= last[1]:
            last = (last[0], max(whole[1], last[1]))
            continue
        if last:
            yield Finding("address", *last)
        last = whole
    if last:
        yield Finding("address", *last)


class _Look:
    """A text in which an address is extended to what belongs to it; positions are character offsets."""

    def __init__(self, text: str) -> None:
        self._text, self.small = text, bare(text)

    def whole(self, start: int, end: int, first: int) -> Span:
        """An address with the flat, town and postcode before it, and all that belongs to it after it.

        Args:
            first: where it may start.
        """
        while (before := self._before(start, first)) is not None:
            start = before
        end = self._behind(end)
        while end > start and self._text[end - 1] in " .,\n":
            end -= 1
        return start, end

    def left_behind(self, places: Iterable[int]) -> Iterator[Span]:
        """What still follows addresses that were redacted already."""
        for place in places:
            end, signs = self._behind(place), _SEPARATED.match(self._text, place)
            if signs and end > signs.end():
                yield signs.end(), end

    def _behind(self, place: int) -> int:
        """The end of the flat, floor, entry code, town, municipality and postcode after an address."""
        # All of them in this pass: each part that was left to another pass over the text would make redaction slow.
        while (end := self._part(place)) is not None:
            place = end
        return place

    def _before(self, start: int, first: int) -> int | None:
        offset = max(first, start - _NEAR)
        for unit in parts.unit().finditer(self.small, offset, start):
            whole = unit.start() == 0 or not self.small[unit.start() - 1].isalnum()
            if whole and unit.end() < start and not self._text[unit.end() : start].strip(" ,"):
                return unit.start()
        word = parts.unit_word_before().search(self.small, offset, start)
        if word and self.small[start].isdecimal():
            return word.start()
        postcode = _POSTCODE_BEFORE.search(self._text[offset:start])
        if postcode:
            return offset + postcode.start()
        town = self._town_before(self._text[offset:start], number=self.small[start].isdecimal())
        return offset + town.start() if town else None

    def _town_before(self, before: str, *, number: bool) -> re.Match[str] | None:
        """The town, or its municipality, at the end of a text; before a number also an unknown place."""
        town = _ONLY_TOWN_BEFORE.search(before)
        if town and self._is_town(town["town"]):
            return town
        place = _PLACE_BEFORE.search(before)
        if place and number and len(place["town"]) >= _SHORTEST_PLACE and not is_ordinary(place["town"]):
            return place
        town = _TOWN_BEFORE.search(before)
        region = town and (self._is_region(town["region"]) or (not town["region"] and self._is_town(town["town"])))
        return town if region else None

    def _part(self, place: int) -> int | None:
        flat = _FLAT.match(self.small, place)
        if flat:
            return flat.end()
        signs = _SEPARATED.match(self._text, place)
        if signs and signs.end() > place:
            for pattern in (parts.unit(), parts.postcode()):
                found = pattern.match(self.small, signs.end())
                if found:
                    return found.end()
        town = _TOWN.match(self._text, place) or _TOWN_BEHIND.match(self._text, place)
        if town:
            region = parts.region().match(self.small, town.end() + 1)
            if region:
                return region.end()
            if self._is_town(town["town"]) or (town.re is _TOWN and not is_ordinary(town["town"])):
                return town.end()
        code = parts.code_farther_on().match(self.small, place)
        return code.end() if code else None

    def _is_town(self, word: str) -> bool:
        return parts.town().fullmatch(bare(word)) is not None

    def _is_region(self, word: str | None) -> bool:
        return word is not None and parts.region().fullmatch(bare(word.strip())) is not None
