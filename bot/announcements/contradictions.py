"""Answers that would contradict an announcement, the most certain first.

An answer contradicts where it falls back to what was said before an earlier announcement, where it says that no day is
named although the announcement names one, or where it goes on as before although it rests on the same rows of the fact
list as a record that ends. Whether an answer stays true all the same, a person says (`keeps`).
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from sqlalchemy.orm import Session

from bot.announcements.announced_change import AnnouncedChange, announced_change
from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.questions import AnswerableQuestion, all_questions, said
from bot.announcements.said_silences import SaidSilences
from bot.knowledge.facts_on_day import FactOnDay, look_up
from bot.knowledge.published_places import all_published
from bot.replies.reply import Reply
from bot.settings import LANGUAGES

IN_ENGLISH = LANGUAGES[-1]  # the language of what operators read


class Reason(StrEnum):
    """Why an answer contradicts; the most certain first."""

    FALLS_BACK = "says again what was said before an earlier announcement"
    NAMES_NO_DAY = "says that no day is named, and the announcement names one"
    RESTS_MAINLY = "rests mainly on what ends"
    RESTS_PARTLY = "rests partly on what ends"
    SAYS_NOTHING = "says that something is not announced, about what the announcement is about"


@dataclass(frozen=True)
class ContradictingAnswer:
    """An answer that contradicts an announcement, or (`SAYS_NOTHING`) may do so.

    Attributes:
        text: what it says on the day on which the announcement is known, in English.
        record: the record because of which: the one that ends, that would be said again, or that says nothing.
        rows: of the fact list, on which both rest.
        conveyed: all rows that the answer conveys; two answers with the same ones repeat one another.
    """

    question: AnswerableQuestion
    text: str
    reason: Reason
    record: str
    rows: tuple[str, ...] = ()
    conveyed: frozenset[str] = frozenset()


def days_of(document: AnnouncementDocument) -> list[date]:
    """The days on which an announcement is known, or something of it begins."""
    if document.made_public is None:
        return []
    days = {record.valid_from for record in document.records}
    days |= {day for change in document.changes for day in (change.withdraw_from, change.move_to) if day}
    return sorted({document.made_public} | {day for day in days if day >= document.made_public})


class ContradictionSearch:
    """Looks at every question beside an announcement.

    Args:
        session: before it; copy: a session on a copy of the facts in which it is published.
    """

    def __init__(self, session: Session, copy: Session, document: AnnouncementDocument) -> None:
        self._before, self._after, self._document = session, copy, document
        self._days = days_of(document)
        self._change: AnnouncedChange = announced_change(copy, document)
        self._silences = SaidSilences(copy, self._change)
        places = all_published(session)
        questions = all_questions(places) if self._days else ()
        self._questions = [question for question in questions if not self._is_kept(question)]

    def _is_kept(self, question: AnswerableQuestion) -> bool:
        return not {question.name, question.about, question.intent}.isdisjoint(self._document.keeps)

    @cached_property
    def contradictions(self) -> tuple[ContradictingAnswer, ...]:
        """The answers that contradict, most certain first, each once."""
        found = (self._fallen(one) or self._no_day(one) or self._resting(one) for one in self._questions)
        return tuple(sorted(filter(None, found), key=lambda one: [*Reason].index(one.reason)))

    @cached_property
    def silences(self) -> tuple[ContradictingAnswer, ...]:
        """The other answers about the same that say that something is not announced; each may stay true."""
        contradicting = {one.question for one in self.contradictions}
        others = (question for question in self._questions if question not in contradicting)
        return tuple(filter(None, map(self._silent, others)))

    def _silent(self, question: AnswerableQuestion) -> ContradictingAnswer | None:
        for day in self._days:
            if fact := self._silences.beside(question, day):
                return self._found(question, day, fact, Reason.SAYS_NOTHING)
        return None

    def _found(self, question: AnswerableQuestion, day: date, fact: FactOnDay, reason: Reason) -> ContradictingAnswer:
        reply = said(self._after, question, IN_ENGLISH, day)
        conveyed = frozenset(reply.conveyed.rows)
        return ContradictingAnswer(question, reply.text, reason, fact.id or fact.key, fact.rows, conveyed)

    def _fallen(self, question: AnswerableQuestion) -> ContradictingAnswer | None:
        """An answer that an earlier announcement took over and that says again what it said before that."""
        key = question.answer.lead
        for day in self._days:
            before, after = (look_up(one, [key], day)[key] for one in (self._before, self._after))
            if before.opening is not None and after.opening is None:
                return self._found(question, day, before, Reason.FALLS_BACK)
        return None

    def _no_day(self, question: AnswerableQuestion) -> ContradictingAnswer | None:
        for day in self._days:
            if fact := self._silences.without_day(question, day):
                return self._found(question, day, fact, Reason.NAMES_NO_DAY)
        return None

    def _resting(self, question: AnswerableQuestion) -> ContradictingAnswer | None:
        """An answer that does not differ, and rests on rows that end."""
        ended = self._change.ended_rows
        if not ended or (question.place and question.place not in self._change.places):
            return None
        now = {day: said(self._after, question, IN_ENGLISH, day) for day in self._days}
        found = next((one for reply in now.values() if (one := self._shared(question, reply))), None)
        # Few answers share a row with what ends, so only theirs are composed from the facts before it too.
        if found and any(said(self._before, question, IN_ENGLISH, day).text != now[day].text for day in self._days):
            return None
        return found

    def _shared(self, question: AnswerableQuestion, reply: Reply) -> ContradictingAnswer | None:
        rows, ended = reply.conveyed.rows, self._change.ended_rows
        shared = tuple(row for row in rows if row in ended)
        if not shared:
            return None
        reason = Reason.RESTS_MAINLY if rows[0] in ended else Reason.RESTS_PARTLY
        return ContradictingAnswer(question, reply.text, reason, ended[shared[0]], shared, frozenset(rows))
