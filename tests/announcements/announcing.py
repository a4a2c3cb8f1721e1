"""Announcements for the tests of this folder, and ways to publish them."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, announcement_of, read_announcement
from bot.announcements.announcement_steps import AnnouncementOverview
from bot.announcements.publishing import approve, propose, propose_undo, publish, undo
from bot.clock import parse_moment
from bot.replies.answer_composer import answer
from bot.settings import PROJECT
from bot.words.question_form import QuestionForm

AUTHOR, APPROVER = "Anna", "Bruno"
EXAMPLE = PROJECT / "docs" / "examples" / "reopening.yml"
TITLES = {"lv": "Ziņa", "en": "News"}
SOURCE = {
    "id": "news",
    "title": TITLES,
    "spoken": TITLES,
    "wording": "Tālrunis 8400 strādā no astoņiem. Muzejs vēl ir slēgts.",
}
QUOTE = "Tālrunis 8400 strādā no astoņiem."
RECORD = {
    "id": "line-hours",
    "key": "line_hours",
    "quote": QUOTE,
    "text": {"lv": "Tālrunis strādā no astoņiem.", "en": "The line works from eight."},
}
LEFT_OUT = object()


def content(record: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """An announcement of one record as a mapping, with these keys of the record and of itself changed."""
    fields = {name: value for name, value in {**RECORD, **(record or {})}.items() if value is not LEFT_OUT}
    whole = {"id": "hours", "made_public": date(2020, 5, 14), "source": SOURCE, "records": [fields], **changes}
    return {name: value for name, value in whole.items() if value is not LEFT_OUT}


def document(record: dict[str, Any] | None = None, **changes: Any) -> AnnouncementDocument:
    """As `content`, read."""
    return announcement_of(content(record, **changes), "announcement")


def changing(announcement: str, made_public: str, *changes: dict[str, Any]) -> AnnouncementDocument:
    """An announcement that only changes records."""
    return announcement_of({"id": announcement, "made_public": made_public, "changes": list(changes)}, "announcement")


def example() -> AnnouncementDocument:
    """docs/examples/reopening.yml."""
    return read_announcement(EXAMPLE)


def announce(session: Session, announced: AnnouncementDocument) -> AnnouncementOverview:
    """Propose, approve and publish."""
    propose(session, announced, AUTHOR)
    approve(session, announced.id, APPROVER)
    return publish(session, announced.id, AUTHOR)


def undo_by_two(
    session: Session, announcement: str, who: str, day: date, why: str | None = None
) -> AnnouncementOverview:
    """Take an announcement back: one person proposes it, another does it."""
    propose_undo(session, announcement, who, day, why)
    return undo(session, announcement, APPROVER if who == AUTHOR else AUTHOR, day, why)


def said(
    session: Session,
    question: str,
    day: str,
    language: str = "en",
    asks: QuestionForm = QuestionForm.OPEN,
    *,
    again: bool = False,
) -> str:
    """What is answered to a question (`ask_reopening/when@riga_centre`) on a day."""
    about, _, place = question.partition("@")
    intent, _, aspect = about.partition("/")
    places = [place] if place else []
    asked = about if aspect else None
    found = parse_moment(day).date()
    return answer(session, intent, language, found, about=asked, asks=asks, again=again, places=places).text
