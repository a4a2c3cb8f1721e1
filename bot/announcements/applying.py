"""Putting an announcement's records and changes into the facts: all of it, or an error."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import combinations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, EventChange, RecordChange
from bot.announcements.questions import all_questions
from bot.announcements.source_wordings import wording_of
from bot.knowledge.covered_answers import covers_of
from bot.knowledge.emergency_events import begin, end, reopen, set_official_end
from bot.knowledge.fact_store import publish_records
from bot.knowledge.fact_versions import Signed, VersionAct
from bot.knowledge.facts_on_day import last_day
from bot.knowledge.models import Fact, FactVersion
from bot.knowledge.published_places import all_published, bring_place, change_place
from bot.knowledge.record_changes import correct, move, restore, withdraw
from bot.knowledge.records import FactRecord, KnowledgeError
from bot.knowledge.similar_names import did_you_mean
from bot.knowledge.validation import not_in_source
from bot.replies.formats import names_day


def apply(session: Session, document: AnnouncementDocument, signed: Signed, approved_by: str) -> None:
    """Publish the records and make the changes; the caller's transaction makes it all or nothing.

    Args:
        signed: who publishes, and why; the announcement and its day are added.
        approved_by: stands in the records.

    Raises:
        KnowledgeError: something is wrong; one sentence says what to do.
    """
    where = f"announcement '{document.id}'"
    check_records(session, document)
    signed = replace(signed, known_from=document.made_public, announcement=document.id)
    for event in document.events:
        _within(where, begin, session, event, signed)
    for place in document.places:
        _within(where, bring_place, session, place, signed)
    for place_change in document.place_changes:
        _within(where, change_place, session, place_change, signed)
    first = [change for change in document.changes if change.withdraw_from]
    for change in first:
        _change(session, change, signed)
    session.flush()
    records = [record.copy(update={"approved_by": approved_by}) for record in document.records]
    publish_records(session, document.new_sources, records, signed, where)
    for change in document.changes:
        if change not in first:
            _change(session, change, signed)
    for event_change in document.event_changes:
        _within(where, _change_event, session, event_change, signed)
    session.flush()
    _check_time_between(session, document)
    _check_days_in_texts(session, document)


def _within(where: str, act: Callable[..., object], *arguments: object) -> None:
    """Do something for an announcement, which its errors name."""
    try:
        act(*arguments)
    except KnowledgeError as error:
        raise KnowledgeError(f"{where}: {error}") from error


def _change_event(session: Session, change: EventChange, signed: Signed) -> None:
    if change.end_on:
        end(session, change.end_on, signed.who, change.event, signed)
    elif change.official_end:
        set_official_end(session, change.event, change.official_end, signed)
    else:
        reopen(session, signed.who, change.event, signed)


def _change(session: Session, change: RecordChange, signed: Signed) -> None:
    if change.withdraw_from:
        withdraw(session, change.record, change.withdraw_from, signed)
    elif change.move_to:
        move(session, change.record, change.move_to, signed)
    elif change.correct:
        correct(
            session, change.record, change.correct, replace(signed, known_from=change.known_from or signed.known_from)
        )
    else:
        restore(session, change.record, signed)


def check_records(session: Session, document: AnnouncementDocument) -> None:
    """What one record, or two, can have wrong without a look at the facts.

    Raises:
        KnowledgeError: with record and reason.
    """
    questions = {name for one in all_questions() for name in (one.name, one.about, one.intent) if name}
    if unknown := [name for name in document.keeps if name not in questions]:
        raise KnowledgeError(
            f"announcement '{document.id}': keeps: there is no question '{unknown[0]}'"
            f"{did_you_mean(unknown[0], questions)}; 'bot announcement questions' lists them all."
        )
    for record in document.records:
        _check_one(session, record, document)
    for one, other in combinations(document.records, 2):
        _check_two(one, other, document)


def _check_one(session: Session, record: FactRecord, document: AnnouncementDocument) -> None:
    where, public = f"announcement '{document.id}': record '{record.id}'", document.made_public
    published = {*all_published(session), *(place.id for place in document.places)}
    places = {question.place for question in all_questions() if question.place} | published
    if unknown := [place for place in record.places if place not in places]:
        meant = did_you_mean(unknown[0], places)
        raise KnowledgeError(
            f"{where}: there is no place '{unknown[0]}'{meant}; the places are {', '.join(sorted(places))}."
        )
    if public and record.valid_from < public:
        raise KnowledgeError(
            f"{where}: it begins on {record.valid_from.isoformat()}, before the announcement was made public on "
            f"{public.isoformat()}; give valid_from: {public.isoformat()} or later, or correct made_public."
        )
    try:
        covers_of(record, published)
    except KnowledgeError as error:
        raise KnowledgeError(f"{where}: {error}") from error
    _check_quote(session, record, document, where)


def _check_quote(session: Session, record: FactRecord, document: AnnouncementDocument, where: str) -> None:
    wording = wording_of(session, record.source, document)
    if record.quote and wording and (part := not_in_source(record.quote, wording)):
        raise KnowledgeError(f"{where}: {unquoted(record.source, part)}.")


def unquoted(source: str, part: str) -> str:
    """That a part of a quote is not in its source, and what to do."""
    return f"the source '{source}' does not say {part[:120]!r}; quote it word for word, with […] for what you leave out"


def _check_two(one: FactRecord, other: FactRecord, document: AnnouncementDocument) -> None:
    where = f"announcement '{document.id}'"
    if one.id == other.id:
        raise KnowledgeError(f"{where}: record '{one.id}' stands twice; give one of them another id.")
    published = {place for record in (one, other) for place in record.places}
    together = covers_of(one, published).keys() & covers_of(other, published).keys()
    if together and _overlap(one, other):
        raise KnowledgeError(
            f"{where}: the records '{one.id}' and '{other.id}' both answer '{sorted(together)[0]}'; leave that "
            "question out in one of them."
        )


def _overlap(one: FactRecord, other: FactRecord) -> bool:
    ends = [record.valid_until if isinstance(record.valid_until, date) else date.max for record in (one, other)]
    return max(one.valid_from, other.valid_from) <= min(ends)


def _check_time_between(session: Session, document: AnnouncementDocument) -> None:
    """What is announced for a later day, or put off, needs words for the time until then."""
    for fact in changed_by(session, document.id, (VersionAct.PUBLISHED, VersionAct.MOVED)):
        public, last, former = document.made_public, last_day(fact), _former_day(session, fact, document)
        begins = last is None or last >= fact.valid_from
        waited = former is not None and public is not None and former > public
        if public and public < fact.valid_from and begins and not (fact.coming_texts or waited):
            raise KnowledgeError(
                f"announcement '{document.id}': record '{fact.id}': it is known from {public.isoformat()} and begins "
                f"on {fact.valid_from.isoformat()}; add 'coming', which is said in between (lv and en)."
            )


def _check_days_in_texts(session: Session, document: AnnouncementDocument) -> None:
    """A record that is moved must not go on naming its former day."""
    for change in document.changes:
        fact = session.get(Fact, change.record)
        former = _former_day(session, fact, document)
        if former is None or former == fact.valid_from:
            continue
        for texts in (fact.texts, fact.shorts, fact.coming_texts, fact.coming_shorts):
            for language, text in (texts or {}).items():
                if names_day(text, former, language):
                    raise KnowledgeError(
                        f"announcement '{document.id}': record '{fact.id}' begins on {fact.valid_from.isoformat()} "
                        f"now, but its text in '{language}' names {former.isoformat()}; correct the text in the same "
                        "announcement (another entry of 'changes'), or write {begins_on} in place of the day."
                    )


def _former_day(session: Session, fact: Fact, document: AnnouncementDocument) -> date | None:
    others = (FactVersion.announcement_id.is_(None)) | (FactVersion.announcement_id != document.id)
    query = select(FactVersion.valid_from).where(FactVersion.fact_id == fact.id, others)
    former: date | None = session.execute(query.order_by(FactVersion.number.desc()).limit(1)).scalar()
    return former


def changed_by(session: Session, announcement: str, acts: Iterable[VersionAct] = VersionAct) -> list[Fact]:
    """The records whose latest version an announcement made, by one of these acts."""
    latest = select(Fact).join(FactVersion, (FactVersion.fact_id == Fact.id) & (FactVersion.number == Fact.number))
    made = latest.where(FactVersion.announcement_id == announcement, FactVersion.act.in_([*acts]))
    return list(session.execute(made.order_by(Fact.id)).scalars())
