"""One announcement: how it stands, what it says, its days and its log; approving and publishing it."""

from typing import Any

from starlette.responses import Response

from bot.announcements.announced_days import announced_span, records_now
from bot.announcements.announcement_steps import (
    AWAITED,
    IN_FORCE,
    AnnouncementOverview,
    AnnouncementState,
    is_same_person,
)
from bot.announcements.publishing import approve
from bot.clock import today
from bot.console.announcement_form import document_text
from bot.console.announcement_tasks import content_of
from bot.console.announcement_visits import acted, slow_work, the_announcement, why, worked_out
from bot.console.announcements_page import PATH, title_of
from bot.console.console_routes import ConsoleRoute
from bot.console.console_visit import Visit
from bot.console.slow_work import SlowTask
from bot.settings import LANGUAGES
from bot.staff.permissions import StaffAct
from bot.staff.staff_audit import AuditedAct

ONE = f"{PATH}/{{announcement}}"
TO_APPROVE = (AnnouncementState.PROPOSED, *AWAITED)
TO_PREVIEW = (AnnouncementState.PROPOSED, AnnouncementState.APPROVED)
TO_CHANGE = (*TO_PREVIEW, AnnouncementState.UNDONE)


def show(visit: Visit) -> Response:
    """The page; `work` names what was begun on it, such as publishing."""
    key = visit.parameter("work")
    if not key:
        return _page(visit)
    outcome = slow_work(visit).outcome(key)
    if outcome is None and slow_work(visit).is_known(key):
        return _page(visit, is_working=True)
    if outcome is not None and outcome.has_failed:
        return _page(visit, failed=True)
    return _page(visit, problem=outcome.problem if outcome else None)


def approve_it(visit: Visit) -> Response:
    """Approve it as a second person, also after an emergency."""
    found = the_announcement(visit)
    return acted(
        visit,
        lambda: approve(visit.session, found.id, visit.person.login),
        AuditedAct.ANNOUNCEMENT_APPROVED,
        lambda anew, problem: _page(anew, problem=problem, status=409),
    )


def publish_it(visit: Visit) -> Response:
    """Begin to publish it: whether answers contradict is looked at once more, which takes longer than a page may."""
    found = the_announcement(visit)
    given = {
        "announcement": found.id,
        "who": visit.person.login,
        "account": visit.person.id,
        "roles": sorted(visit.person.roles),
        "emergency": visit.form.get("emergency") == "1",
        "why": why(visit) or "",
        "steps": len(found.steps),
    }
    key, _ = worked_out(visit, SlowTask.PUBLISH, given)
    return visit.done(f"{PATH}/{found.id}?work={key}")


def _page(
    visit: Visit, *, problem: str | None = None, status: int = 200, is_working: bool = False, failed: bool = False
) -> Response:
    found = the_announcement(visit)
    return visit.page(
        "announcement.html",
        status,
        found=found,
        title=title_of(found, visit.language),
        span=announced_span(records_now(visit.session), found, today()),
        document=found.document,
        file=document_text(_without_nothing(content_of(found.document))),
        languages=LANGUAGES,
        problem=problem,
        failed=failed,
        is_working=is_working,
        **_may(visit, found),
    )


def _may(visit: Visit, found: AnnouncementOverview) -> dict[str, bool]:
    """What the page offers; the room decides again when it is done."""
    involved = (
        [found.undone_by] if found.state is AnnouncementState.UNDO_PENDING else [found.author, found.published_by]
    )
    is_own = any(is_same_person(one, visit.person.login) for one in involved if one)
    wants_approval = found.state in TO_APPROVE and visit.may(StaffAct.APPROVE_ANNOUNCEMENT)
    return {
        "may_approve": wants_approval and not is_own,
        "is_own": wants_approval and is_own,
        "may_publish": found.state is AnnouncementState.APPROVED and visit.may(StaffAct.PUBLISH_ANNOUNCEMENT),
        "may_force": found.state is AnnouncementState.PROPOSED and visit.may(StaffAct.PUBLISH_ANNOUNCEMENT),
        "may_change": found.state in TO_CHANGE and visit.may(StaffAct.PROPOSE_ANNOUNCEMENT),
        "may_undo": found.state in IN_FORCE and visit.may(StaffAct.PROPOSE_UNDO),
        "has_preview": found.state in TO_PREVIEW,
    }


def _without_nothing(value: Any) -> Any:
    """Without keys that are left out."""
    if isinstance(value, dict):
        return {name: _without_nothing(one) for name, one in value.items() if one not in (None, [], {}, False)}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value


ROUTES = (
    ConsoleRoute("GET", ONE, StaffAct.SEE_ANNOUNCEMENTS, show),
    ConsoleRoute("POST", f"{ONE}/approve", StaffAct.APPROVE_ANNOUNCEMENT, approve_it),
    ConsoleRoute("POST", f"{ONE}/publish", StaffAct.PUBLISH_ANNOUNCEMENT, publish_it),
)
