"""Every question that can be asked: topics, the questions within them, and places."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from bot.domain_names import Intent
from bot.knowledge.published_places import answer_at
from bot.knowledge.published_topics import question_of_key, topic_asked
from bot.knowledge.topics import Topic, topics
from bot.replies.answer_composer import answer
from bot.replies.reply import Reply
from bot.words.question_form import QuestionForm


@dataclass(frozen=True, order=True)
class AnswerableQuestion:
    """A question with an answer.

    Attributes:
        about: the question within the topic, such as `ask_late_fees/whether`; None for the topic in general.
        place: a place's id; None where the question names none.
        published: whether an announcement brought the place.
    """

    intent: str
    about: str | None = None
    place: str | None = None
    published: bool = field(default=False, compare=False)

    @property
    def name(self) -> str:
        """As it is written in an announcement: `ask_reopening/when`, with `@riga_centre` for a place."""
        return (self.about or self.intent) + (f"@{self.place}" if self.place else "")

    @property
    def answer(self) -> Topic:
        """What answers it, asked openly."""
        return self.answered_as(QuestionForm.STATED)

    def answered_as(self, asks: QuestionForm) -> Topic:
        """What answers it, asked in a way."""
        brought = [self.place] if self.place and self.published else []
        return answer_at(topic_asked(self.intent, self.about).asked(self.about, asks), self.place, brought)


def all_questions(published: Collection[str] = ()) -> Iterator[AnswerableQuestion]:
    """Every question, also with each place that has an answer of its own or that an announcement brought."""
    for intent, topic in topics().items():
        for about, form in [(None, topic), *((f"{intent}/{name}", one) for name, one in topic.aspects.items())]:
            yield AnswerableQuestion(intent, about)
            yield from (AnswerableQuestion(intent, about, place) for place in form.places)
            if form.places:
                yield from (AnswerableQuestion(intent, about, place, published=True) for place in published)


def published_question(key: str) -> AnswerableQuestion:
    """The question of a topic that is published with questions of its own, by the key of its record."""
    return AnswerableQuestion(Intent.ASK_PUBLISHED_TOPIC, question_of_key(key))


def said(
    session: Session,
    question: AnswerableQuestion,
    language: str,
    day: date,
    asks: QuestionForm = QuestionForm.OPEN,
    *,
    again: bool = False,
) -> Reply:
    """What is answered to a question on a day."""
    places = [question.place] if question.place else []
    return answer(session, question.intent, language, day, about=question.about, asks=asks, again=again, places=places)


def questions_using(keys: Collection[str]) -> list[str]:
    """The names of the questions whose answers use facts with one of these keys."""
    return [one.name for one in all_questions() if not keys_of_question(one).isdisjoint(keys)]


def keys_of_question(question: AnswerableQuestion) -> set[str]:
    """The keys of all facts that a question's answers use, however it is asked."""
    return {key for asks in QuestionForm for key in question.answered_as(asks).keys}
