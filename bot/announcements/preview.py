"""What an announcement changes: every answer that would differ, old beside new, as each channel gives it.

Composed by what composes answers for customers, on a copy of the facts; nothing that is in force is touched.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.checking import tried_out
from bot.announcements.questions import (
    AnswerableQuestion,
    all_questions,
    keys_of_question,
    published_question,
    said,
)
from bot.domain_names import Intent
from bot.knowledge.emergency_events import all_events
from bot.knowledge.facts_on_day import look_up
from bot.knowledge.follow_ups import aspect_of
from bot.knowledge.models import EventVersion, FactVersion
from bot.knowledge.published_places import all_published
from bot.knowledge.published_topics import PublishedTopic, topics_now
from bot.knowledge.remembered import facts_now
from bot.knowledge.remembered_events import events_known_on
from bot.known_channels import MESSENGER, PHONE, WEB
from bot.replies.event_texts import CAUTION
from bot.replies.reply import Reply, rendered_text
from bot.replies.speech import spoken
from bot.settings import LANGUAGES
from bot.words.question_form import QuestionForm

NEXT_DAY = timedelta(days=1)
NOT_UNDERSTOOD = Reply("")  # a topic of its own that is not published
ASKED = (QuestionForm.OPEN, QuestionForm.WHETHER)  # with a question word; wanting a yes or a no


@dataclass(frozen=True)
class Shown:
    """An answer as each channel gives it: on the website, in Messenger, and as it is spoken on the phone."""

    web: str
    messenger: str
    spoken: str


@dataclass(frozen=True)
class AnswerChange:
    """An answer that would differ.

    Attributes:
        days: days on which it differs in this way; of those on which something changes, and the days before.
        asks: the ways of asking for which it does.
        again: whether it is the answer where the question was answered before.
    """

    question: AnswerableQuestion
    language: str
    days: tuple[date, ...]
    asks: tuple[QuestionForm, ...]
    again: bool
    before: Shown
    after: Shown


@dataclass(frozen=True)
class _Case:
    question: AnswerableQuestion
    language: str
    again: bool
    day: date
    asks: QuestionForm
    before: Reply
    after: Reply


def preview(session: Session, document: AnnouncementDocument) -> list[AnswerChange]:
    """Every answer that an announcement would change, in both languages, on every day on which something changes.

    Raises:
        KnowledgeError: it cannot be published.
    """
    with tried_out(session, document) as copy:
        return changes_between(session, copy, days_of_change(copy, document))


def topics_asked(session: Session, day: date) -> dict[str, PublishedTopic]:
    """The topics with questions of their own that are understood on a day, by key."""
    return {topic.key: topic for topic in topics_now(session, day).topics}


def days_of_change(copy: Session, document: AnnouncementDocument) -> list[date]:
    """The days on which an announcement changes something, each with the day before."""
    found = {document.made_public}
    query = select(FactVersion).where(FactVersion.announcement_id == document.id)
    for version in copy.execute(query).scalars():
        found |= {version.known_from, version.valid_from, version.withdrawn_from}
        found |= {version.valid_until + NEXT_DAY if version.valid_until else None}
    events = select(EventVersion).where(EventVersion.announcement_id == document.id)
    for event in copy.execute(events).scalars():
        ends = [end + NEXT_DAY for end in (event.ended_on, event.official_end) if end]
        found |= {event.known_from, event.began_on, *ends}
    days = {day for day in found if day is not None}
    return sorted(days | {day - NEXT_DAY for day in days})


def changes_between(
    session: Session, other: Session, days: Iterable[date], languages: Sequence[str] = LANGUAGES
) -> list[AnswerChange]:
    """Every answer that differs between two states of the facts on one of these days.

    Before a topic with questions of its own is published, and once it is withdrawn, nothing is shown for it: its
    questions are then understood as something else.
    """
    cases = [case for day in days for case in _cases_on(session, other, day, languages)]

    def same(case: _Case) -> tuple[object, ...]:
        shown = (case.before.text, case.after.text, _sources(case.before), _sources(case.after))
        return case.question.name, case.language, case.again, *shown

    cases.sort(key=lambda case: (same(case)[:3], case.day))
    by_place = {case.question: number for number, case in enumerate(cases)}
    groups = [list(group) for _, group in groupby(sorted(cases, key=same), key=same)]
    groups.sort(key=lambda group: (by_place[group[0].question], group[0].language, group[0].again, group[0].day))
    return [_change(group) for group in groups]


def _sources(reply: Reply) -> str:
    return " ".join(source.id for source in reply.sources)


def _change(cases: list[_Case]) -> AnswerChange:
    first = cases[0]
    return AnswerChange(
        question=first.question,
        language=first.language,
        days=tuple(dict.fromkeys(sorted(case.day for case in cases))),
        asks=tuple(form for form in ASKED if any(case.asks is form for case in cases)),
        again=first.again,
        before=shown(first.before, first.language),
        after=shown(first.after, first.language),
    )


def shown(reply: Reply, language: str) -> Shown:
    """A reply as each channel gives it."""
    return Shown(
        web=rendered_text(reply, language, WEB),
        messenger=rendered_text(reply, language, MESSENGER),
        spoken=spoken(rendered_text(reply, language, PHONE), language),
    )


def _cases_on(session: Session, other: Session, day: date, languages: Sequence[str]) -> Iterator[_Case]:
    own = {*topics_asked(session, day), *topics_asked(other, day)}
    questions = list(all_questions({*all_published(session), *all_published(other)}))
    questions += [published_question(key) for key in sorted(own)]
    cautions = {CAUTION.format(event=event.id) for event in (*all_events(session), *all_events(other))}
    changed = _changed_keys(session, other, day, questions, cautions)
    for question in questions:
        # A caution is added to any answer that depends on its event; news, to answers whose own facts stay the same.
        if question.answer.news or not changed.isdisjoint(keys_of_question(question) | cautions):
            for language in languages:
                yield from _differing(session, other, question, language, day)


def _differing(
    session: Session, other: Session, question: AnswerableQuestion, language: str, day: date
) -> Iterator[_Case]:
    for again in (False, True) if question.answer.again else (False,):
        for asks in ASKED:
            before, after = (_answered(one, question, language, day, asks, again=again) for one in (session, other))
            if (before.text, before.sources) != (after.text, after.sources):
                yield _Case(question, language, again, day, asks, before, after)


def _answered(
    session: Session, question: AnswerableQuestion, language: str, day: date, asks: QuestionForm, *, again: bool
) -> Reply:
    topic = aspect_of(question.about) if question.intent == Intent.ASK_PUBLISHED_TOPIC else None
    if topic and topic not in topics_asked(session, day):
        return NOT_UNDERSTOOD
    return said(session, question, language, day, asks, again=again)


def _changed_keys(
    session: Session, other: Session, day: date, questions: Iterable[AnswerableQuestion], cautions: set[str]
) -> set[str]:
    keys = {key for question in questions for key in keys_of_question(question)} | cautions
    before, after = look_up(session, keys, day), look_up(other, keys, day)
    changed = {key for key in keys if before[key] != after[key]}
    if _open_events(session, day) == _open_events(other, day):
        return changed
    # Beside a second event, an answer says because of which one a fact holds.
    return changed | {key for key in keys if after[key].event}


def _open_events(session: Session, day: date) -> list[str]:
    return [event.id for event in events_known_on(facts_now(session).events, day) if event.is_open_on(day)]
