"""Fact records in the database: loading files, and publishing records.

A change by an operator takes effect with the next message in every process (bot.knowledge.remembered).
"""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.covered_answers import covers_of
from bot.knowledge.event_versions import load_event
from bot.knowledge.fact_versions import BY_FILES, Signed, VersionAct, add_version
from bot.knowledge.facts_on_day import FactOnDay, FactStatus, last_day, look_up, status_on
from bot.knowledge.models import EmergencyEvent, Fact, FactSource, FactVersion
from bot.knowledge.published_places import all_published
from bot.knowledge.record_changes import refuse_overlap, withdraw
from bot.knowledge.records import (
    KNOWLEDGE,
    FactRecord,
    KnowledgeError,
    SourceRecord,
    UntilEvent,
    read_file,
)
from bot.knowledge.similar_names import did_you_mean, unknown_event
from bot.knowledge.topic_questions import keep_questions
from bot.knowledge.validation import Knowledge, check_quote, load_folder

__all__ = [
    "FactOnDay",
    "FactStatus",
    "all_facts",
    "bring_in",
    "last_day",
    "look_up",
    "publish",
    "publish_records",
    "refuse_overlap",
    "status_on",
    "withdraw",
]


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
        load_event(session, event)
    session.flush()
    loaded = _as_last_loaded(session)
    new = {record.id for record in knowledge.facts.values() if _load(session, record, loaded.get(record.id))}
    session.flush()
    for record in knowledge.facts.values():
        if record.replaces:
            _replace(session, record, BY_FILES)
    leftover = select(Fact).where(Fact.from_files, Fact.id.notin_(list(knowledge.facts)), Fact.withdrawn_from.is_(None))
    for fact in session.execute(leftover).scalars():
        fact.left_files, fact.withdrawn_from = True, fact.valid_from
        add_version(session, fact, VersionAct.FILES, BY_FILES)
    session.flush()
    published = select(Fact.key).where(Fact.from_files.is_(False)).distinct()
    for key in session.execute(published).scalars():
        refuse_overlap(session, key, "The facts cannot be brought in", new)


def _as_last_loaded(session: Session) -> dict[str, FactVersion]:
    """Of records that an operator has changed since, the version that the files made last."""
    made = select(FactVersion).join(Fact, Fact.id == FactVersion.fact_id)
    made = made.where(Fact.number > FactVersion.number, FactVersion.act == VersionAct.FILES)
    return {row.fact_id: row for row in session.execute(made.order_by(FactVersion.number)).scalars()}


def _load(session: Session, record: FactRecord, loaded: FactVersion | None) -> bool:
    """Load one record; returns whether it is new."""
    keep_questions(session, record)
    fact = session.get(Fact, record.id)
    values = _values(record, from_files=True)
    is_new = fact is None
    if fact is None:
        fact = Fact(id=record.id, **values)
        session.add(fact)
    elif fact.left_files:
        fact.left_files, fact.withdrawn_from = False, None
        _set(fact, values)
    elif _holds(loaded if loaded is not None else fact, values):
        return False  # as it was loaded: what an operator corrected since stays
    else:
        _set(fact, values)
    add_version(session, fact, VersionAct.FILES, BY_FILES)
    return is_new


def _holds(row: Fact | FactVersion, values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == value for name, value in values.items())


