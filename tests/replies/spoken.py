"""Every answer that the assistant can give, and its sentences, for the tests of this folder."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from bot.knowledge.topics import topics
from bot.replies.answers import answer
from bot.replies.reply import Reply
from bot.settings import LANGUAGES
from bot.storage.engine import engine_for, session_scope

Question = tuple[str, str | None]  # intent and place
QUESTIONS: list[Question] = [(intent, place) for intent, topic in topics().items() for place in (None, *topic.places)]

# A sentence ends at . ! or ? before a capital, a figure or an opening quote, but not after an abbreviation. Ordinals
# ("2020. gada 20. marta", "20. martā") stand before a small letter.
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
def own_copy(filled_database: Path, folder: Path) -> Iterator[Session]:
    """A session on a copy of the filled database, for fixtures that many tests share."""
    path = folder / "assistant.db"
    shutil.copy(filled_database, path)
    url = f"sqlite:///{path}"
    with session_scope(url) as session:
        yield session
    engine_for(url).dispose()
