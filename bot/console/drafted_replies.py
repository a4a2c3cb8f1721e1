"""Replies that an agent may send as they are: composed from the facts that are in force, in the customer's language."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.clock import today
from bot.domain_names import EntityName
from bot.knowledge.topics import topics
from bot.parse_result import ParseResult
from bot.replies.answer_composer import answer, answer_all
from bot.replies.catalogue import catalogues
from bot.words.question_form import QuestionForm, question_form


@dataclass(frozen=True)
class CannedTopic:
    """A topic whose answer can be inserted; `title` in the agent's language."""

    intent: str
    title: str


def canned_topics(language: str) -> list[CannedTopic]:
    """The topics that have an answer and a title, by title."""
    titles = catalogues()[language].titles
    return sorted((CannedTopic(intent, titles[intent]) for intent in topics() if intent in titles), key=_title)


def canned_reply(session: Session, intent: str, language: str) -> str | None:
    """What the assistant answers on a topic today; None where there is no such topic."""
    return answer(session, intent, language, today()).text if intent in topics() else None


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
