"""Every answer that the assistant can give, and its sentences, for the tests of this folder."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.knowledge.topics import topics
from bot.replies.answer_composer import answer
from bot.replies.reply import Reply
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope

Question = tuple[str, str | None]  # intent and place
QUESTIONS: list[Question] = [(intent, place) for intent, topic in topics().items() for place in (None, *topic.places)]

# A sentence ends at . ! or ? before a capital letter, a digit or an opening quote, but not after an abbreviation.
# Ordinals ("2020. gada 20. marta", "20. martā") precede a lower-case letter.
_ABBREVIATIONS = "".join(rf"(?<!\b{word}\.)" for word in ("Nr", "No", "tālr", "plkst", "AS"))
_END = re.compile(rf"(?:(?<=[.!?])|(?<=[.!?][\"”»])){_ABBREVIATIONS}\s+(?=[\"„“«]?[A-ZĀČĒĢĪĶĻŅŠŪŽ\d])|\n+")


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line of a list counts as one."""
    return [sentence for sentence in _END.split(text) if sentence.strip()]


def all_answers(session: Session, day: date) -> Iterator[tuple[Question, str, Reply]]:
    """The answer to every question in every language on a day."""
    for intent, place in QUESTIONS:
        for language in LANGUAGES:
            reply = answer(session, intent, language, day, places=[place] if place else [])
            yield (intent, place), language, reply


@contextmanager
def own_copy(own_database: OwnDatabase, kind: str) -> Iterator[Session]:
    """A session on a filled database of a kind, for fixtures that many tests share."""
    with own_database(kind) as url, session_scope(url) as session:
        yield session
