"""Calls that customers asked for, by the time that suits them; the number is on the request's page, for who took it."""

from starlette.responses import Response

from bot.console.console_routes import ConsolePage, ConsoleRoute
from bot.console.console_visit import Visit
from bot.console.queue_page import age
from bot.desk.call_backs import CallBack, call_back_of
from bot.desk.desk_requests import Request, held, waiting
from bot.staff.permissions import StaffAct

PATH = "/call-backs"


def show(visit: Visit) -> Response:
    """The page."""
    open_ones = [*waiting(visit.session), *held(visit.session)]
    asked = [(one, call) for one in open_ones if (call := call_back_of(visit.session, one.reference))]
    calls = [(one, call, age(visit, call.asked_at)) for one, call in sorted(asked, key=_when) if not call.done_at]
    return visit.page("call_backs.html", calls=calls)


def _when(pair: tuple[Request, CallBack]) -> tuple[bool, str]:
    request, call = pair
    return not request.priority, (call.wished_from or call.asked_at).isoformat()


PAGE = ConsolePage(
    "call_backs", PATH, StaffAct.SEE_CALL_BACKS, (ConsoleRoute("GET", PATH, StaffAct.SEE_CALL_BACKS, show),)
)
