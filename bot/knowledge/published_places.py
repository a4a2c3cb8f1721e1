"""Places that announcements bring: kept, checked against the places that are there, changed, and answered about."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.fact_versions import Signed
from bot.knowledge.models import PublishedPlace
from bot.knowledge.place_records import CorrectedPlace, PlaceChange, PlaceRecord
from bot.knowledge.place_versions import PlaceAct, add_place_version
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
    for name in record.all_names:
        _refuse_taken(session, name)
    row = row or PublishedPlace(id=record.id)
    row.names, row.cases, row.called = dict(record.name), dict(record.cases), list(record.called)
    row.retracted = False
    add_place_version(session, row, PlaceAct.BROUGHT, signed)


def _refuse_taken(session: Session, name: str, besides: str | None = None) -> None:
    if any(is_follow_up(name, language) for language in LANGUAGES):
        raise KnowledgeError(f"the name '{name}' stands in all sorts of questions; give one that names only the place.")
    if (place := _known_as(name) or _published_as(session, name, besides)) is not None:
        raise KnowledgeError(
            f"the name '{name}' already means the place '{place}'; leave it out, or name '{place}' in the records."
        )


def _known_as(name: str) -> str | None:
    """The place of the lexicon that a whole name means. Towns are no places, so a place there may take their names."""
    doc = document(name, LANGUAGES[0])
    found = PhraseFinder(place_phrases()).find(doc)
    whole = [label for label, start, end in found if (start, end) == (0, len(doc.text))]
    return next((label for label in whole if label in lexicon("places")["places"]), None)


def _published_as(session: Session, name: str, besides: str | None) -> str | None:
    """The place that has a name, other than one."""
    there = select(PublishedPlace).where(PublishedPlace.retracted.is_(False), PublishedPlace.id != (besides or ""))
    for place in session.execute(there).scalars():
        named = (*place.names.values(), *(place.cases or {}).values(), *place.called)
        if folded(name) in map(folded, named):
            return str(place.id)
    return None


def folded(name: str, language: str = LANGUAGES[0]) -> tuple[str, ...]:
    """The words of a name as they are compared, split as in a language."""
    return tuple(token.norm_ for token in document(name, language) if not token.is_space) or (fold_word(name),)


def change_place(session: Session, change: PlaceChange, signed: Signed) -> None:
    """Give a place other names, withdraw it, or restore it, known from `signed.known_from` on.

    Raises:
        KnowledgeError: no announcement brought it, one of its names means something else, or nothing would change.
    """
    place = session.get(PublishedPlace, change.place)
    if place is None or (place.retracted and not change.restore):
        there = sorted(all_published(session))
        named = f"; they have brought {', '.join(there)}" if there else ""
        raise KnowledgeError(f"no announcement has brought the place '{change.place}'{named}.")
    if change.correct:
        _correct(session, place, change.correct)
    elif change.withdraw:
        place.retracted = True
    else:
        _restore(session, place)
    act = PlaceAct.CORRECTED if change.correct else PlaceAct.WITHDRAWN if change.withdraw else PlaceAct.RESTORED
    add_place_version(session, place, act, signed)


def _correct(session: Session, place: PublishedPlace, correct: CorrectedPlace) -> None:
    former = {"name": place.names, "cases": place.cases or {}, "called": place.called}
    given = {name: value for name, value in correct.dict().items() if value is not None}
    try:
        record = PlaceRecord(id=place.id, **{**former, **given})
    except ValidationError as error:
        reasons = "; ".join(item["msg"] for item in error.errors())
        raise KnowledgeError(f"place '{place.id}': {reasons}.") from error
    if former == {"name": dict(record.name), "cases": dict(record.cases), "called": list(record.called)}:
        raise KnowledgeError(f"the place '{place.id}' has these names already; leave the correction out.")
    for name in record.all_names:
        _refuse_taken(session, name, besides=place.id)
    place.names, place.cases, place.called = dict(record.name), dict(record.cases), list(record.called)


def _restore(session: Session, place: PublishedPlace) -> None:
    if not place.retracted:
        raise KnowledgeError(f"the place '{place.id}' is there; there is nothing to restore.")
    for name in (*place.names.values(), *(place.cases or {}).values(), *place.called):
        _refuse_taken(session, name, besides=place.id)
    place.retracted = False


def all_published(session: Session) -> list[str]:
    """The ids of all places that announcements brought, on whatever day they become known."""
    query = select(PublishedPlace.id).where(PublishedPlace.retracted.is_(False))
    return list(session.execute(query).scalars())


def places_on(session: Session, day: date) -> list[str]:
    """The ids of the places that announcements brought and that are known on a day."""
    return [place.id for place in facts_now(session).places if place.is_known_on(day)]


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