def _set(fact: Fact, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(fact, name, value)


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


def _values(record: FactRecord, *, from_files: bool, published: Collection[str] = ()) -> dict[str, Any]:
    """A record as columns, without what changes of it add."""
    event = record.valid_until.event if isinstance(record.valid_until, UntilEvent) else None
    return {
        "key": record.key,
        "kind": record.kind,
        "source_id": record.source,
        "rows": record.rows,
        "quote": record.quote,
        "texts": dict(record.text),
        "shorts": dict(record.short) if record.short else None,
        "ended_texts": dict(record.ended) if record.ended else None,
        "coming_texts": dict(record.coming) if record.coming else None,
        "coming_shorts": dict(record.coming_short) if record.coming_short else None,
        "covers": covers_of(record, published) if record.answers else None,
        "valid_from": record.valid_from,
        "valid_until": None if event else record.valid_until,
        "until_event_id": event,
        "approved_by": record.approved_by,
        "from_files": from_files,
    }


def _replace(session: Session, record: FactRecord, signed: Signed) -> None:
    old = session.get(Fact, record.replaces)
    if old is None or old.retracted:
        meant = did_you_mean(str(record.replaces), session.execute(select(Fact.id)).scalars())
        raise KnowledgeError(f"record '{record.id}': there is no record '{record.replaces}'{meant} to replace.")
    if old.key != record.key:
        raise KnowledgeError(f"record '{record.id}': replaces '{old.id}', which has another key, '{old.key}'.")
    before = (old.withdrawn_from, old.replaced_by)
    if old.withdrawn_from is None or old.withdrawn_from > record.valid_from:
        old.withdrawn_from = record.valid_from
    old.replaced_by = record.id
    if before != (old.withdrawn_from, old.replaced_by):
        add_version(session, old, VersionAct.REPLACED, signed)


def publish(session: Session, path: Path, signed: Signed | None = None) -> list[str]:
    """Publish the facts (and their new sources) of a file; returns the ids.

    Raises:
        KnowledgeError: the file or a record is invalid, an id is taken, or the validity overlaps another record's.
    """
    content = read_file(path)
    if content.events:
        raise KnowledgeError(f"{path}: events are changed with 'bot emergency', not published.")
    if not content.facts:
        raise KnowledgeError(f"{path}: there are no facts in it.")
    shipped = load_folder().sources
    sources = {source.id: (source, path.parent) for source in content.sources}
    sources |= {name: (source, KNOWLEDGE) for name, source in shipped.items() if name not in sources}
    for record in content.facts:
        if record.source in sources:
            source, folder = sources[record.source]
            check_quote(record, source, folder, path)
    return publish_records(session, content.sources, content.facts, signed or Signed(), str(path))


def publish_records(
    session: Session, sources: Iterable[SourceRecord], records: Iterable[FactRecord], signed: Signed, where: str
) -> list[str]:
    """Publish records and new sources; returns the ids of the records.

    Args:
        where: begins the messages of errors: a file, or an announcement.

    Raises:
        KnowledgeError: an id is taken, something that a record names is not there, or two records of a key overlap.
    """
    for source in sources:
        known = session.get(FactSource, source.id)
        if known is not None and not _is_same_source(known, source):
            raise KnowledgeError(
                f"{where}: source '{source.id}': this id is already used; name it in 'source' instead."
            )
        _merge_source(session, source)
    session.flush()
    ids = []
    for record in records:
        _publish_one(session, record, signed, f"{where}: record '{record.id}'")
        ids.append(record.id)
    return ids


def _is_same_source(known: FactSource, source: SourceRecord) -> bool:
    told = (dict(source.title), dict(source.spoken), source.url, source.published)
    return (known.titles, known.spoken_titles, known.url, known.published_on) == told


def _publish_one(session: Session, record: FactRecord, signed: Signed, where: str) -> None:
    fact = session.get(Fact, record.id)
    if fact is not None and not fact.retracted:
        raise KnowledgeError(f"{where}: this id is already published; give the new record an id of its own.")
    if session.get(FactSource, record.source) is None:
        meant = did_you_mean(record.source, session.execute(select(FactSource.id)).scalars())
        raise KnowledgeError(f"{where}: there is no source '{record.source}'{meant}.")
    end = record.valid_until
    event = session.get(EmergencyEvent, end.event) if isinstance(end, UntilEvent) else None
    if isinstance(end, UntilEvent) and (event is None or event.retracted):
        known = session.execute(select(EmergencyEvent.id).where(EmergencyEvent.retracted.is_(False))).scalars()
        raise KnowledgeError(f"{where}: {unknown_event(end.event, known)}.")
    try:
        values = _values(record, from_files=False, published=all_published(session))
    except KnowledgeError as error:
        raise KnowledgeError(f"{where}: {error}") from error
    fact = fact or Fact(id=record.id)
    _set(fact, values | {"withdrawn_from": None, "replaced_by": None, "retracted": False})
    session.add(fact)
    add_version(session, fact, VersionAct.PUBLISHED, signed)
    session.flush()
    if record.replaces:
        _replace(session, record, signed)
        session.flush()
    keep_questions(session, record)
    refuse_overlap(session, record.key, where, new={record.id})


def all_facts(session: Session) -> list[Fact]:
    """Every record that was not taken back, sorted by key and first day."""
    query = select(Fact).where(Fact.retracted.is_(False)).order_by(Fact.key, Fact.valid_from)
    return list(session.execute(query).scalars())
