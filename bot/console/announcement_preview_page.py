"""What an announcement changes, or its undoing: old beside new, by day and channel, to be read and to be heard."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import Response

from bot.announcements.announcement_steps import AnnouncementOverview
from bot.announcements.preview_report import SHOWN_ON
from bot.announcements.publishing import propose_undo, take_undo_back, undo
from bot.clock import ClockError, today
from bot.console.announcement_page import ONE, TO_PREVIEW
from bot.console.announcement_tasks import content_of
from bot.console.announcement_visits import acted, given_day, slow_work, the_announcement, why, worked_out
from bot.console.announcements_page import PATH, title_of
from bot.console.console_routes import ConsoleRoute
from bot.console.console_visit import Refusal, Visit
from bot.console.slow_work import SlowTask, WorkOutcome
from bot.console.spoken_audio import can_speak, spoken_audio
from bot.settings import LANGUAGES
from bot.staff.permissions import StaffAct
from bot.staff.staff_audit import AuditedAct

MOST_CHANGES = 100  # on a page
KEPT = ("act", "day", "known_from")  # parameters of the address that stay beside the filters
NOT_READY = 202  # what is asked for is still being worked out


def show(visit: Visit) -> Response:
    """The preview of what is proposed or approved."""
    found = the_announcement(visit)
    if found.state not in TO_PREVIEW:
        raise Refusal(409, "no_preview")
    key, outcome = worked_out(visit, SlowTask.PREVIEW, {"document": content_of(found.document)})
    return _page(visit, "announcement_preview.html", found, key, outcome)


def show_undo(visit: Visit) -> Response:
    """What undoing it changes, and doing so."""
    return _undo_page(visit)


def _undo_page(visit: Visit, problem: str | None = None) -> Response:
    found = the_announcement(visit)
    try:
        day = given_day(visit.parameter("day") or visit.form.get("day", ""))
    except ClockError as error:
        day, problem = None, problem or str(error)
    given = {
        "announcement": found.id,
        "day": (day or found.undo_from or today()).isoformat(),
        "steps": len(found.steps),
    }
    key, outcome = worked_out(visit, SlowTask.UNDO_PREVIEW, given)
    return _page(
        visit,
        "announcement_undo.html",
        found,
        key,
        outcome,
        status=409 if problem else 200,
        problem=problem,
        day=day,
        first=today(),
        may_undo=visit.may(StaffAct.UNDO_ANNOUNCEMENT),
    )


def _page(
    visit: Visit,
    template: str,
    found: AnnouncementOverview,
    key: str,
    outcome: WorkOutcome | None,
    status: int = 200,
    **values: Any,
) -> Response:
    shown = changes_shown(visit, key, outcome)
    if visit.is_fetched:
        return visit.page("_changes.html", NOT_READY if outcome is None else 200, **shown)
    return visit.page(template, status, found=found, title=title_of(found, visit.language), **shown, **values)


def changes_shown(visit: Visit, key: str, outcome: WorkOutcome | None) -> dict[str, Any]:
    """The changes of a report as a page shows them, as far as the filters of the address let through."""
    filters = {name: visit.parameter(name) for name in ("on", "channel", "lang", "find")}
    if filters["channel"] not in SHOWN_ON:
        filters["channel"] = SHOWN_ON[0]
    report = outcome.result if outcome else None
    changes = list(_fitting(report, filters)) if report else []
    return {
        "work": key,
        "is_working": outcome is None,
        "refusal": outcome.problem if outcome else None,
        "summary": report["summary"] if report else None,
        "topics": report["topics"] if report else [],
        "changes": changes[:MOST_CHANGES],
        "number": len(changes),
        "filters": filters,
        "kept": {name: value for name in KEPT if (value := visit.parameter(name))},
        "channels": SHOWN_ON,
        "languages": LANGUAGES,
        "can_speak": can_speak(),
        "spoken_at": f"{PATH}/spoken",
    }


def _fitting(report: Mapping[str, Any], filters: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """The entries that are looked at: replies that everybody gets first, each with its number, by which it is heard."""
    for kind in ("fixed", "answers"):
        for number, one in enumerate(report[kind]):
            names = one["questions"] if kind == "answers" else [one["reply"]]
            texts = [one[side].get(filters["channel"], "") for side in ("before", "after")]
            wanted = filters["find"].casefold()
            if (
                filters["on"] in ("", *one["days"])
                and filters["lang"] in ("", one["language"])
                and (not wanted or wanted in " ".join([*names, *texts]).casefold())
            ):
                yield {
                    "kind": kind,
                    "number": number,
                    "names": names,
                    "language": one["language"],
                    "days": one["days"],
                    "before": texts[0],
                    "after": texts[1],
                }


def speak(visit: Visit) -> Response:
    """A text of a preview, spoken; only texts that a preview has can be asked for."""
    outcome = slow_work(visit).outcome(visit.parameter("work"))
    kind, number, side = (visit.parameter(name) for name in ("kind", "number", "side"))
    try:
        one = (outcome.result if outcome else {})[kind][int(number)]
        text = one[side]["spoken"]
    except (LookupError, TypeError, ValueError) as error:
        raise Refusal(404, "no_preview") from error
    audio = spoken_audio(text, one["language"])
    if audio is None:
        raise Refusal(404, "not_spoken")
    return Response(audio, media_type="audio/wav")


def propose_undo_of(visit: Visit) -> Response:
    """Propose to undo it: nothing changes yet."""
    found = the_announcement(visit)
    return acted(
        visit,
        lambda: propose_undo(
            visit.session, found.id, visit.person.login, given_day(visit.form.get("day", "")), why(visit)
        ),
        AuditedAct.UNDO_PROPOSED,
        _undo_page,
    )


def take_back(visit: Visit) -> Response:
    """Take the proposal to undo it back."""
    found = the_announcement(visit)
    return acted(
        visit,
        lambda: take_undo_back(visit.session, found.id, visit.person.login, why(visit)),
        AuditedAct.UNDO_TAKEN_BACK,
        _undo_page,
    )


def undo_it(visit: Visit) -> Response:
    """Undo it as a second person, or alone in an emergency."""
    found, is_emergency = the_announcement(visit), visit.form.get("emergency") == "1"
    return acted(
        visit,
        lambda: undo(visit.session, found.id, visit.person.login, today(), why(visit), emergency=is_emergency),
        AuditedAct.UNDO_FORCED if is_emergency else AuditedAct.ANNOUNCEMENT_UNDONE,
        _undo_page,
    )


ROUTES = (
    ConsoleRoute("GET", f"{PATH}/spoken", StaffAct.SEE_ANNOUNCEMENTS, speak, by_hand=False),
    ConsoleRoute("GET", f"{ONE}/preview", StaffAct.SEE_ANNOUNCEMENTS, show),
    ConsoleRoute("GET", f"{ONE}/undo", StaffAct.SEE_ANNOUNCEMENTS, show_undo),
    ConsoleRoute("POST", f"{ONE}/undo/propose", StaffAct.PROPOSE_UNDO, propose_undo_of),
    ConsoleRoute("POST", f"{ONE}/undo/take-back", StaffAct.PROPOSE_UNDO, take_back),
    ConsoleRoute("POST", f"{ONE}/undo", StaffAct.UNDO_ANNOUNCEMENT, undo_it),
)
