"""The cores of addresses: parts that a keyword makes certain. `bot.privacy.street_addresses` extends them.

Positions and spans are character offsets. A text is passed twice: as written, and as `normalised_text.bare` returns it.
"""

import re
from collections.abc import Iterator

from bot.privacy import address_parts as parts
from bot.privacy.address_parts import CAPITAL, HOUSE
from bot.privacy.bare_streets import ENDS, NEAR, STEM, BareStreets, Span, is_no_street
from bot.privacy.name_words import is_no_name, is_ordinary
from bot.privacy.normalised_text import bare

_BEFORE = 90  # characters that are searched before the keyword of an address
_QUOTES = "\"“”„«»'‘’"
_QUOTED = re.compile(rf"[\"“”„«'‘’](?:{CAPITAL} ?){{1,3}}(?:\d{{1,3}})?[\"“”»'‘’]")
_QUOTED_IN_PLACE = re.compile(rf"{_QUOTED.pattern}, (?P<place>{CAPITAL})")
_ORDINAL = r"\d{1,2}(?:\.|(?i:st|nd|rd|th)(?!\w))"
_NAME = re.compile(
    rf"(?<![\w'’-])(?:(?:{CAPITAL}|{_ORDINAL})(?: |(?<=\.))){{0,3}}"
    rf"(?P<last>{_ORDINAL}|[^\W\d_][\w'’-]*\.?) ?(?<=[ .])\Z"
)
_NAMES_BEFORE = re.compile(rf"(?<![\w'’-])(?:{CAPITAL} ){{0,2}}(?P<last>[^\W\d_][\w'’-]*\.?) \Z")
_CAPITALS = rf"(?:(?:{CAPITAL}|{_ORDINAL})(?: |(?<=\.))?){{1,4}}"
_NAME_AT = re.compile(rf"{_CAPITALS}(?<![ .])(?= ?[\d,])|{_CAPITALS}")
_TOWN_FIRST = re.compile(rf"{CAPITAL},? ")
_NUMBER_FIRST = re.compile(rf"(?i:{HOUSE})(?: ?- ?\d{{1,4}})?,? (?:{CAPITAL} ?){{1,3}}")
_SMALL = re.compile(r"(?P<name>[^\W\d_]{3,}[sua]) ")
_HOUSE_NAME = re.compile(rf"(?:{CAPITAL} ?){{1,3}}(?=[,.;\n]|$)")
_BEHIND_REGION = re.compile(rf", ?(?P<name>{CAPITAL})(?=[ .]*(?:$|[,\n]))")
_IN_REGION = re.compile(
    rf"(?<![\w'’-])(?P<house>[\"“”„«'‘’]?(?:{CAPITAL} ?){{1,3}}(?i:{HOUSE})?(?:-\d{{1,4}})?[\"“”»'‘’]?)"
    rf"(?P<villages>(?:, ?(?:\d{{1,4}}\. ?\w{{1,20}}|(?:{CAPITAL} ?){{1,2}})){{0,2}}),"
    rf" ?(?P<region>{CAPITAL})(?: {CAPITAL})? \Z"
)
_FARM_IN = ("ās", "ēs", "īs", "os")  # locative plural: houses whose names are plural


def cores(text: str, small: str) -> Iterator[Span]:
    """Spans that certainly belong to an address, in no order; they may overlap."""
    look, bare_streets = _Cores(text, small), BareStreets(text, small)
    for found in (
        look.streets_and_houses(),
        look.houses_and_streets(),
        look.lived_at(),
        look.farms(),
        bare_streets.without_kind(),
        bare_streets.in_words(),
    ):
        for start, end in found:
            if not look.is_public(start, end):
                yield start, end
    yield from look.labelled()
    yield from look.in_regions()
    yield from look.quoted_in_places()
    for flat in [*parts.flat_alone().finditer(small), *parts.post_box().finditer(small)]:
        yield flat.span()


