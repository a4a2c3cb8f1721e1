"""Questions that get a new text about something else, because an announcement names their whole topic.

"The centre opens on 18 May" under `answers: [ask_place_closed]` also answers "in which street is it?". A question is
about the first row of the fact list on which its answer rests; where that is not among the rows that the announcement
ends or answers, the new text shares nothing with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.announcements.announced_change import AnnouncedChange, announced_change
from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.questions import AnswerableQuestion, all_questions, said
from bot.knowledge.fact_list import fact_list
from bot.knowledge.facts_on_day import look_up
from bot.knowledge.records import FactRecord
from bot.settings import LANGUAGES


@dataclass(frozen=True)
class SwallowedQuestion:
    """A question with a new text about something else.

    Attributes:
        record: id of the record that takes it over; topic: that is named whole.
        before, after: what is and would be said on the day on which the announcement is known, in English.
        row: of the fact list, on which the former answer rests first.
    """

    question: AnswerableQuestion
    record: str
    topic: str
    row: str
    before: str
    after: str


def swallowed_questions(session: Session, copy: Session, document: AnnouncementDocument) -> Iterator[SwallowedQuestion]:
    """The questions that records take over with their whole topic, although they are about something else.

    Args:
        session: before the announcement; copy: a session in which it is published.
    """
    if document.made_public is None:
        return
    change = announced_change(copy, document)
    single = {taken.question for record in document.records for taken in record.answers if "/" in taken.question}
    for record in document.records:
        whole = {taken.question for taken in record.answers if "/" not in taken.question}
        answered = _answered_rows(record, change)
        for question in _taken(record, whole):
            if (
                question.about not in single
                and (row := _main_row(session, question, document.made_public)) not in answered
            ):
                texts = [said(one, question, LANGUAGES[-1], document.made_public).text for one in (session, copy)]
                if row and texts[0] != texts[1]:
                    yield SwallowedQuestion(question, record.id, question.intent, row, *texts)


def _taken(record: FactRecord, topics: set[str]) -> Iterator[AnswerableQuestion]:
    places: set[str | None] = {*record.places} or {None}
    for question in all_questions():
        if question.about and question.intent in topics and question.place in places:
            yield question


def _answered_rows(record: FactRecord, change: AnnouncedChange) -> set[str]:
    own = next((one for one in change.said if one.id == record.id), None)
    no_day = fact_list().no_day if own and own.names_day else frozenset()
    return {*record.rows, *change.ended_rows, *no_day}


def _main_row(session: Session, question: AnswerableQuestion, day: date) -> str | None:
    key = question.answer.lead
    rows = look_up(session, [key], day)[key].rows
    return rows[0] if rows else None
