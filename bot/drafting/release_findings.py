"""What stands in a sentence of a release: days, places, telephone numbers, sums and other figures."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bot.drafting.release_days import NamedDay, named_days, readable
from bot.drafting.release_numbers import NamedNumbers, named_numbers
from bot.nlu.entity_extractor import WordEntities, number_entities
from bot.words.lexicon import ELSEWHERE, PhraseFinder, document, lexicon, place_phrases

# Between a place and the town in which it is: "tā krātuve Rīgā", "the repository of the Museum of Energy in Riga".
_BETWEEN = re.compile(r"\s*(?:of\s+|the\s+|[^\W\d_a-zāčēģīķļņšūž]\w*\s+)*(?:in\s+|at\s+)?")


@dataclass(frozen=True)
class NamedPlace:
    """A place of ours by its id, or another town by its name, and where it stands in the sentence."""

    id: str
    start: int
    end: int


@dataclass(frozen=True)
class Findings:
    """What was found in a sentence, in its order."""

    days: tuple[NamedDay, ...]
    places: tuple[NamedPlace, ...]
    numbers: NamedNumbers


@lru_cache(maxsize=1)
def _words() -> WordEntities:
    return WordEntities()


def findings_in(text: str, language: str, published: date) -> Findings:
    """Look through a sentence.

    Args:
        published: the day of the release, for days without a year.
    """
    read = readable(text)
    entities = [*_words().find(document(read, language)), *number_entities(read)]
    days = named_days(text, entities, published)
    spans = [(one.start, one.end) for one in days]
    return Findings(tuple(days), tuple(_own(text, named_places(text, language))), named_numbers(text, entities, spans))


def named_places(text: str, language: str) -> list[NamedPlace]:
    """The places that a sentence names, by the entity extractor's patterns.

    Unlike in what customers write, slips are not looked for ("lūdzam" is one letter from Ludza), and a town begins with
    a capital letter ("saldus" is also a word).
    """
    towns = lexicon("places")["towns"]
    found = [NamedPlace(*one) for one in _places().find(document(text, language)) if one[0] != ELSEWHERE]
    return [place for place in found if place.id not in towns or text[place.start].isupper()]


@lru_cache(maxsize=1)
def _places() -> PhraseFinder:
    return PhraseFinder(place_phrases())


def _own(text: str, places: list[NamedPlace]) -> list[NamedPlace]:
    """Without a town that only says where the place before it is."""
    found: list[NamedPlace] = []
    for place in sorted(places, key=lambda one: one.start):
        if not found or not _BETWEEN.fullmatch(text, found[-1].end, place.start):
            found.append(place)
    return found
