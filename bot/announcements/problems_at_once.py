"""What is wrong with a document as far as that is seen at once, while it is written: its schema, and its quotes."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from bot.announcements.announcement_document import (
    AnnouncementDocument,
    DocumentProblem,
    UnreadableAnnouncement,
    announcement_of,
)
from bot.announcements.applying import unquoted
from bot.announcements.source_wordings import wording_of_id
from bot.knowledge.records import KnowledgeError
from bot.knowledge.validation import not_in_source


def problems_at_once(
    session: Session, content: dict[str, Any], where: str
) -> tuple[AnnouncementDocument | None, tuple[DocumentProblem, ...]]:
    """The document of a mapping, None where it cannot be read, and all that is wrong with it.

    Args:
        where: begins the message of a problem that no key can be named for.
    """
    quotes = tuple(_quotes(session, content))
    try:
        return announcement_of(content, where), quotes
    except UnreadableAnnouncement as error:
        return None, (*error.problems, *quotes)
    except KnowledgeError as error:
        return None, (DocumentProblem((), str(error).removeprefix(f"{where}: ").removesuffix(".")), *quotes)


def _quotes(session: Session, content: dict[str, Any]) -> Iterator[DocumentProblem]:
    source = content.get("source")
    own = source if isinstance(source, dict) else {}
    name = str(own.get("id") if own else source)
    wording = own.get("wording") if own else wording_of_id(session, name)
    records = content.get("records")
    if not isinstance(wording, str) or not isinstance(records, list):
        return
    for number, record in enumerate(records):
        quote = record.get("quote") if isinstance(record, dict) and record.get("source", name) == name else None
        if isinstance(quote, str) and (part := not_in_source(quote, wording)):
            label = record.get("id") or f"number {number + 1}"
            yield DocumentProblem(("records", number, "quote"), f"record '{label}', quote: {unquoted(name, part)}")
