"""All announcements: what is in force today, what begins and ends when, whose it is, and what awaits approval."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.announcements.announced_days import AnnouncedSpan, Standing, announced_span, records_now
from bot.announcements.announcement_steps import (
    AWAITED,
    IN_FORCE,
    AnnouncementOverview,
    AnnouncementState,
    overviews,
)
from bot.clock import today
from bot.console.console_routes import ConsolePage, ConsoleRoute
from bot.console.console_visit import Visit
from bot.knowledge.remembered import Record
from bot.staff.permissions import StaffAct
from bot.words.text import fold

PATH = "/announcements"
MOST_SHOWN = 200


@dataclass(frozen=True)
class ListedAnnouncement:
    """A line of the list.

    Attributes:
        standing: of what is published; else `NOT_PUBLISHED`.
        awaits: whether a second person is awaited: to approve it, or to undo it.
    """

    found: AnnouncementOverview
    title: str
    span: AnnouncedSpan
    awaits: bool


# What the list shows: name of the choice, and which lines.
SHOWN: dict[str, Callable[[ListedAnnouncement], bool]] = {
    "current": lambda one: one.awaits or one.span.standing in (Standing.IN_FORCE, Standing.ENDS_SOON, Standing.COMING),
    "awaiting": lambda one: one.awaits,
    "in_force": lambda one: one.span.standing in (Standing.IN_FORCE, Standing.ENDS_SOON),
    "coming": lambda one: one.span.standing is Standing.COMING,
    "ends_soon": lambda one: one.span.standing is Standing.ENDS_SOON,
    "over": lambda one: one.span.standing is Standing.OVER or one.found.state is AnnouncementState.UNDONE,
    "all": lambda one: True,
}


def show(visit: Visit) -> Response:
    """The page; `show` chooses, `find` looks for words."""
    chosen = visit.parameter("show") if visit.parameter("show") in SHOWN else "current"
    wanted = visit.parameter("find").strip()
    lines = listed(visit.session, visit.language, today())
    counts = {name: sum(map(fits, lines)) for name, fits in SHOWN.items()}
    found = [one for one in lines if SHOWN[chosen](one) and (not wanted or _has(one, wanted))]
    return visit.page(
        "announcements.html",
        lines=found[:MOST_SHOWN],
        number=len(found),
        counts=counts,
        shown=chosen,
        wanted=wanted,
        today=today(),
        may_propose=visit.may(StaffAct.PROPOSE_ANNOUNCEMENT),
    )


def listed(session: Session, language: str, day: date) -> list[ListedAnnouncement]:
    """All announcements: those that a second person is awaited for first, then what ends first."""
    known = records_now(session)
    lines = [_line(known, found, language, day) for found in overviews(session)]
    return sorted(lines, key=lambda one: (not one.awaits, one.span.last or date.max, one.span.first or date.max))


def _line(known: Mapping[str, Record], found: AnnouncementOverview, language: str, day: date) -> ListedAnnouncement:
    awaits = found.state in (AnnouncementState.PROPOSED, AnnouncementState.APPROVED, *AWAITED)
    awaits = awaits or (found.state in IN_FORCE and found.undo_proposed_by is not None)
    return ListedAnnouncement(found, title_of(found, language), announced_span(known, found, day), awaits)


def title_of(found: AnnouncementOverview, language: str) -> str:
    """What an announcement is called: the title of the source that it brings, else its id."""
    sources = found.document.new_sources
    return str({str(key): text for key, text in sources[0].title.items()}[language]) if sources else found.id


def _has(one: ListedAnnouncement, wanted: str) -> bool:
    """Whether all words stand in an announcement, in any language."""
    document = one.found.document
    texts = [one.found.id, one.title, one.found.author, document.why or ""]
    for record in document.records:
        texts += [record.id, record.key, *record.text.values()]
    text = fold(" ".join(texts))
    return all(fold(word) in text for word in wanted.split())


PAGE = ConsolePage(
    "announcements", PATH, StaffAct.SEE_ANNOUNCEMENTS, (ConsoleRoute("GET", PATH, StaffAct.SEE_ANNOUNCEMENTS, show),)
)
