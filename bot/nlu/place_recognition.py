"""The finder of places: those of the lexicon, and those that announcements brought, from the next message on."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.clock import today
from bot.knowledge.last_known import last_known
from bot.knowledge.published_places import folded
from bot.knowledge.remembered_places import Place
from bot.nlu.place_spelling import frequent_slips, place_slips
from bot.settings import LANGUAGES
from bot.words.lexicon import PhraseFinder, place_phrases


class PlaceNames:
    """What finds places in documents, and the slips in their names that are mended before."""

    def __init__(self, places: Sequence[Place] = ()) -> None:
        named = {
            place.id: list(dict.fromkeys(folded(name, code) for name in place.all_names for code in LANGUAGES))
            for place in places
        }
        brought = {label: [_phrase(words) for words in names] for label, names in named.items()}
        # Of phrases that are as long, the first wins: a place that was brought goes before the town where it is.
        self.finder = PhraseFinder(brought | place_phrases())
        self.slips = _slips([word for names in named.values() for words in names for word in words])


def _phrase(words: Sequence[str]) -> list[dict[str, Any]]:
    return [{"NORM": {"REGEX": f"^{re.escape(word)}$"}} for word in words]


def _slips(words: Sequence[str]) -> Mapping[str, str]:
    known = place_slips()
    mended = {slip: word for word in words for slip in frequent_slips(word) if slip not in words}
    return {**mended, **known, **{word: word for word in words}} if words else known


@lru_cache(maxsize=2)
def _place_names(places: tuple[Place, ...]) -> PlaceNames:
    return PlaceNames(places)


def place_names() -> PlaceNames:
    """The places that are known today; while the database is down, those that were known last."""
    known = last_known()
    day = today()
    return _place_names(tuple(place for place in known.places if place.is_known_on(day)) if known else ())
