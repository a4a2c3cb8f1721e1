"""Replies that an agent may send as they are: composed from the facts that are in force, in the customer's language."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.clock import today
from bot.domain_names import EntityName, Intent
from bot.knowledge.published_topics import question_of_key, topics_now
from bot.knowledge.topics import topics
from bot.parse_result import ParseResult
from bot.replies.answer_composer import answer, answer_all
from bot.replies.catalogue import catalogues
from bot.words.question_form import QuestionForm, question_form


@dataclass(frozen=True)
class CannedTopic:
    """A topic whose answer can be inserted.

    Attributes:
        intent: its name; of a topic that an announcement brought, the question's.
        title: in the agent's language.
    """

    intent: str
    title: str


def canned_topics(session: Session, language: str) -> list[CannedTopic]:
    """The topics that have an answer and a title, by title; those that announcements brought are among them."""
    titles = catalogues()[language].titles
    own = [CannedTopic(intent, titles[intent]) for intent in topics() if intent in titles]
    brought = [
        CannedTopic(question_of_key(one.key), one.titles[language]) for one in topics_now(session, today()).topics
    ]
    return sorted([*own, *brought], key=_title)


def canned_reply(session: Session, topic: str, language: str) -> str | None:
    """What the assistant answers on a topic today; None where there is no such topic."""
    if topic in topics():
        return answer(session, topic, language, today()).text
    if topic in {question_of_key(one.key) for one in topics_now(session, today()).topics}:
        return answer(session, Intent.ASK_PUBLISHED_TOPIC, language, today(), about=topic).text
    return None


def drafted_reply(session: Session, understood: ParseResult | None, language: str) -> str | None:
    """What the assistant would answer today to what it understood; None where no facts answer it."""
    if understood is None or understood.intent not in topics():
        return None
    asks = question_form(understood.text, language) if understood.text else QuestionForm.OPEN
    about = understood.about.intent if understood.about else None
    asked = [(one.intent, (), one.about, QuestionForm.OPEN) for one in understood.questions if one.intent in topics()]
    places = understood.values(EntityName.PLACE)
    return answer_all(session, asked or [(understood.intent, places, about, asks)], language, today()).text or None


def _title(topic: CannedTopic) -> str:
    return topic.title.casefold()