class _Cores:
    def __init__(self, text: str, small: str) -> None:
        self._text, self._small = text, small

    def is_public(self, start: int, end: int) -> bool:
        """Whether an address is an office's, and so public."""
        if parts.own().search(self._small, start, min(end + 8, len(self._small))):
            return True
        before = self._small[max(0, start - NEAR) : start]
        return parts.public().search(before) is not None and not parts.private().search(before)

    def streets_and_houses(self) -> Iterator[Span]:
        """ "Brīvības iela 12"."""
        for kind in parts.streets("after_name").finditer(self._small):
            house = parts.house_behind().match(self._small, kind.end()) or parts.house().match(self._small, kind.end())
            start = self._name_before(kind) if house else None
            if house and start is not None:
                yield start, house.end()

    def _name_before(self, kind: re.Match[str]) -> int | None:
        offset = max(0, kind.start() - _BEFORE)
        name = _NAME.search(self._text[offset : kind.start()])
        if not name or parts.no_name().fullmatch(bare(name["last"])):
            return None
        capital = name["last"][0].isupper() or name["last"][0].isdecimal()
        return offset + name.start() if capital or not parts.with_capital().fullmatch(kind.group()) else None

    def houses_and_streets(self) -> Iterator[Span]:
        """ "12 Example Road"."""
        for kind in parts.streets("after_number").finditer(self._small):
            offset = max(0, kind.start() - _BEFORE)
            name = _NAMES_BEFORE.search(self._text[offset : kind.start()])
            if not name or parts.no_name().fullmatch(bare(name["last"])):
                continue
            before = self._small[offset : offset + name.start()]
            number = parts.number_before().search(before) or parts.house_before_on().search(before)
            capital = name["last"][0].isupper() or self._text[kind.start()].isupper()
            weak = parts.with_capital().fullmatch(kind.group())
            if number and (capital or (not weak and ENDS.match(self._small, kind.end()))):
                yield offset + number.start(), kind.end()

    def lived_at(self) -> Iterator[Span]:
        """ "dzīvoju Brīvības 12", "I live at 12 Oak Hill", "dzīvoju Brīvības ielā"."""
        for words in parts.lives().finditer(self._small):
            place = words.end()
            town = _TOWN_FIRST.match(self._text, place)
            for start in [place, *([town.end()] if town else [])]:
                end = self._street_at(start)
                if end:
                    yield place, end
                    break

    def _street_at(self, place: int) -> int | None:
        name = _NAME_AT.match(self._text, place)
        if name and not is_ordinary(name.group()):
            house = parts.house().match(self._small, name.end()) if not self._is_sentence(name) else None
            kind = parts.streets("after_name").match(self._small, name.end())
            if kind or house:
                return (kind or house).end()  # type: ignore[union-attr]  # one of them is there
            kind = parts.streets("after_name").search(self._small, place + 1, name.end())
            if kind:
                return kind.end()
        small = _SMALL.match(self._small, place)
        if small and not is_no_street(small["name"]):
            house = parts.house().match(self._small, small.end())
            if house and ENDS.match(self._small, house.end()):
                return house.end()
        found = _NUMBER_FIRST.match(self._text, place) or _QUOTED.match(self._text, place)
        return found.end() if found and not parts.counts().match(self._small, place) else None

    def _is_sentence(self, name: re.Match[str]) -> bool:
        """Whether a full stop and a space show that what follows belongs to another sentence."""
        return self._text[name.start() : name.end()].rstrip().endswith(".") and len(name.group().split()[-1]) > STEM

    def farms(self) -> Iterator[Span]:
        """ "mājās “Kalniņi”"."""
        for words in parts.farm().finditer(self._small):
            named = _QUOTED.match(self._text, words.end())
            if named:
                yield named.span()

    def labelled(self) -> Iterator[Span]:
        """ "Adrese: Kalniņi"."""
        for label in parts.label().finditer(self._small):
            named = _QUOTED.match(self._text, label.end()) or _HOUSE_NAME.match(self._text, label.end())
            if named and not self._is_known(named.group()):
                yield named.span()

    def in_regions(self) -> Iterator[Span]:
        """ "Kalniņi, Mārupes novads", "Mārupes novads, Kalniņi"."""
        for region in parts.region().finditer(self._small):
            behind = _QUOTED.match(self._text, region.end() + 2) if self._text[region.end() :][:2] == ", " else None
            if behind:
                yield behind.span()
            offset = max(0, region.start() - _BEFORE)
            before = _IN_REGION.search(self._text[offset : region.start()])
            start = self._house_in(before, offset) if before else None
            if start is not None:
                yield offset + start, region.end()
                continue
            name = _BEHIND_REGION.match(self._text, region.end())
            stem = bare(self._text[offset : region.start()].split()[-1:][0])[:STEM] if region.start() > offset else ""
            if name and not self._is_known(name["name"]) and bare(name["name"])[:STEM] != stem:
                yield name.span("name")

    def quoted_in_places(self) -> Iterator[Span]:
        """ "“Kalēji”, Rucava": a house's name at the start of a clause, and the name of its place."""
        for named in _QUOTED_IN_PLACE.finditer(self._text):
            before = self._small[max(0, named.start() - NEAR) : named.start()].rstrip(" ")
            if not before or before[-1] in ".,:;!?\n" or parts.lives().search(f"{before} "[-NEAR:]):
                yield named.span()

    def _house_in(self, found: re.Match[str], offset: int) -> int | None:
        """The start of a house's name before a municipality's name; None where only towns come before it."""
        stem = bare(found["region"])[:STEM]
        place = found.start()
        if self._is_lived_in(found, offset):
            return place
        for piece in [found["house"], *found["villages"].split(",")]:
            word = bare(piece.strip(f" {_QUOTES}"))
            if word and not self._is_known(word) and word[:STEM] != stem and not _is_locative(piece):
                return place
            place += len(piece) + 1
        return None

    def _is_lived_in(self, found: re.Match[str], offset: int) -> bool:
        """ "dzīvoju Kalnabirzēs, Vaives pagastā"."""
        start, house = offset + found.start(), found["house"].strip(f" {_QUOTES}")
        before = self._small[max(0, start - NEAR) : start]
        parish = self._small.startswith("pag", offset + found.end())
        lives = any(words.end() == len(before) for words in parts.lives().finditer(before))
        return parish and lives and house.endswith(_FARM_IN) and not self._is_known(house)

    def _is_known(self, name: str) -> bool:
        """Whether a name is a town's, or no name at all."""
        word = name.strip(f" .{_QUOTES}")
        return parts.town().match(bare(word)) is not None or is_ordinary(word) or is_no_name(bare(word))


def _is_locative(word: str) -> bool:
    return word.strip(f" {_QUOTES}").endswith(("ā", "ē", "ī", "ū", "ās", "ēs", "īs"))
