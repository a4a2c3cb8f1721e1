"""Answers that still speak of the end of a former event while another of the same kind is in force.

Such an answer is true: it says that nothing about this is known of the event in force, and what was announced for the
former one. But whoever announces something for the new event may have meant it to be answered otherwise.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.questions import AnswerableQuestion, all_questions, said
from bot.knowledge.facts_on_day import ANSWER, FactStatus, look_up
from bot.knowledge.published_places import all_published
from bot.knowledge.records import UntilEvent
from bot.knowledge.remembered import facts_now
from bot.knowledge.remembered_events import Event, event_on, later_namesake
from bot.replies.event_texts import unknown_of_later
from bot.settings import LANGUAGES


@dataclass(frozen=True)
class FormerEventAnswer:
    """An answer that rests on a record which ended with the former event.

    Attributes:
        former, event: ids of the events; record: id of the record.
        key: of the record, where it leads the answers of a whole topic; None where it answers this question only.
        text: what is said on the first day of the event in force, in English.
    """

    question: AnswerableQuestion
    former: str
    event: str
    record: str
    key: str | None
    text: str


@dataclass(frozen=True)
class FormerEventGroup:
    """Those of one topic.

    Attributes:
        questions: their names; keys: of the records that lead whole topics among them.
        text: what the first of them says.
    """

    former: str
    event: str
    topic: str
    questions: tuple[str, ...]
    keys: tuple[str, ...]
    text: str


def former_event_answers(copy: Session, document: AnnouncementDocument) -> Iterator[FormerEventAnswer]:
    """The answers that would speak of a former event on the first day of one that an announcement is about.

    Args:
        copy: a session in which the announcement is published.
    """
    named = {event.id for event in document.events}
    named |= {record.valid_until.event for record in document.records if isinstance(record.valid_until, UntilEvent)}
    for event_id in sorted(named):
        yield from _beside(copy, event_id, document.made_public)


def _beside(copy: Session, event_id: str, public: date | None) -> Iterator[FormerEventAnswer]:
    events = facts_now(copy).events
    latest = next(iter(events.get(event_id, ())), None)
    if latest is None:
        return
    day = max(latest.began_on, public or latest.began_on)
    found = event_on(events, event_id, day)
    if found is None or not _follows(events.values(), found, day):
        return
    for question in all_questions(all_published(copy)):
        lead = look_up(copy, [question.answer.lead], day)[question.answer.lead]
        if lead.status is not FactStatus.ENDED or lead.event is None:
            continue
        told = unknown_of_later(copy, lead, LANGUAGES[-1], day)
        text = said(copy, question, LANGUAGES[-1], day).text
        if told and told in text:
            key = None if ANSWER in lead.key else lead.key
            yield FormerEventAnswer(question, lead.event.id, event_id, lead.id or lead.key, key, text)


def _follows(events: Iterable[Iterable[Event]], found: Event, day: date) -> bool:
    """Whether an event follows another that is called the same."""
    latest = [next(iter(versions)) for versions in events if versions]
    return any(later_namesake([found], former, day) for former in latest)


def by_topic(found: Iterable[FormerEventAnswer]) -> list[FormerEventGroup]:
    """Answers in groups, by event and topic, in the order of the questions."""
    several = sorted(found, key=lambda one: (one.former, one.event))
    groups = groupby(several, key=lambda one: (one.former, one.event, one.question.intent))
    return [_group(*key, list(answers)) for key, answers in groups]


def _group(former: str, event: str, topic: str, answers: list[FormerEventAnswer]) -> FormerEventGroup:
    keys = dict.fromkeys(one.key for one in answers if one.key)
    names = tuple(one.question.name for one in answers)
    return FormerEventGroup(former, event, topic, names, tuple(keys), answers[0].text)
