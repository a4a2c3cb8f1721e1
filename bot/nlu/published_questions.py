"""Notes in a message that it asks about published topics, instead of what it was trained to mean."""

from __future__ import annotations

from dataclasses import replace

from rasa.shared.nlu.training_data.message import Message

from bot.domain_names import ALARMS, Intent
from bot.knowledge.published_topics import PublishedTopic
from bot.nlu.annotations import (
    forget_questions,
    has_danger_in_part,
    has_despair,
    note_about,
    note_intent,
    note_meanings,
    note_questions,
    seen_in,
)
from bot.nlu.cascade import Cascade
from bot.nlu.meaning_space import MeaningSpace
from bot.nlu.politeness import matter
from bot.nlu.topic_index import Placing
from bot.nlu.topic_matcher import TopicMatcher, is_kept
from bot.nlu.two_questions import Span
from bot.parse_result import Guess, ParseResult, Question

# How far beyond its margin the score of a whole message must be, where none of its questions is about a topic by itself
# ("phone only? seriously? for readings?"); with less, two trained questions would become one (docs/nlu.md).
CLEARLY = 1.5


class PublishedQuestions:
    """Finds published topics in messages that were classified; danger, despair and the dialogue come before them."""

    def __init__(self, cascade: Cascade, matcher: TopicMatcher) -> None:
        self._cascade, self._matcher = cascade, matcher

    @classmethod
    def of(cls, cascade: Cascade | None, space: MeaningSpace | None) -> PublishedQuestions | None:
        """None without a cascade, or without sentence vectors."""
        placing = Placing.of(cascade, space) if cascade else None
        return cls(cascade, TopicMatcher(placing)) if cascade and placing else None

    def note(self, message: Message, text: str, about: Span) -> None:
        """Note the topic that a message, or one of its questions, asks about.

        Args:
            about: the span of the text that its intent is for.
        """
        seen = seen_in(message)
        if has_danger_in_part(message) or has_despair(message) or is_kept(seen.intent, seen.confidence):
            return
        if seen.questions:
            self._note_among_several(message, text, about, seen)
            return
        self._note_whole(message, text[slice(*about)])

    def _note_whole(self, message: Message, said: str, beyond: float = 0.0) -> None:
        """Note the topic that a text as a whole asks about, without polite phrases."""
        span = matter(said, self._cascade.spelling.mended)
        if topic := self._matcher.matched(said[slice(*span)] if span else said, beyond):
            _note(message, topic)

    def _note_among_several(self, message: Message, text: str, about: Span, seen: ParseResult) -> None:
        """Each question of a message by itself; where all ask about one topic, the message asks one question."""
        found = [self._of_question(text, one) for one in seen.questions]
        topics = {topic.key: topic for topic in found if topic}
        if not topics:
            self._note_whole(message, text[slice(*about)], CLEARLY)
            return
        if len(topics) == 1 and all(found):
            _note(message, next(iter(topics.values())))
            return
        questions = [_asking(one, topic) for one, topic in zip(seen.questions, found, strict=True)]
        note_questions(message, questions)
        if seen.intent not in {one.intent for one in questions}:
            note_intent(message, Guess(questions[0].intent, questions[0].confidence))

    def _of_question(self, text: str, one: Question) -> PublishedTopic | None:
        if one.intent in ALARMS:
            return None
        return self._matcher.matched(text[one.start : one.end])


def _asking(one: Question, topic: PublishedTopic | None) -> Question:
    """A question, of the topic if there is one."""
    return replace(one, intent=Intent.ASK_PUBLISHED_TOPIC, confidence=1.0, about=topic.question) if topic else one


def _note(message: Message, topic: PublishedTopic) -> None:
    forget_questions(message)
    note_intent(message, Guess(Intent.ASK_PUBLISHED_TOPIC, 1.0))
    note_about(message, Guess(topic.question, 1.0))
    note_meanings(message, [Guess(topic.question, 1.0)])
