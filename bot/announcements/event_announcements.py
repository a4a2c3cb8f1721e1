"""Beginning, ending and reopening an event, each as an announcement of its own: a second person approves it."""

from datetime import date

from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument, EventChange
from bot.announcements.announcement_steps import AnnouncementOverview, Step, add_step, overview
from bot.announcements.publishing import propose, publish
from bot.knowledge.emergency_events import event_to_end, event_to_reopen
from bot.knowledge.event_records import NewEvent
from bot.knowledge.models import EmergencyEvent

LONGEST_PART = 60  # characters of an event's id that an announcement's id takes over


def beginning(session: Session, event: NewEvent, known_from: date | None) -> AnnouncementDocument:
    """The announcement that an event begins.

    Args:
        known_from: here and below, the first day on which it is known; None: as early as the event began.
    """
    there = session.get(EmergencyEvent, event.id)
    return AnnouncementDocument(id=_id("begin", event.id, there), made_public=known_from, events=[event])


def ending(session: Session, event_id: str | None, last_day: date, known_from: date | None) -> AnnouncementDocument:
    """The announcement that an event ends; without an id, the only one that is open.

    Raises:
        KnowledgeError: it has ended already, or the day is before its start.
    """
    event = event_to_end(session, event_id, last_day)
    change = EventChange(event=event.id, end_on=last_day)
    return AnnouncementDocument(id=_id("end", event.id, event), made_public=known_from, event_changes=[change])


def reopening(session: Session, event_id: str | None, known_from: date | None) -> AnnouncementDocument:
    """The announcement that an event is open again; without an id, the only one that has ended.

    Raises:
        KnowledgeError: it is open.
    """
    event = event_to_reopen(session, event_id)
    change = EventChange(event=event.id, reopen=True)
    return AnnouncementDocument(id=_id("reopen", event.id, event), made_public=known_from, event_changes=[change])


def _id(act: str, event_id: str, event: EmergencyEvent | None) -> str:
    """Of an announcement: an event that is changed for the fourth time gets its fifth version."""
    return f"{act}-{event_id[:LONGEST_PART].strip('-')}-{event.number + 1 if event else 1}"


def announce_event(
    session: Session, document: AnnouncementDocument, who: str, why: str | None = None, *, emergency: bool = False
) -> AnnouncementOverview:
    """Propose it; in an emergency, publish it at once, marked, and the approval is awaited afterwards.

    Raises:
        KnowledgeError: it does not fit the events, or there is no reason for an emergency.
    """
    if not emergency:
        return propose(session, document, who, why)
    add_step(session, document.id, Step.PROPOSED, who, why, document)
    publish(session, document.id, who, emergency=True, why=why)
    return overview(session, document.id)
