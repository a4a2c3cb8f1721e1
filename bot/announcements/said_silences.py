"""Which answers say that something is not announced, beside an announcement about the same.

"No reopening date has been announced" contradicts a record that names the day, also where no record ends: it is about
the same topic, and its source is another one. What the same source says is taken as one.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from bot.announcements.announced_change import SILENCE, AnnouncedChange, SaidAnew
from bot.announcements.questions import AnswerableQuestion, keys_of_question, said
from bot.knowledge.fact_list import fact_list
from bot.knowledge.facts_on_day import ANSWER, FactOnDay, FactStatus
from bot.knowledge.remembered import facts_now
from bot.replies.dated_facts import dated_facts
from bot.settings import LANGUAGES

LAST = 60  # characters of a text by which it is found in an answer


class SaidSilences:
    """The silences that answers say in a state of the facts in which an announcement is published."""

    def __init__(self, copy: Session, change: AnnouncedChange) -> None:
        self._copy, self._change = copy, change
        records = facts_now(copy).records
        no_day = fact_list().no_day
        # A later silence of the same key says the same of its own announcement, whose rows are no numbers.
        self._no_day_keys = {
            key for key, several in records.items() if any(no_day & set(record.rows[:1]) for record in several)
        }

    def without_day(self, question: AnswerableQuestion, day: date) -> FactOnDay | None:
        """What an answer says on a day of no day being named, where a record of its topic names one."""
        naming = [one for one in self._about(question) if one.names_day and _of_topic(one, question)]
        if not naming:
            return None
        no_day = fact_list().no_day
        facts = self._said(question, day, naming)
        saying = (fact for fact in facts if no_day & set(fact.rows) or self._is_later(fact))
        return next((replace(fact, rows=_only(fact.rows, no_day)) for fact in saying), None)

    def _is_later(self, fact: FactOnDay) -> bool:
        return fact.kind == SILENCE and fact.key in self._no_day_keys

    def beside(self, question: AnswerableQuestion, day: date) -> FactOnDay | None:
        """A silence that an answer says on a day, where a record is about the same topic and place."""
        about = [one for one in self._about(question) if question.intent in one.touched | one.led | one.taken]
        facts = self._said(question, day, about) if about else []
        return next((fact for fact in facts if fact.kind == SILENCE and ANSWER not in fact.key), None)

    def _about(self, question: AnswerableQuestion) -> list[SaidAnew]:
        """The announcement's records about a question's place; a question without one is about all of them."""
        return [one for one in self._change.said if question.place is None or question.place in one.places]

    def _said(self, question: AnswerableQuestion, day: date, beside: Iterable[SaidAnew]) -> list[FactOnDay]:
        """The facts of other sources that an answer says."""
        text = said(self._copy, question, LANGUAGES[-1], day).text
        facts = dated_facts(self._copy, keys_of_question(question), day).values()
        own = {one.source for one in beside}
        return [fact for fact in facts if _is_in(fact, text) and not self._is_own(fact, own)]

    def _is_own(self, fact: FactOnDay, sources: set[str]) -> bool:
        source = fact.source.id if fact.source else None
        return fact.id in self._change.brought or source in sources


def _only(rows: tuple[str, ...], wanted: frozenset[str]) -> tuple[str, ...]:
    """Those of some rows that are wanted; all, where none is."""
    return tuple(row for row in rows if row in wanted) or rows


def _of_topic(one: SaidAnew, question: AnswerableQuestion) -> bool:
    """Whether a record leads the topic's answers, or takes over all its questions."""
    return question.intent in one.led | one.taken


def _is_in(fact: FactOnDay, text: str) -> bool:
    own = (fact.texts or {}).get(LANGUAGES[-1], "")
    # Its end is looked for: the first word ("No, …") is left out where it was not asked for.
    return fact.status is FactStatus.IN_FORCE and bool(own) and own[-LAST:] in text
