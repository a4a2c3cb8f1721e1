"""Places that announcements bring: kept, checked against the places that are there, taken back, and answered about."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.fact_versions import Signed
from bot.knowledge.models import PublishedPlace
from bot.knowledge.place_records import PlaceRecord
from bot.knowledge.records import KnowledgeError
from bot.knowledge.remembered import facts_now
from bot.knowledge.topics import Topic
from bot.settings import LANGUAGES
from bot.words.lexicon import PhraseFinder, document, is_follow_up, lexicon, place_phrases
from bot.words.text import fold_word

PLACE_KEY = "place_"  # begins the keys of the records of places
CHANNELS = "channels"  # key of the fact that says how to reach the company otherwise


def bring_place(session: Session, record: PlaceRecord, signed: Signed) -> None:
    """Keep a place; it is recognised from the next message on, on the days on which it is known.

    Raises:
        KnowledgeError: it is there already, or one of its names means something else.
    """
    row = session.get(PublishedPlace, record.id)
    if record.id in lexicon("places")["places"] or (row is not None and not row.retracted):
        raise KnowledgeError(
            f"the place '{record.id}' is there already; leave it out of 'places', and name it in the records about it."
        )
    names = [*record.name.values(), *record.cases.values(), *record.called]
    for name in names:
        _refuse_taken(session, name)
    row = row or PublishedPlace(id=record.id)
    row.names, row.cases, row.called = dict(record.name), dict(record.cases), list(record.called)
    row.known_from = signed.known_from or datetime.now(UTC).date()
    row.retracted, row.announcement_id, row.changed_at = False, signed.announcement or "", datetime.now(UTC)
    session.add(row)
    session.flush()


def _refuse_taken(session: Session, name: str) -> None:
    if any(is_follow_up(name, language) for language in LANGUAGES):
        raise KnowledgeError(f"the name '{name}' stands in all sorts of questions; give one that names only the place.")
    if (place := _known_as(name) or _published_as(session, name)) is not None:
        raise KnowledgeError(
            f"the name '{name}' already means the place '{place}'; leave it out, or name '{place}' in the records."
        )


def _known_as(name: str) -> str | None:
    """The place of the lexicon that a whole name means. Towns are no places, so a place there may take their names."""
    doc = document(name, LANGUAGES[0])
    found = PhraseFinder(place_phrases()).find(doc)
    whole = [label for label, start, end in found if (start, end) == (0, len(doc.text))]
    return next((label for label in whole if label in lexicon("places")["places"]), None)


def _published_as(session: Session, name: str) -> str | None:
    for place in session.execute(select(PublishedPlace).where(PublishedPlace.retracted.is_(False))).scalars():
        named = (*place.names.values(), *(place.cases or {}).values(), *place.called)
        if folded(name) in map(folded, named):
            return str(place.id)
    return None


def folded(name: str, language: str = LANGUAGES[0]) -> tuple[str, ...]:
    """The words of a name as they are compared, split as in a language."""
    return tuple(token.norm_ for token in document(name, language) if not token.is_space) or (fold_word(name),)


def take_places_back(session: Session, announcement: str) -> None:
    """Take back the places that an announcement brought."""
    brought = select(PublishedPlace).where(PublishedPlace.announcement_id == announcement)
    for place in session.execute(brought).scalars():
        place.retracted, place.changed_at = True, datetime.now(UTC)
    session.flush()


def all_published(session: Session) -> list[str]:
    """The ids of all places that announcements brought, on whatever day they become known."""
    query = select(PublishedPlace.id).where(PublishedPlace.retracted.is_(False))
    return list(session.execute(query).scalars())


def places_on(session: Session, day: date) -> list[str]:
    """The ids of the places that announcements brought and that are known on a day."""
    return [place.id for place in facts_now(session).places if place.known_from <= day]


def answer_at(topic: Topic, place: str | None, published: Collection[str]) -> Topic:
    """The answer for a place: its own, that of a place that an announcement brought, or that for other places."""
    if place is None or place not in published or not topic.places:
        return topic.at(place)
    lead = f"{topic.lead}__{place}"
    return Topic(lead=lead, say=(lead,), next=topic.next, act=topic.act, again=None, otherwise=f"{PLACE_KEY}{place}")


def led_by_record(topic: Topic) -> Topic:
    """The answer for a published place where no record has taken over this question: what is known of the place."""
    lead = topic.otherwise or topic.lead
    return replace(topic, lead=lead, say=(lead, CHANNELS), otherwise=None)
