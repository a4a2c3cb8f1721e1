"""What an answer says of the event that a fact hangs on: a caution after its official end, and which of two it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from bot.knowledge.facts_on_day import FactOnDay, FactStatus
from bot.knowledge.remembered import Source, facts_now
from bot.knowledge.remembered_events import Event, events_known_on, later_namesake
from bot.replies.catalogue import catalogues
from bot.replies.dated_facts import dated_facts
from bot.replies.formats import BULLET, SpokenDate, names_day
from bot.replies.named_events import NamedEvents
from bot.settings import LANGUAGES

CAUTION = "caution_{event}"  # key of the fact that warns while an event is open after its official end


@dataclass(frozen=True)
class Doubts:
    """Warnings for facts whose event is still open after its official end.

    Attributes:
        cautions: of each such event: its own, or the usual one.
        sources: of the facts that depend on these events.
    """

    cautions: tuple[FactOnDay, ...]
    sources: tuple[Source, ...]

    def sources_named(self, language: str, told: str) -> list[str]:
        """Sentences that name the sources, as far as a text does not name them yet."""
        return [source.spoken_titles[language] for source in self.sources if not _is_named(source, told, language)]


def doubts_of(session: Session, facts: Iterable[FactOnDay], day: date) -> Doubts:
    """The warnings that go with facts on a day."""
    told = [fact for fact in facts if fact.event and fact.open_event]
    events = {fact.event.id: fact.event for fact in told if fact.event}
    own = dated_facts(session, [CAUTION.format(event=event) for event in events], day)
    found = {event.id: _caution(event, own[CAUTION.format(event=event.id)], day) for event in events.values()}
    doubted = [fact for fact in told if fact.event and found[fact.event.id]]
    sources = {fact.source.id: fact.source for fact in doubted if fact.source}
    return Doubts(tuple(fact for fact in found.values() if fact), tuple(sources.values()))


def _is_named(source: Source, told: str, language: str) -> bool:
    """Whether a text names a source: by its day, or its title."""
    if source.spoken_titles[language] in told or source.titles[language] in told:
        return True
    return source.published_on is not None and names_day(told, source.published_on, language)


def _caution(event: Event, own: FactOnDay, day: date) -> FactOnDay | None:
    if own.status is FactStatus.IN_FORCE:
        return own
    if own.status is not FactStatus.UNKNOWN or not (event.is_overdue_on(day) and event.can_be_named):
        return None
    texts = {
        language: _said("utter_event_overdue", event, language, official_end=SpokenDate(event.official_end, language))
        for language in LANGUAGES
        if event.official_end
    }
    return FactOnDay(own.key, FactStatus.IN_FORCE, texts=texts)


def _said(key: str, event: Event, language: str, **values: object) -> str:
    text = catalogues()[language].variant(key).text
    return text.format(event=NamedEvents((event,), language), **values)


def unknown_of_later(session: Session, ended: FactOnDay, language: str, day: date) -> str | None:
    """Where a fact ended with its event and another of the same kind follows: that nothing is known of this one."""
    events = events_known_on(facts_now(session).events, day)
    later = later_namesake(events, ended.event, day) if ended.event else None
    if later is None:
        return None
    key = "utter_unknown_of_event" if later.began_on <= day else "utter_unknown_of_coming_event"
    return _said(key, later, language, since=SpokenDate(later.began_on, language))


def events_at_once(session: Session, day: date) -> tuple[Event, ...]:
    """The events that are open on a day, where there are several; else none, since then nothing is to be told apart."""
    found = [event for event in events_known_on(facts_now(session).events, day) if event.is_open_on(day)]
    return tuple(event for event in found if event.can_be_named) if len(found) > 1 else ()


def told_apart(facts: Iterable[FactOnDay], language: str, at_once: Sequence[Event]) -> list[str]:
    """The texts of facts; among several events, each run of them is followed by the event of which they are."""
    said = []
    for event_id, run in groupby(facts, key=lambda fact: fact.event.id if fact.event else None):
        texts = [fact.texts[language] for fact in run if fact.texts]
        event = next((one for one in at_once if one.id == event_id), None)
        said += texts
        if event and texts and not names(" ".join(texts), event, language, at_once):
            said.append(_said("utter_because_of_event", event, language))
    return said


def listed_apart(fact: FactOnDay, language: str, at_once: Sequence[Event]) -> str:
    """A fact as an item of a list; among several events, with the one because of which it holds."""
    text = (fact.shorts or fact.texts or {})[language]
    event = next((one for one in at_once if fact.event and one.id == fact.event.id), None)
    return text if event is None or names(text, event, language, at_once) else f"{text} ({event.names[language]})"


def names(text: str, event: Event, language: str, at_once: Iterable[Event]) -> bool:
    """Whether a text names an event, in any case, and in a way that could not mean another of several."""
    own = _forms(event, language)
    others = [form for other in at_once if other.id != event.id for form in _forms(other, language)]
    told = text.casefold()
    return any(form in told and not any(form in other for other in others) for form in own)


def _forms(event: Event, language: str) -> list[str]:
    forms = [event.names[language], *(event.cases.values() if language == LANGUAGES[0] else ())]
    return [form.casefold() for form in forms]


def news_of_events(facts: Iterable[tuple[Event, Sequence[FactOnDay]]], language: str) -> list[str]:
    """Lines: of each event, what holds because of it, as a list."""
    lines = []
    for event, told in facts:
        lines.append(_said("utter_event_news", event, language))
        lines += [f"{BULLET}{(fact.shorts or fact.texts or {})[language]}" for fact in told]
    return lines
