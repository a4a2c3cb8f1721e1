"""What the pages of announcements share: an announcement of the address, slow work, and what a room refuses."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from starlette.responses import Response

from bot.announcements.announcement_steps import AnnouncementOverview, overview
from bot.clock import ClockError, parse_moment, today
from bot.console.console_visit import Anew, Refusal, Visit
from bot.console.slow_work import SlowTask, SlowWork, TooMuchWork, WorkOutcome
from bot.knowledge.records import KnowledgeError
from bot.knowledge.remembered import facts_now
from bot.staff.staff_audit import LONGEST_ABOUT, AuditedAct

LONGEST_WHY = 500  # characters


def the_announcement(visit: Visit) -> AnnouncementOverview:
    """The announcement that the address names.

    Raises:
        Refusal: there is none.
    """
    try:
        return overview(visit.session, str(visit.request.path_params["announcement"]))
    except KnowledgeError as error:
        raise Refusal(404, "no_announcement") from error


def worked_out(visit: Visit, task: SlowTask, given: Mapping[str, Any]) -> tuple[str, WorkOutcome | None]:
    """The key of some work on the facts of today, and what came of it so far.

    Raises:
        Refusal: there is too much to do now, or it failed.
    """
    depends_on = f"{facts_now(visit.session).version} {today().isoformat()}"
    try:
        key, outcome = slow_work(visit).ask(task, given, depends_on)
    except TooMuchWork as error:
        raise Refusal(503, "too_much_work") from error
    if outcome is not None and outcome.has_failed:
        raise Refusal(503, "work_failed")
    return key, outcome


def slow_work(visit: Visit) -> SlowWork:
    """The slow work of this process."""
    found: SlowWork = visit.request.app.state.slow_work
    return found


def given_day(given: str) -> date | None:
    """A day that was typed or chosen; None where the field is empty.

    Raises:
        ClockError: it is no day.
    """
    return parse_moment(given.strip()).date() if given.strip() else None


def why(visit: Visit) -> str | None:
    """The reason that was typed; None where there is none."""
    return visit.form.get("why", "").strip()[:LONGEST_WHY] or None


def acted(
    visit: Visit,
    act: Callable[[], AnnouncementOverview],
    audited: AuditedAct,
    again: Callable[[Visit, str], Response],
) -> Response:
    """Do something to an announcement, record it, and go to its page; what is refused leaves nothing behind.

    Args:
        again: the page anew, with why it was refused.
    """
    try:
        found = act()
    except (KnowledgeError, ClockError) as error:
        told = str(error)
        raise Anew(lambda anew: again(anew, told)) from error
    visit.audit(audited, found.id[:LONGEST_ABOUT])
    return visit.done(f"/announcements/{found.id}")
