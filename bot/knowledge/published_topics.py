"""Topics that are published with questions of their own: they are answered without training (`bot.nlu.topic_matcher`).

A published fact may say how customers ask about it. Its key is then a topic: the aspect of the intent
`ask_published_topic`, which has no answer of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.domain_names import Intent
from bot.knowledge.facts_on_day import FactOnDay, FactStatus, look_up
from bot.knowledge.follow_ups import aspect_of
from bot.knowledge.models import TopicQuestions
from bot.knowledge.remembered import facts_now
from bot.knowledge.topics import Topic, topics

# A topic that was withdrawn is not understood any more: it may have been withdrawn for taking other questions.
_ANSWERED = frozenset({FactStatus.IN_FORCE, FactStatus.ENDED})
_NEXT = (Intent.ASK_EMERGENCY_CHANGES, Intent.ASK_CONTACT, Intent.REQUEST_HUMAN)


@dataclass(frozen=True)
class PublishedTopic:
    """A topic with the questions that it was published with.

    Attributes:
        key: of its facts.
        titles: of its button, by language; texts: what is answered, by language; questions: examples, by language.
    """

    key: str
    titles: dict[str, str]
    texts: dict[str, str]
    questions: dict[str, list[str]]

    @property
    def question(self) -> str:
        """The topic as a question within its intent."""
        return question_of_key(self.key)


@dataclass(frozen=True)
class TopicsOnDay:
    """The topics that are answered on a day, with the version of the facts that they are from."""

    version: str
    day: date
    topics: tuple[PublishedTopic, ...]


_known: WeakKeyDictionary[Engine, TopicsOnDay] = WeakKeyDictionary()


def question_of_key(key: str) -> str:
    """The question of a published topic, such as `ask_published_topic/bill_dates`."""
    return f"{Intent.ASK_PUBLISHED_TOPIC}/{key}"


def topic_asked(intent: str, about: str | None) -> Topic:
    """Which facts answer a question: those of `topics.yml`, or the one fact of a published topic."""
    key = aspect_of(about)
    if intent == Intent.ASK_PUBLISHED_TOPIC and key:
        return Topic(lead=key, say=(key,), next=_NEXT)
    return topics()[intent]


def topics_now(session: Session, day: date) -> TopicsOnDay:
    """The published topics that are answered on a day; cached until the facts change, or the day.

    Raises:
        SQLAlchemyError: the version of the facts cannot be read.
    """
    engine, version = session.connection().engine, facts_now(session).version
    known = _known.get(engine)
    if known is None or (known.version, known.day) != (version, day):
        known = _known[engine] = TopicsOnDay(version, day, tuple(_read(session, day)))
    return known


def _read(session: Session, day: date) -> Iterable[PublishedTopic]:
    asked = list(session.execute(select(TopicQuestions).order_by(TopicQuestions.key)).scalars())
    states = look_up(session, [one.key for one in asked], day)
    for one in asked:
        if states[one.key].status in _ANSWERED:
            yield PublishedTopic(one.key, one.titles, _said(states[one.key]), one.questions)


def _said(fact: FactOnDay) -> dict[str, str]:
    return dict(fact.texts or {})
