"""The life of an announcement: proposed, approved by a second person, published, undone; each step is kept for good.

In an emergency it can be published before anybody approved it; then the approval is still awaited.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.models import AnnouncementStep
from bot.knowledge.records import KnowledgeError


class Step(StrEnum):
    """What was done with an announcement."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PUBLISHED = "published"
    OVERRIDDEN = "published unapproved"  # in an emergency
    UNDONE = "undone"


class AnnouncementState(StrEnum):
    """How an announcement stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PUBLISHED = "published"
    APPROVAL_PENDING = "published, approval pending"
    UNDONE = "undone"


IN_FORCE = (AnnouncementState.PUBLISHED, AnnouncementState.APPROVAL_PENDING)


@dataclass(frozen=True)
class LoggedStep:
    """A step as it is logged."""

    announcement: str
    step: Step
    who: str
    why: str | None
    at: datetime


@dataclass(frozen=True)
class AnnouncementOverview:
    """An announcement and how it stands.

    Attributes:
        author: who proposed it; approved_by, published_by: None until somebody did.
        steps: of it, oldest first.
    """

    document: AnnouncementDocument
    state: AnnouncementState
    author: str
    approved_by: str | None
    published_by: str | None
    steps: tuple[LoggedStep, ...]

    @property
    def id(self) -> str:
        """Its id."""
        return self.document.id


def log_of(session: Session, announcement: str | None = None) -> list[LoggedStep]:
    """The steps of all announcements, or of one, oldest first."""
    return [_logged(row) for row in _rows(session, announcement)]


def overviews(session: Session) -> list[AnnouncementOverview]:
    """All announcements, the latest proposed first."""
    rows = sorted(_rows(session), key=lambda row: row.announcement_id)
    found = [_overview(list(of_one)) for _, of_one in groupby(rows, key=lambda row: row.announcement_id)]
    return sorted(found, key=lambda one: one.steps[0].at, reverse=True)


def overview(session: Session, announcement: str) -> AnnouncementOverview:
    """One announcement.

    Raises:
        KnowledgeError: there is none with this id.
    """
    rows = _rows(session, announcement)
    if not rows:
        raise KnowledgeError(f"There is no announcement '{announcement}'; 'bot announcement list' shows them all.")
    return _overview(rows)


def add_step(
    session: Session,
    announcement: str,
    step: Step,
    who: str,
    why: str | None = None,
    document: AnnouncementDocument | None = None,
) -> None:
    """Append a step.

    Raises:
        KnowledgeError: nobody is named.
    """
    content = json.loads(document.json()) if document else None
    row = {"announcement_id": announcement, "act": step, "who": named(who), "why": why, "at": datetime.now(UTC)}
    session.add(AnnouncementStep(**row, content=content))
    session.flush()


def named(who: str) -> str:
    """The name of a person, for the log.

    Raises:
        KnowledgeError: it is empty or too long.
    """
    name = " ".join(who.split())
    if not name or len(name) > LONGEST_NAME:
        raise KnowledgeError(f"A person's name of 1 to {LONGEST_NAME} characters is needed; give it with --by.")
    return name


LONGEST_NAME = 120  # characters


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are of one person, however they are spaced and capitalised."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _rows(session: Session, announcement: str | None = None) -> list[AnnouncementStep]:
    query = select(AnnouncementStep).order_by(AnnouncementStep.number)
    if announcement is not None:
        query = query.where(AnnouncementStep.announcement_id == announcement)
    return list(session.execute(query).scalars())


def _logged(row: AnnouncementStep) -> LoggedStep:
    return LoggedStep(row.announcement_id, Step(row.act), row.who, row.why, row.at)


def _overview(rows: list[AnnouncementStep]) -> AnnouncementOverview:
    proposal = next(row for row in reversed(rows) if row.act == Step.PROPOSED)
    since = [_logged(row) for row in rows[rows.index(proposal) :]]
    return AnnouncementOverview(
        document=AnnouncementDocument(**proposal.content),
        state=_state(step.step for step in since),
        author=proposal.who,
        approved_by=next((one.who for one in since if one.step is Step.APPROVED), None),
        published_by=next((one.who for one in since if one.step in (Step.PUBLISHED, Step.OVERRIDDEN)), None),
        steps=tuple(map(_logged, rows)),
    )


def _state(steps: Iterable[Step]) -> AnnouncementState:
    done = set(steps)
    if Step.UNDONE in done:
        return AnnouncementState.UNDONE
    if Step.OVERRIDDEN in done:
        return AnnouncementState.PUBLISHED if Step.APPROVED in done else AnnouncementState.APPROVAL_PENDING
    if Step.PUBLISHED in done:
        return AnnouncementState.PUBLISHED
    return AnnouncementState.APPROVED if Step.APPROVED in done else AnnouncementState.PROPOSED
