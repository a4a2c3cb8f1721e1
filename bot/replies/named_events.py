"""The events of a day as replies name them: "during the emergency situation and the storm"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel.lists import format_list

from bot.clock import today
from bot.knowledge.last_known import last_known
from bot.knowledge.remembered_events import Event, Events, events_known_on
from bot.replies.formats import LOCALES
from bot.settings import LANGUAGES


@dataclass(frozen=True)
class NamedEvents:
    """Names as a placeholder: `{events}` in the nominative, `{events:genitive}` in a case; joined with "and"."""

    events: tuple[Event, ...]
    language: str

    def __format__(self, case: str) -> str:
        names = [name_of(event, self.language, case) for event in self.events]
        return str(format_list(names, locale=LOCALES[self.language]))


def name_of(event: Event, language: str, case: str = "") -> str:
    """The name of an event within a sentence; English nouns have no cases."""
    return event.cases[case] if case and language == LANGUAGES[0] else event.names[language]


def named_events(events: Events, language: str, day: date) -> NamedEvents | None:
    """The events that are in force on a day, as far as they can be named; None where there are none."""
    found = in_force(events_known_on(events, day), day)
    return NamedEvents(found, language) if found else None


def in_force(events: Iterable[Event], day: date) -> tuple[Event, ...]:
    """Those of some events that are in force on a day and can be named."""
    return tuple(event for event in events if event.is_in_force_on(day) and event.can_be_named)


def events_named_today(language: str) -> NamedEvents | None:
    """As `named_events`, for today; works without the database, with what was last known."""
    known = last_known()
    return named_events(known.events, language, today()) if known else None
