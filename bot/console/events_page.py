"""Events, on whose ends most facts hang: how each stands; ending and reopening one, with what that changes first."""

from datetime import date
from typing import Any

from starlette.responses import Response

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.event_announcements import announce_event, ending, reopening
from bot.clock import ClockError, today
from bot.console.announcement_preview_page import NOT_READY, changes_shown
from bot.console.announcement_tasks import content_of
from bot.console.announcement_visits import acted, given_day, why, worked_out
from bot.console.console_routes import ConsolePage, ConsoleRoute
from bot.console.console_visit import Refusal, Visit
from bot.console.slow_work import SlowTask
from bot.knowledge.emergency_events import all_events, emergency, hanging_facts
from bot.knowledge.event_versions import event_versions
from bot.knowledge.models import EmergencyEvent
from bot.knowledge.records import KnowledgeError
from bot.knowledge.remembered import facts_now
from bot.knowledge.remembered_events import Event, event_on
from bot.staff.permissions import StaffAct
from bot.staff.staff_audit import AuditedAct

PATH = "/events"
ONE = f"{PATH}/{{event}}"
END, REOPEN = "end", "reopen"


def show(visit: Visit) -> Response:
    """The page: every event with its history, and the forms to look at what ending or reopening it changes."""
    events = [
        {
            "event": event,
            "standing": standing(event_on(facts_now(visit.session).events, event.id, today()), today()),
            "facts": hanging_facts(visit.session, event.id),
            "versions": event_versions(visit.session, event.id),
            "may_end": event.ended_on is None,
        }
        for event in reversed(all_events(visit.session))
    ]
    return visit.page("events.html", events=events, today=today())


def standing(event: Event | None, day: date) -> str:
    """How an event stands on a day, as a key of the texts (`event_standing.…`)."""
    if event is None or day < event.began_on:
        return "not_begun" if event else "not_known"
    if not event.is_open_on(day):
        return "over"
    return "in_doubt" if event.is_overdue_on(day) else "in_force"


def show_change(visit: Visit) -> Response:
    """What ending or reopening an event changes, and doing so."""
    return _change_page(visit)


def _change_page(visit: Visit, problem: str | None = None) -> Response:
    event = _the_event(visit)
    given = {name: visit.form.get(name) or visit.parameter(name) for name in ("act", "day", "known_from", "why")}
    shown: dict[str, Any] = changes_shown(visit, "", None)
    try:
        document = _document(visit, event, given)
    except (KnowledgeError, ClockError) as error:
        return visit.page(
            "event_change.html", 400, event=event, given=given, problem=str(error), possible=False, **shown
        )
    key, outcome = worked_out(visit, SlowTask.PREVIEW, {"document": content_of(document)})
    shown = changes_shown(visit, key, outcome)
    if visit.is_fetched:
        return visit.page("_changes.html", NOT_READY if outcome is None else 200, **shown)
    status = 409 if problem else 200
    return visit.page(
        "event_change.html",
        status,
        event=event,
        given=given,
        problem=problem,
        possible=outcome is None or outcome.problem is None,
        may_propose=visit.may(StaffAct.PROPOSE_ANNOUNCEMENT),
        may_force=visit.may(StaffAct.PUBLISH_ANNOUNCEMENT),
        **shown,
    )


def _the_event(visit: Visit) -> EmergencyEvent:
    try:
        return emergency(visit.session, str(visit.request.path_params["event"]))
    except KnowledgeError as error:
        raise Refusal(404, "no_event") from error


def _document(visit: Visit, event: EmergencyEvent, given: dict[str, str]) -> AnnouncementDocument:
    known_from = given_day(given["known_from"])
    if given["act"] == REOPEN:
        return reopening(visit.session, event.id, known_from)
    return ending(visit.session, event.id, given_day(given["day"]) or today(), known_from)


def propose_it(visit: Visit) -> Response:
    """Propose it as an announcement of its own."""
    return _announced(visit, AuditedAct.ANNOUNCEMENT_PROPOSED, is_emergency=False)


def do_alone(visit: Visit) -> Response:
    """Do it at once, in an emergency; the approval is awaited afterwards."""
    return _announced(visit, AuditedAct.ANNOUNCEMENT_FORCED, is_emergency=True)


def _announced(visit: Visit, audited: AuditedAct, *, is_emergency: bool) -> Response:
    event = _the_event(visit)
    given = {name: visit.form.get(name, "") for name in ("act", "day", "known_from")}
    return acted(
        visit,
        lambda: announce_event(
            visit.session, _document(visit, event, given), visit.person.login, why(visit), emergency=is_emergency
        ),
        audited,
        _change_page,
    )


PAGE = ConsolePage(
    "events",
    PATH,
    StaffAct.SEE_ANNOUNCEMENTS,
    (
        ConsoleRoute("GET", PATH, StaffAct.SEE_ANNOUNCEMENTS, show),
        ConsoleRoute("GET", f"{ONE}/change", StaffAct.SEE_ANNOUNCEMENTS, show_change),
        ConsoleRoute("POST", f"{ONE}/change", StaffAct.PROPOSE_ANNOUNCEMENT, propose_it),
        ConsoleRoute("POST", f"{ONE}/change-alone", StaffAct.PUBLISH_ANNOUNCEMENT, do_alone),
    ),
)
