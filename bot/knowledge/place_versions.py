"""The versions of places that announcements bring: each change adds one, none is ever changed or deleted."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.event_versions import UNDONE, versions_before
from bot.knowledge.fact_versions import Signed
from bot.knowledge.models import PlaceVersion, PublishedPlace

# What a place is called, and whether it is there, without who changed it.
STATE = ("names", "cases", "called", "retracted")


class PlaceAct(StrEnum):
    """What made a version of a place."""

    BROUGHT = "brought"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    UNDONE = UNDONE


def add_place_version(session: Session, place: PublishedPlace, act: PlaceAct, signed: Signed) -> None:
    """Append the present state of a changed or new place as a version."""
    now = datetime.now(UTC)
    place.number = (place.number or 0) + 1  # a place that is new has none yet
    place.known_from, place.changed_at = signed.known_from or now.date(), now
    place.announcement_id = signed.announcement or ""
    session.add(place)
    content = {name: getattr(place, name) for name in (*STATE, "known_from", "announcement_id", "number", "changed_at")}
    session.add(PlaceVersion(**content, place_id=place.id, act=act, who=signed.who[:120], why=signed.why))
    session.flush()


def place_versions(session: Session, place_id: str) -> list[PlaceVersion]:
    """All versions of a place, oldest first; empty for one that never was."""
    query = select(PlaceVersion).where(PlaceVersion.place_id == place_id).order_by(PlaceVersion.number)
    return list(session.execute(query).scalars())


def restore_place(place: PublishedPlace, before: PlaceVersion) -> None:
    """Set a place back to a version's state; the caller appends that as a version."""
    for name in STATE:
        setattr(place, name, getattr(before, name))


def take_places_back(session: Session, announcement: str, signed: Signed) -> None:
    """Restore the state of every place before an announcement.

    Raises:
        KnowledgeError: a place was changed since.
    """
    made = select(PlaceVersion.place_id).where(PlaceVersion.announcement_id == announcement).distinct()
    for place_id in sorted(session.execute(made).scalars()):
        place = session.get(PublishedPlace, place_id)
        before = versions_before(announcement, place_versions(session, place_id), f"The place '{place_id}'")
        if place is None or before is None:
            continue
        if before:
            restore_place(place, before[-1])
        else:
            place.retracted = True
        add_place_version(session, place, PlaceAct.UNDONE, signed)
