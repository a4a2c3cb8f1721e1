"""The queue: what waits, what the agent holds, what colleagues hold, what is closed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from bot.console.console_routes import ConsolePage, ConsoleRoute
from bot.console.console_visit import Refusal, Visit
from bot.desk.desk_requests import Request, by_reference, closed, held, held_by, open_counts, waiting
from bot.desk.event_numbers import latest_number
from bot.desk.kinds import RequestKind
from bot.desk.opening_hours import availability
from bot.desk.presence import present
from bot.known_channels import CHANNELS
from bot.settings import LANGUAGES
from bot.staff.permissions import StaffAct

PATH = "/desk"
MOST_CLOSED = 100
SECONDS_OF_A_MINUTE, MINUTES_OF_AN_HOUR, HOURS_OF_A_DAY = 60, 60, 24
SHOWN: dict[str, Callable[[Session, int], list[Request]]] = {
    "waiting": lambda session, _: waiting(session),
    "mine": held_by,
    "held": lambda session, _: held(session),
    "closed": lambda session, _: closed(session, limit=MOST_CLOSED),
}


def show(visit: Visit) -> Response:
    """The page."""
    return visit.page(
        "queue.html",
        **_list(visit),
        **_there(visit),
        kinds=list(RequestKind),
        channels=[channel.name for channel in CHANNELS],
        languages=LANGUAGES,
        number=latest_number(visit.session),
    )


def show_list(visit: Visit) -> Response:
    """Only the list, to take the place of the one that is shown."""
    return visit.page("_queue_list.html", **_list(visit))


def show_there(visit: Visit) -> Response:
    """Only who is there now, to take the place of what is shown."""
    return visit.page("_there.html", **_there(visit))


def find(visit: Visit) -> Response:
    """The request of a number that somebody typed."""
    found = by_reference(visit.session, visit.parameter("reference"))
    if found is None:
        raise Refusal(404, "no_reference")
    return RedirectResponse(f"{PATH}/{found.reference}", 303)


def age(visit: Visit, since: datetime) -> str:
    """How long ago, in words as short as a table needs."""
    minutes = max(int((datetime.now(UTC) - since).total_seconds() // SECONDS_OF_A_MINUTE), 0)
    if minutes < MINUTES_OF_AN_HOUR:
        return visit.t("queue.minutes", number=minutes)
    hours = minutes // MINUTES_OF_AN_HOUR
    key = "queue.hours" if hours < HOURS_OF_A_DAY else "queue.days"
    return visit.t(key, number=hours if hours < HOURS_OF_A_DAY else hours // HOURS_OF_A_DAY)


def _there(visit: Visit) -> dict[str, Any]:
    return {"availability": availability(visit.session), "present": present(visit.session, datetime.now(UTC))}


def _list(visit: Visit) -> dict[str, Any]:
    shown = visit.parameter("show") if visit.parameter("show") in SHOWN else "waiting"
    filters = {name: visit.parameter(name) for name in ("kind", "channel", "lang")}
    requests = [one for one in SHOWN[shown](visit.session, visit.person.id) if _fits(one, filters)]
    counts = dict(zip(("waiting", "mine", "held"), open_counts(visit.session, visit.person.id), strict=True))
    return {
        "shown": shown,
        "filters": filters,
        "requests": [(one, age(visit, one.waits_since)) for one in requests],
        "counts": counts,
    }


def _fits(request: Request, filters: dict[str, str]) -> bool:
    return (
        filters["kind"] in ("", request.kind)
        and filters["channel"] in ("", request.channel)
        and filters["lang"] in ("", request.language)
    )


PAGE = ConsolePage(
    "queue",
    PATH,
    StaffAct.SEE_QUEUE,
    (
        ConsoleRoute("GET", PATH, StaffAct.SEE_QUEUE, show),
        ConsoleRoute("GET", f"{PATH}/list", StaffAct.SEE_QUEUE, show_list, by_hand=False),
        ConsoleRoute("GET", f"{PATH}/there", StaffAct.SEE_QUEUE, show_there, by_hand=False),
        ConsoleRoute("GET", f"{PATH}/find", StaffAct.SEE_QUEUE, find),
    ),
)
