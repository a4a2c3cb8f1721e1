"""What was done and read in the console, by whom and when. Looking at it is recorded too."""

from starlette.responses import Response

from bot.console.console_routes import ConsolePage, ConsoleRoute
from bot.console.console_visit import Visit
from bot.staff.permissions import StaffAct
from bot.staff.staff_accounts import everybody
from bot.staff.staff_audit import AuditedAct, latest_acts

PATH = "/audit"
AT_ONCE = 100


def show(visit: Visit) -> Response:
    """The page; filters `who` and `act`, and `before` for older ones."""
    who, act, before = (visit.parameter(name) for name in ("who", "act", "before"))
    people = {one.id: one for one in everybody(visit.session)}
    lines = latest_acts(
        visit.session,
        account_id=int(who) if _is_number(who) else None,
        act=next((one for one in AuditedAct if one.value == act), None),
        before=int(before) if _is_number(before) else None,
        limit=AT_ONCE,
    )
    visit.audit(AuditedAct.AUDIT_READ)
    return visit.page(
        "audit.html",
        lines=lines,
        people=people,
        acts=list(AuditedAct),
        who=who,
        act=act,
        older=lines[-1].number if len(lines) == AT_ONCE else None,
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


PAGE = ConsolePage("audit", PATH, StaffAct.READ_AUDIT, (ConsoleRoute("GET", PATH, StaffAct.READ_AUDIT, show),))
