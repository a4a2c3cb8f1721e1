"""The whole of 2020 as a company's lead told it: docs/examples/2020, each announcement on its day.

The days are class A of the list of outside facts (X17 to X20). The announcement of 6 November is invented.
"""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, read_announcement
from bot.announcements.publishing import approve, propose, publish
from bot.settings import PROJECT

AUTHOR, APPROVER = "Anna", "Bruno"
FOLDER = PROJECT / "docs" / "examples" / "2020"


def announcements() -> list[AnnouncementDocument]:
    """Those of the year, the earliest first."""
    return [read_announcement(path) for path in sorted(FOLDER.glob("*.yml"))]


def day_of(document: AnnouncementDocument) -> date:
    """The day on which it was made public."""
    assert document.made_public
    return document.made_public


def publish_on_its_day(session: Session, document: AnnouncementDocument, monkeypatch: pytest.MonkeyPatch) -> None:
    """Propose, approve and publish an announcement, on the day on which it was made public."""
    with monkeypatch.context() as clock:
        clock.setenv("BOT_AS_OF", day_of(document).isoformat())
        propose(session, document, AUTHOR)
        approve(session, document.id, APPROVER)
        publish(session, document.id, AUTHOR)


def live_through(session: Session, until: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish everything that was announced until a day, that day included."""
    for document in announcements():
        if day_of(document) <= until:
            publish_on_its_day(session, document, monkeypatch)
