"""Fact records in the database: loading files, publishing, withdrawing, look-up by date.

A change by an operator takes effect with the next message in every process (bot.knowledge.remembered).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.models import EmergencyEvent, Fact, FactSource
from bot.knowledge.records import (
    KNOWLEDGE,
    EventRecord,
    FactRecord,
    KnowledgeError,
    SourceRecord,
    UntilEvent,
    read_file,
)
from bot.knowledge.remembered import Record, Source, facts_now
from bot.knowledge.topic_questions import keep_questions
from bot.knowledge.validation import Knowledge, ValidityDays, check_quote, load_folder, overlapping


class FactStatus(StrEnum):
    """The state of a fact on a day."""

    IN_FORCE = "in force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    NOT_YET = "not yet"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FactOnDay:
    """A fact and its state on a day.

    Attributes:
        status: in force, ended, withdrawn, not yet, or unknown (no record fills the key).
        ended_on: the last day on which it was valid, when it has ended or was withdrawn.
        open_event: the event that it depends on, while that event is open.
        rows: the numbers of the fact list that it conveys.
    """

    key: str
    status: FactStatus
    id: str | None = None
    texts: dict[str, str] | None = None
    shorts: dict[str, str] | None = None
    ended_texts: dict[str, str] | None = None
    source: Source | None = None
    ended_on: date | None = None
    open_event: str | None = None
    rows: tuple[str, ...] = ()


def last_day(fact: Fact | Record) -> date | None:
    """The last day on which a fact is valid, by its validity, its event or its withdrawal; None while open."""
    ends = [fact.valid_until]
    if fact.until_event is not None:
        ends.append(fact.until_event.ended_on)
    if fact.withdrawn_from is not None:
        ends.append(fact.withdrawn_from - timedelta(days=1))
    return min((end for end in ends if end is not None), default=None)


def status_on(fact: Fact | Record, day: date) -> FactStatus:
    """The state of one record on a day."""
    if day < fact.valid_from:
        return FactStatus.NOT_YET
    last = last_day(fact)
    if last is None or day <= last:
        return FactStatus.IN_FORCE
    if fact.withdrawn_from is not None and last == fact.withdrawn_from - timedelta(days=1):
        return FactStatus.WITHDRAWN
    return FactStatus.ENDED


def look_up(session: Session, keys: Iterable[str], day: date) -> dict[str, FactOnDay]:
    """The state of the facts with these keys on a day; a key without a record is FactStatus.UNKNOWN."""
    records = facts_now(session).records
    return {key: _on_day(key, records.get(key, ()), day) for key in dict.fromkeys(keys)}


def _on_day(key: str, facts: Sequence[Record], day: date) -> FactOnDay:
    if not facts:
        return FactOnDay(key, FactStatus.UNKNOWN)
    begun = [fact for fact in facts if fact.valid_from <= day]
    if not begun:
        return FactOnDay(key, FactStatus.NOT_YET)
    holding = [fact for fact in begun if status_on(fact, day) is FactStatus.IN_FORCE]
    # A record that was withdrawn before its first day was never valid, so it hides none that was.
    held = [fact for fact in begun if (last_day(fact) or day) >= fact.valid_from]
    fact = (holding or held or begun)[-1]
    event = fact.until_event
    return FactOnDay(
        key=key,
        status=status_on(fact, day),
        id=fact.id,
        texts=fact.texts,
        shorts=fact.shorts,
        ended_texts=fact.ended_texts,
        source=fact.source,
        ended_on=last_day(fact),
        open_event=event.id if event is not None and event.ended_on is None else None,
        rows=tuple(fact.rows),
    )


def bring_in(session: Session, knowledge: Knowledge) -> None:
    """Load the records of the files into the database (idempotent).

    Records are added or updated by id. Operators' decisions stay: an event's end, a withdrawal, records published by
    hand. Records that have left the files are withdrawn, never deleted, and are valid again when they return.

    Raises:
        KnowledgeError: a record of the files would be valid on the same day as one that an operator published.
    """
    for source in knowledge.sources.values():
        _merge_source(session, source)
    for event in knowledge.events.values():
        _merge_event(session, event)
    session.flush()
    for record in knowledge.facts.values():
        existing = session.get(Fact, record.id)
        fact = _fill(existing or Fact(id=record.id), record, from_files=True)
        if existing is None:
            session.add(fact)
        elif fact.left_files:
            fact.left_files, fact.withdrawn_from = False, None
        keep_questions(session, record)
    session.flush()
    for record in knowledge.facts.values():
        if record.replaces:
            _replace(session, record)
    leftover = select(Fact).where(Fact.from_files, Fact.id.notin_(list(knowledge.facts)), Fact.withdrawn_from.is_(None))
    for fact in session.execute(leftover).scalars():
        fact.left_files, fact.withdrawn_from = True, fact.valid_from
        fact.changed_at = datetime.now(UTC)
    session.flush()
    published = select(Fact.key).where(Fact.from_files.is_(False)).distinct()
    for key in session.execute(published).scalars():
        refuse_overlap(session, key, "The facts cannot be brought in")


def _merge_source(session: Session, record: SourceRecord) -> None:
    session.merge(
        FactSource(
            id=record.id,
            titles=dict(record.title),
            spoken_titles=dict(record.spoken),
            url=record.url,
            published_on=record.published,
        )
    )


def _merge_event(session: Session, record: EventRecord) -> None:
    event = session.get(EmergencyEvent, record.id)
    if event is None:
        session.add(EmergencyEvent(id=record.id, names=dict(record.name), began_on=record.began))
    else:
        event.names, event.began_on = dict(record.name), record.began


def _fill(fact: Fact, record: FactRecord, *, from_files: bool) -> Fact:
    event = record.valid_until.event if isinstance(record.valid_until, UntilEvent) else None
    values = {
        "key": record.key,
        "kind": record.kind,
        "source_id": record.source,
        "rows": record.rows,
        "quote": record.quote,
        "texts": dict(record.text),
        "shorts": dict(record.short) if record.short else None,
        "ended_texts": dict(record.ended) if record.ended else None,
        "valid_from": record.valid_from,
        "valid_until": None if event else record.valid_until,
        "until_event_id": event,
        "approved_by": record.approved_by,
        "from_files": from_files,
    }
    if any(getattr(fact, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(fact, name, value)
        fact.changed_at = datetime.now(UTC)
    return fact


def _replace(session: Session, record: FactRecord) -> None:
    old = session.get(Fact, record.replaces)
    if old is None:
        raise KnowledgeError(f"record '{record.id}': there is no record '{record.replaces}' to replace.")
    if old.key != record.key:
        raise KnowledgeError(f"record '{record.id}': replaces '{old.id}', which has another key, '{old.key}'.")
    if old.withdrawn_from is None or old.withdrawn_from > record.valid_from:
        old.withdrawn_from = record.valid_from
    old.replaced_by = record.id


def publish(session: Session, path: Path) -> list[str]:
    """Publish the facts (and their new sources) of a file; returns the ids.

    Raises:
        KnowledgeError: the file or a record is invalid, an id is taken, or the validity overlaps another record's.
    """
    content = read_file(path)
    if content.events:
        raise KnowledgeError(f"{path}: events are changed with 'bot emergency', not published.")
    if not content.facts:
        raise KnowledgeError(f"{path}: there are no facts in it.")
    for source in content.sources:
        if session.get(FactSource, source.id) is not None:
            raise KnowledgeError(f"{path}: source '{source.id}': this id is already used; name it in 'source' instead.")
        _merge_source(session, source)
    session.flush()
    shipped = load_folder().sources
    sources = {source.id: (source, path.parent) for source in content.sources}
    sources |= {name: (source, KNOWLEDGE) for name, source in shipped.items() if name not in sources}
    for record in content.facts:
        where = f"{path}: record '{record.id}'"
        if session.get(Fact, record.id) is not None:
            raise KnowledgeError(f"{where}: this id is already published; give the new record an id of its own.")
        if session.get(FactSource, record.source) is None:
            raise KnowledgeError(f"{where}: there is no source '{record.source}'.")
        end = record.valid_until
        if isinstance(end, UntilEvent) and session.get(EmergencyEvent, end.event) is None:
            raise KnowledgeError(f"{where}: there is no event '{end.event}'.")
        if record.source in sources:
            source, folder = sources[record.source]
            check_quote(record, source, folder, path)
        session.add(_fill(Fact(id=record.id), record, from_files=False))
        session.flush()
        keep_questions(session, record)
        if record.replaces:
            _replace(session, record)
            session.flush()
        refuse_overlap(session, record.key, where)
    return [record.id for record in content.facts]


def refuse_overlap(session: Session, key: str, where: str) -> None:
    """Refuse two records of one key that are valid on the same day.

    Raises:
        KnowledgeError: two overlap; the message starts with `where`.
    """
    facts = session.execute(select(Fact).where(Fact.key == key)).scalars()
    # A record that was withdrawn before its first day has no valid day.
    spans = [span for span in (ValidityDays(f.id, f.valid_from, last_day(f)) for f in facts) if not _empty(span)]
    pair = overlapping(spans)
    if pair:
        raise KnowledgeError(
            f"{where}: overlapping validity with '{pair[0].id}' for the key '{key}'; withdraw that one first "
            f"(bot facts withdraw {pair[0].id} --on DATE) or let the new record say 'replaces: {pair[0].id}'."
        )


def _empty(span: ValidityDays) -> bool:
    return span.last is not None and span.last < span.first


def withdraw(session: Session, fact_id: str, first_day_without: date) -> Fact:
    """Withdraw a fact: from `first_day_without` on, the answer is that it was withdrawn.

    Raises:
        KnowledgeError: there is no such fact, or it has been withdrawn already.
    """
    fact: Fact | None = session.get(Fact, fact_id)
    if fact is None:
        raise KnowledgeError(f"There is no fact '{fact_id}'; 'bot facts list' shows them all.")
    if fact.withdrawn_from is not None:
        raise KnowledgeError(f"The fact '{fact_id}' is withdrawn already, from {fact.withdrawn_from.isoformat()} on.")
    fact.withdrawn_from = first_day_without
    fact.changed_at = datetime.now(UTC)
    return fact


def all_facts(session: Session) -> list[Fact]:
    """Every record, sorted by key and first day."""
    return list(session.execute(select(Fact).order_by(Fact.key, Fact.valid_from)).scalars())
