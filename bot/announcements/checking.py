"""What is wrong with an announcement, and which answers would contradict it.

An answer contradicts where it goes on as before although it rests on the same rows of the fact list as a record that
ends: "no date has been announced" or "the centre in Riga is closed", beside the day on which that opens. So does one
that an earlier announcement took over and that would fall back to what was said before. Whether an answer stays true
all the same, a person says (`keeps`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import NOBODY_YET, AnnouncementDocument
from bot.announcements.applying import apply
from bot.announcements.questions import AnswerableQuestion, all_questions, said
from bot.announcements.scratch_copy import renew, scratch_copy
from bot.announcements.source_wordings import wording_of
from bot.knowledge.fact_versions import Signed
from bot.knowledge.facts_on_day import look_up
from bot.knowledge.models import Fact, FactVersion
from bot.knowledge.published_places import PLACE_KEY, all_published
from bot.knowledge.records import KnowledgeError
from bot.settings import LANGUAGES

IN_ENGLISH = LANGUAGES[-1]  # the language of what operators read


@dataclass(frozen=True)
class ContradictingAnswer:
    """An answer that an announcement does not change although what it rests on ends.

    Attributes:
        text: what it says on the day on which the announcement is known, in English.
    """

    question: AnswerableQuestion
    text: str


@dataclass(frozen=True)
class AnnouncementCheck:
    """What was found.

    Attributes:
        problem: why it cannot be published, in a sentence that says what to do; None where it can.
        contradictions: answers that would go on as before; empty where there is a problem.
        unchecked: ids of sources without a text, so that no quote was looked up.
    """

    problem: str | None
    contradictions: tuple[ContradictingAnswer, ...] = ()
    unchecked: tuple[str, ...] = ()


def check(session: Session, document: AnnouncementDocument) -> AnnouncementCheck:
    """Check an announcement against the facts, on a copy."""
    try:
        with tried_out(session, document) as copy:
            contradictions = tuple(_as_before(session, copy, document))
    except KnowledgeError as error:
        return AnnouncementCheck(str(error))
    named = {record.source for record in document.records if record.quote}
    unchecked = tuple(sorted(source for source in named if not wording_of(session, source, document)))
    return AnnouncementCheck(None, contradictions, unchecked)


def try_out(session: Session, document: AnnouncementDocument) -> None:
    """Publish an announcement on a copy only.

    Raises:
        KnowledgeError: it cannot be published.
    """
    with tried_out(session, document):
        pass


@contextmanager
def tried_out(session: Session, document: AnnouncementDocument) -> Iterator[Session]:
    """A session on a copy of the facts in which the announcement is published.

    Raises:
        KnowledgeError: it cannot be published.
    """
    with scratch_copy(session) as copy:
        apply(copy, document, Signed("trying out"), NOBODY_YET)
        renew(copy)
        yield copy


def contradicted(session: Session, document: AnnouncementDocument) -> list[str]:
    """The names of the questions whose answers would contradict."""
    with tried_out(session, document) as copy:
        return [one.question.name for one in _as_before(session, copy, document)]


def _as_before(session: Session, copy: Session, document: AnnouncementDocument) -> Iterator[ContradictingAnswer]:
    rows, places, days = _rows_that_end(copy, document), _places(document), _days(document)
    if not (days and rows):
        return
    for question in all_questions(all_published(session)):
        if _is_kept(question, document):
            continue
        now = {day: said(copy, question, IN_ENGLISH, day) for day in days}
        if fallen := next((day for day in days if _falls_back(session, copy, question, day)), None):
            yield ContradictingAnswer(question, now[fallen].text)
        if question.place and question.place not in places:
            continue
        differs = any(said(session, question, IN_ENGLISH, day).text != now[day].text for day in days)
        if not differs and (still := next((one for one in now.values() if rows & set(one.conveyed.rows)), None)):
            yield ContradictingAnswer(question, still.text)


def _falls_back(session: Session, copy: Session, question: AnswerableQuestion, day: date) -> bool:
    """Whether an answer that an earlier announcement took over says again what it said before that."""
    key = question.answer.lead
    before, after = (look_up(one, [key], day)[key] for one in (session, copy))
    return before.opening is not None and after.opening is None


def _days(document: AnnouncementDocument) -> list[date]:
    """The days on which the announcement is known, or something of it begins."""
    if document.made_public is None:
        return []
    days = {record.valid_from for record in document.records}
    days |= {day for change in document.changes for day in (change.withdraw_from, change.move_to) if day}
    return sorted({document.made_public} | {day for day in days if day >= document.made_public})


def _is_kept(question: AnswerableQuestion, document: AnnouncementDocument) -> bool:
    return not {question.name, question.about, question.intent}.isdisjoint(document.keeps)


def _rows_that_end(copy: Session, document: AnnouncementDocument) -> set[str]:
    """The rows of the fact list of the records that the announcement ends, without those that its own rest on."""
    query = select(FactVersion.fact_id).where(FactVersion.announcement_id == document.id)
    new = {record.id for record in document.records}
    ended = set(copy.execute(query).scalars()) - new
    ending = Fact.withdrawn_from.isnot(None)
    rows = copy.execute(select(Fact.rows).where(Fact.id.in_(ended), ending)).scalars()
    return {row for found in rows for row in found} - {row for record in document.records for row in record.rows}


def _places(document: AnnouncementDocument) -> set[str]:
    named = {place for record in document.records for place in record.places}
    return named | {
        record.key.removeprefix(PLACE_KEY) for record in document.records if record.key.startswith(PLACE_KEY)
    }
