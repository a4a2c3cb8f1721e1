"""What a message means after what was answered before: the likeliest meaning, weighed by the topic of the conversation.

A short message ("surely two weeks' grace?", "and the office?") seldom says what it is about. The classifier then
spreads its confidence over many meanings; those that continue the topic are likelier than the others.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Extra

from bot.data_files import read_model
from bot.domain_names import Intent
from bot.knowledge.follow_ups import aspect_of, follow_ups, meant, topic_of
from bot.knowledge.records import KNOWLEDGE, KnowledgeError
from bot.parse_result import Guess

MOSTLY = 0.4  # share of the confidence that lies on questions from which one of them is answered
PATH = KNOWLEDGE / "context.yml"


class _AfterAlarm(BaseModel):
    money: list[str]
    together: float
    others: list[str]
    surely: float
    never_in_despair: list[str]

    class Config:
        extra = Extra.forbid


class _Context(BaseModel):
    same: float
    near: float
    after_alarm: _AfterAlarm
    away: dict[str, float]
    neighbours: dict[str, list[str]]

    class Config:
        extra = Extra.forbid


@dataclass(frozen=True)
class Context:
    """How much likelier a meaning becomes: where it continues the topic (`same`), or one beside it (`near`).

    Attributes:
        away: factors of intents that lead away from any topic, in a conversation that has one.
        neighbours: the topics beside each.
        after_alarm: the topics that end an alarm.
    """

    same: float
    near: float
    away: Mapping[str, float]
    neighbours: Mapping[str, tuple[str, ...]]
    after_alarm: _AfterAlarm

    def ends_alarm(self, alarm: str, confidences: Mapping[str, float]) -> bool:
        """Whether a message with these confidences of its topics is no longer about an alarm told before."""
        rule = self.after_alarm
        if sum(confidences.get(topic, 0.0) for topic in rule.money) >= rule.together:
            return True
        never = rule.never_in_despair if alarm == Intent.REPORT_DESPAIR else ()
        return any(confidences.get(topic, 0.0) >= rule.surely for topic in rule.others if topic not in never)

    def factor(self, name: str, topic: str) -> float:
        """How much likelier a question or an intent becomes after a topic."""
        own = topic_of(name)
        if own == topic:
            return self.same
        if own in self.neighbours.get(topic, ()):
            return self.near
        return self.away.get(own, 1.0)


@lru_cache(maxsize=4)
def context(path: Path = PATH) -> Context:
    """The factors of `data/knowledge/context.yml`.

    Raises:
        KnowledgeError: the file cannot be used.
    """
    read = read_model(path, _Context, KnowledgeError)
    neighbours = {name: tuple(beside) for name, beside in read.neighbours.items()}
    return Context(read.same, read.near, read.away, neighbours, read.after_alarm)


def weighed(meanings: Iterable[Guess], topic: str | None, last: str | None = None) -> list[Guess]:
    """The meanings of a message in a conversation, likeliest first.

    Their confidences sum to 1 together with that of all other meanings, which are not listed and stay as likely as they
    were: where the likeliest meanings are unlikely, context does not make them certain.

    Args:
        meanings: from the parse result: intents, and questions within them.
        topic: the topic that was answered last; None at the beginning.
        last: the question that was answered last.
    """
    found: dict[str, float] = {}
    known = 0.0
    for guess in meanings:
        name, factor = guess.intent, 1.0
        known += guess.confidence
        if topic is not None:
            if topic_of(name) == Intent.FOLLOW_UP and (question := meant(topic, aspect_of(name), last)):
                name = question
            factor = context().factor(name, topic)
        found[name] = found.get(name, 0.0) + guess.confidence * factor
    others = max(0.0, 1.0 - known)
    total = sum(found.values()) + others or 1.0
    return [Guess(name, found[name] / total) for name in sorted(found, key=lambda one: -found[one])]


def likeliest_question(
    meanings: Iterable[Guess], topics: Container[str], topic: str | None, last: str | None, least: float
) -> str | None:
    """The question that a message most likely asks; None where something else is likelier, or nothing likely enough.

    The confidences of a topic's questions count together: which of them is meant matters less than that one is.

    Args:
        topics: those that can be answered.
        least: confidence of the topic.
    """
    found = weighed(meanings, topic, last)
    by_topic: dict[str, float] = {}
    for guess in found:
        own = topic_of(guess.intent)
        by_topic[own] = by_topic.get(own, 0.0) + guess.confidence
    answered = {own: confidence for own, confidence in by_topic.items() if own in topics}
    if sum(answered.values()) < MOSTLY:
        return None
    best = max(answered, key=lambda own: answered[own])
    if answered[best] < least or answered[best] < max(by_topic.values()):
        return None
    return next((guess.intent for guess in found if topic_of(guess.intent) == best and aspect_of(guess.intent)), None)


def check_context(questions: Iterable[str]) -> list[str]:
    """Names in the file that are neither a topic nor an intent; empty where all are."""
    known = {topic_of(question) for question in questions} | set(follow_ups()) | set(Intent)
    after = context().after_alarm
    named = {name for beside in context().neighbours.values() for name in beside} | set(context().neighbours)
    named |= set(after.money) | set(after.others)
    return sorted(named - known)
