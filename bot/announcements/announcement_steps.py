"""The life of an announcement: proposed, approved by a second person, published, undone; each step is kept for good.

Undoing takes two persons, too: one proposes it, another does it; until then anybody can take the proposal back. In an
emergency one person can publish it, or undo it; then the approval is still awaited.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import groupby
from unicodedata import normalize

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.models import AnnouncementStep
from bot.knowledge.records import KnowledgeError
from bot.words.text import clean, without_diacritics


class Step(StrEnum):
    """What was done with an announcement."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PUBLISHED = "published"
    OVERRIDDEN = "published unapproved"  # in an emergency
    UNDO_PROPOSED = "undo proposed"
    UNDO_TAKEN_BACK = "undo taken back"  # the proposal was; by its author, or refused by somebody else
    UNDONE = "undone"
    UNDONE_ALONE = "undone unapproved"  # in an emergency
    UNDO_APPROVED = "undo approved"  # afterwards


class AnnouncementState(StrEnum):
    """How an announcement stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    PUBLISHED = "published"
    APPROVAL_PENDING = "published, approval pending"
    UNDONE = "undone"
    UNDO_PENDING = "undone, approval pending"


IN_FORCE = (AnnouncementState.PUBLISHED, AnnouncementState.APPROVAL_PENDING)
GONE = (AnnouncementState.UNDONE, AnnouncementState.UNDO_PENDING)
AWAITED = (AnnouncementState.APPROVAL_PENDING, AnnouncementState.UNDO_PENDING)  # somebody has still to approve
UNDO_FROM = "undo_from"  # in the content of a proposal to undo: the first day on which it is to be undone


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
        author: who proposed it; approved_by, published_by, undo_proposed_by, undone_by: None until somebody did.
        undo_proposed_by: also None once the proposal was taken back.
        undo_from: the first day on which it is to be undone, where whoever proposed that gave one.
        steps: of it, oldest first.
    """

    document: AnnouncementDocument
    state: AnnouncementState
    author: str
    approved_by: str | None
    published_by: str | None
    steps: tuple[LoggedStep, ...]
    undo_proposed_by: str | None = None
    undone_by: str | None = None
    undo_from: date | None = None

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
    undo_from: date | None = None,
) -> None:
    """Append a step.

    Args:
        document: of a proposal; undo_from: of a proposal to undo.

    Raises:
        KnowledgeError: nobody is named.
    """
    content = json.loads(document.json()) if document else {UNDO_FROM: undo_from.isoformat()} if undo_from else None
    row = {"announcement_id": announcement, "act": step, "who": named(who), "why": why, "at": datetime.now(UTC)}
    session.add(AnnouncementStep(**row, content=content))
    session.flush()


def named(who: str) -> str:
    """The name of a person, for the log.

    Raises:
        KnowledgeError: it is empty or too long.
    """
    name = clean(who)
    if not name or len(name) > LONGEST_NAME:
        raise KnowledgeError(f"A person's name of 1 to {LONGEST_NAME} characters is needed; give it with --by.")
    return name


LONGEST_NAME = 120  # characters


def is_same_person(one: str, other: str) -> bool:
    """Whether two names are of one person in another spelling: capitals, diacritics, spaces, signs, order of words."""
    words, others = _words(one), _words(other)
    return "".join(words) == "".join(others) or sorted(words) == sorted(others)


def _words(name: str) -> list[str]:
    """The words of a name as they are compared: those of "Bērziņa, Anna" are berzina and anna."""
    plain = without_diacritics(normalize("NFKC", clean(name))).casefold()
    return re.findall(r"[^\W_]+", plain)


def _rows(session: Session, announcement: str | None = None) -> list[AnnouncementStep]:
    query = select(AnnouncementStep).order_by(AnnouncementStep.number).options(defer(AnnouncementStep.content))
    if announcement is not None:
        query = query.where(AnnouncementStep.announcement_id == announcement)
    rows = list(session.execute(query).scalars())
    _read_documents(session, rows)
    return rows


# Documents by number, announcement and time of their step, which is never changed: with a year's announcements, reading
# them all for each page took most of a second.
_documents: dict[tuple[int, str, datetime], AnnouncementDocument] = {}
MOST_REMEMBERED = 2_000
AT_ONCE = 500  # numbers in a query


def _place(row: AnnouncementStep) -> tuple[int, str, datetime]:
    return row.number, row.announcement_id, row.at


def _read_documents(session: Session, rows: Iterable[AnnouncementStep]) -> None:
    """Remember the documents of proposals that are not known yet."""
    wanted = {row.number: _place(row) for row in rows if row.act == Step.PROPOSED and _place(row) not in _documents}
    if len(_documents) + len(wanted) > MOST_REMEMBERED:
        _documents.clear()
    numbers = sorted(wanted)
    for first in range(0, len(numbers), AT_ONCE):
        some = AnnouncementStep.number.in_(numbers[first : first + AT_ONCE])
        for number, content in session.execute(select(AnnouncementStep.number, AnnouncementStep.content).where(some)):
            _documents[wanted[number]] = AnnouncementDocument(**content)


def _document(row: AnnouncementStep) -> AnnouncementDocument:
    """The document of a proposal; a copy of its own, since pydantic's models can be changed."""
    known = _documents.get(_place(row))
    return (known or AnnouncementDocument(**row.content)).copy()


def _logged(row: AnnouncementStep) -> LoggedStep:
    return LoggedStep(row.announcement_id, Step(row.act), row.who, row.why, row.at)


def _overview(rows: list[AnnouncementStep]) -> AnnouncementOverview:
    proposal = next(row for row in reversed(rows) if row.act == Step.PROPOSED)
    latest = rows[rows.index(proposal) :]
    since, undoing = [_logged(row) for row in latest], _proposal_to_undo(latest)
    return AnnouncementOverview(
        document=_document(proposal),
        state=_state(step.step for step in since),
        author=proposal.who,
        approved_by=_who(since, Step.APPROVED),
        published_by=_who(since, Step.PUBLISHED, Step.OVERRIDDEN),
        steps=tuple(map(_logged, rows)),
        undo_proposed_by=undoing.who if undoing else None,
        undone_by=_who(since, Step.UNDONE, Step.UNDONE_ALONE),
        undo_from=date.fromisoformat(undoing.content[UNDO_FROM]) if undoing and undoing.content else None,
    )


def _who(steps: Iterable[LoggedStep], *wanted: Step) -> str | None:
    return next((one.who for one in steps if one.step in wanted), None)


def _proposal_to_undo(rows: Iterable[AnnouncementStep]) -> AnnouncementStep | None:
    """The latest proposal to undo, unless it was taken back."""
    proposals = [row for row in rows if row.act in (Step.UNDO_PROPOSED, Step.UNDO_TAKEN_BACK)]
    return proposals[-1] if proposals and proposals[-1].act == Step.UNDO_PROPOSED else None


def _state(steps: Iterable[Step]) -> AnnouncementState:
    done = set(steps)
    if Step.UNDONE in done or Step.UNDO_APPROVED in done:
        return AnnouncementState.UNDONE
    if Step.UNDONE_ALONE in done:
        return AnnouncementState.UNDO_PENDING
    if Step.OVERRIDDEN in done:
        return AnnouncementState.PUBLISHED if Step.APPROVED in done else AnnouncementState.APPROVAL_PENDING
    if Step.PUBLISHED in done:
        return AnnouncementState.PUBLISHED
    return AnnouncementState.APPROVED if Step.APPROVED in done else AnnouncementState.PROPOSED
