"""What an announcement changes, as contradictions are looked for: what ends, what is said anew, and about what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.applying import changed_by
from bot.knowledge.answers import key_of_answer
from bot.knowledge.fact_list import fact_list
from bot.knowledge.fact_versions import VersionAct
from bot.knowledge.facts_on_day import ANSWER
from bot.knowledge.models import Fact, FactVersion
from bot.knowledge.published_places import PLACE_KEY
from bot.knowledge.topics import topics
from bot.replies.formats import names_a_day

SAYING = (VersionAct.PUBLISHED, VersionAct.CORRECTED, VersionAct.MOVED, VersionAct.RESTORED)
SILENCE = "silence"  # kind of a record: what a source does not say


@dataclass(frozen=True)
class SaidAnew:
    """A record that an announcement brings or changes, other than a silence.

    Attributes:
        source: id of its source.
        names_day: whether it says on which day something begins, ends or happens.
        led: the topics of whose answers it is the lead; taken: those of which it takes over all questions.
        touched: the topics of which it takes over at least one question.
        places: that it is about.
    """

    id: str
    source: str
    names_day: bool
    led: frozenset[str]
    taken: frozenset[str]
    touched: frozenset[str]
    places: frozenset[str]


@dataclass(frozen=True)
class AnnouncedChange:
    """What an announcement changes.

    Attributes:
        ended_rows: the rows of the records that end, without those on which its own rest; each with one such record.
        places: all places that its records are about.
        brought: ids of its own records.
    """

    ended_rows: Mapping[str, str]
    places: frozenset[str]
    said: tuple[SaidAnew, ...]
    brought: frozenset[str]


def announced_change(copy: Session, document: AnnouncementDocument) -> AnnouncedChange:
    """What an announcement changes.

    Args:
        copy: a session in which it is published.
    """
    changed = [fact for fact in changed_by(copy, document.id, SAYING) if fact.kind != SILENCE]
    return AnnouncedChange(
        ended_rows=_ended_rows(copy, document),
        places=frozenset(_places(document)),
        said=tuple(_said_anew(fact, document) for fact in changed),
        brought=frozenset(record.id for record in document.records),
    )


def _ended_rows(copy: Session, document: AnnouncementDocument) -> dict[str, str]:
    query = select(FactVersion.fact_id).where(FactVersion.announcement_id == document.id)
    ended = set(copy.execute(query).scalars()) - {record.id for record in document.records}
    facts = select(Fact).where(Fact.id.in_(ended), Fact.withdrawn_from.isnot(None)).order_by(Fact.id.desc())
    still = {row for record in document.records for row in record.rows} | fact_list().lasting
    return {row: fact.id for fact in copy.execute(facts).scalars() for row in fact.rows if row not in still}


def _places(document: AnnouncementDocument) -> set[str]:
    named = {place for record in document.records for place in record.places}
    return named | {place for record in document.records if (place := _place_of(record.key))}


def _place_of(key: str) -> str | None:
    return key.removeprefix(PLACE_KEY) if key.startswith(PLACE_KEY) else None


def _said_anew(fact: Fact, document: AnnouncementDocument) -> SaidAnew:
    record = next((one for one in document.records if one.id == fact.id), None)
    named = [taken.question for taken in record.answers] if record else []
    covered = [key.split(ANSWER) for key in fact.covers or ()]
    places = {part for parts in covered for part in parts[2:] if part in _known_places()}
    own = _place_of(fact.key)
    return SaidAnew(
        id=fact.id,
        source=fact.source_id,
        names_day=_names_day(fact),
        led=_led_by().get(fact.key, frozenset()),
        taken=frozenset(name for name in named if "/" not in name),
        touched=frozenset(parts[0] for parts in covered),
        places=frozenset(places | ({own} if own else set())),
    )


def _names_day(fact: Fact) -> bool:
    texts = [fact.texts, fact.shorts or {}, fact.coming_texts or {}]
    return bool(fact.coming_texts) or any(
        "{" in text or names_a_day(text, language) for one in texts for language, text in one.items()
    )


@lru_cache(maxsize=1)
def _led_by() -> Mapping[str, frozenset[str]]:
    """By key, the topics of whose answers a fact is the lead: the general one, that for a place, or to a question."""
    found: dict[str, set[str]] = {}
    for intent, topic in topics().items():
        for lead in (topic.lead, *(place.lead for place in topic.places.values())):
            found.setdefault(lead, set()).add(intent)
        for aspect in topic.aspects:
            found.setdefault(key_of_answer(intent, aspect), set()).add(intent)
    return {key: frozenset(intents) for key, intents in found.items()}


@lru_cache(maxsize=1)
def _known_places() -> Iterable[str]:
    forms = [form for topic in topics().values() for form in (topic, *topic.aspects.values())]
    return frozenset(place for form in forms for place in form.places)
