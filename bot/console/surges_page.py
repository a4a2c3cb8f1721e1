"""Surges: what is far above the usual, with redacted sentences, and the way to an announcement about it."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from babel.numbers import format_decimal
from starlette.responses import Response

from bot.console.announcement_form import FormBegin
from bot.console.announcement_form_page import NEW
from bot.console.console_routes import ConsolePage, ConsoleRoute
from bot.console.console_visit import Refusal, Visit
from bot.figures.surge_watch import NoticedSurge, dismiss, noticed
from bot.figures.surges import SurgeKind
from bot.replies.catalogue import catalogues
from bot.staff.permissions import StaffAct
from bot.staff.staff_audit import AuditedAct

PATH = "/surges"
LISTED = timedelta(days=30)
PARAMETERS = {
    SurgeKind.OF_TOPIC: FormBegin.TOPIC,
    SurgeKind.OF_PLACE: FormBegin.PLACE,
    SurgeKind.OF_SENTENCES: FormBegin.QUESTION,
}


def show(visit: Visit) -> Response:
    """The page."""
    found = noticed(visit.session, datetime.now(UTC) - LISTED)
    visit.audit(AuditedAct.SURGES_READ)
    return visit.page(
        "surges.html",
        surges=[(one, named(one, visit.language), _write(one)) for one in found],
        may_dismiss=visit.may(StaffAct.DISMISS_SURGE),
        number=lambda count: format_decimal(round(count), locale=visit.language),
    )


def dismissed(visit: Visit) -> Response:
    """Note that a surge needs nothing more."""
    given = visit.form.get("surge", "")
    is_number = given.isascii() and given.isdecimal() and len(given) < 10
    if not is_number or not dismiss(visit.session, int(given), visit.person.login, datetime.now(UTC)):
        raise Refusal(404, "no_surge")
    visit.audit(AuditedAct.SURGE_DISMISSED, given)
    return visit.done(PATH)


def named(one: NoticedSurge, language: str) -> str:
    """What rises, for people to read."""
    return catalogues()[language].titles.get(one.name, one.name) if one.kind is SurgeKind.OF_TOPIC else one.name


def _write(one: NoticedSurge) -> str:
    """The address of the form for an announcement about it."""
    return f"{NEW}?{urlencode({PARAMETERS[one.kind].value: one.name})}"


PAGE = ConsolePage(
    "surges",
    PATH,
    StaffAct.SEE_SURGES,
    (
        ConsoleRoute("GET", PATH, StaffAct.SEE_SURGES, show),
        ConsoleRoute("POST", f"{PATH}/dismiss", StaffAct.DISMISS_SURGE, dismissed),
    ),
)
