"""Accounts of the company's people: who may do what, new accounts, one-time links."""

from typing import Any

from starlette.responses import Response

from bot.console.console_routes import ConsolePage, ConsoleRoute
from bot.console.console_visit import Refusal, Visit
from bot.settings import LANGUAGES
from bot.settings.staff_console import console_address
from bot.staff.one_time_links import LINK_LIFE, make_link
from bot.staff.permissions import StaffAct, StaffRole, roles_of
from bot.staff.staff_accounts import StaffError, account_named, add_account, change_account, everybody
from bot.staff.staff_audit import AuditedAct
from bot.staff.staff_codes import reset_codes

PATH = "/staff"
HOUR = 3600  # seconds


def show(visit: Visit) -> Response:
    """The page."""
    return _page(visit)


def add(visit: Visit) -> Response:
    """A new account, and its link, which is shown once."""
    try:
        person = add_account(
            visit.session, visit.form.get("login", ""), visit.form.get("name", ""), _roles(visit), _languages(visit)
        )
    except StaffError as error:
        raise Refusal(400, "no_account") from error
    visit.audit(AuditedAct.ACCOUNT_ADDED, f"staff:{person.id}")
    return _with_link(visit, person.login, person.id)


def change(visit: Visit) -> Response:
    """Change name, roles and languages; switch an account off or on."""
    number, disabled = _number(visit), visit.form.get("disabled")
    try:
        if disabled in ("0", "1"):
            change_account(visit.session, number, is_disabled=disabled == "1")
            act = AuditedAct.ACCOUNT_DISABLED if disabled == "1" else AuditedAct.ACCOUNT_ENABLED
        else:
            name, roles, languages = visit.form.get("name", ""), _roles(visit), _languages(visit)
            change_account(visit.session, number, name=name, roles=roles, languages=languages)
            act = AuditedAct.ACCOUNT_CHANGED
    except StaffError as error:
        raise Refusal(400, "no_change") from error
    visit.audit(act, f"staff:{number}")
    return visit.done(PATH)


def new_link(visit: Visit) -> Response:
    """A new link for an account; earlier ones are void."""
    number = _number(visit)
    login = next((one.login for one in everybody(visit.session) if one.id == number), "")
    return _with_link(visit, login, number)


def reset(visit: Visit) -> Response:
    """Ask for no one-time codes any more: somebody has lost the phone, and the recovery codes too."""
    number = _number(visit)
    if not any(one.id == number and one.has_codes for one in everybody(visit.session)):
        raise Refusal(400, "no_change")
    reset_codes(visit.session, number)
    visit.audit(AuditedAct.CODES_RESET, f"staff:{number}")
    return visit.done(PATH)


def _with_link(visit: Visit, login: str, number: int) -> Response:
    try:
        token = make_link(visit.session, account_named(visit.session, login))
    except StaffError as error:
        raise Refusal(400, "no_link") from error
    visit.audit(AuditedAct.LINK_MADE, f"staff:{number}")
    return _page(visit, link=f"{console_address()}/link#{token}", link_of=login)


def _page(visit: Visit, link: str | None = None, link_of: str | None = None) -> Response:
    hours = int(LINK_LIFE.total_seconds()) // HOUR
    people = everybody(visit.session)
    shown: dict[str, Any] = {"people": people, "all_roles": list(StaffRole), "languages": LANGUAGES, "hours": hours}
    return visit.page("staff.html", **shown, link=link, link_of=link_of)


def _number(visit: Visit) -> int:
    given = visit.form.get("account", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise Refusal(400, "no_change")
    return int(given)


def _roles(visit: Visit) -> frozenset[StaffRole]:
    return roles_of(visit.form.get("roles", "").split())


def _languages(visit: Visit) -> list[str]:
    return visit.form.get("languages", "").split()


PAGE = ConsolePage(
    "staff",
    PATH,
    StaffAct.SEE_STAFF,
    (
        ConsoleRoute("GET", PATH, StaffAct.SEE_STAFF, show),
        ConsoleRoute("POST", f"{PATH}/add", StaffAct.CHANGE_STAFF, add),
        ConsoleRoute("POST", f"{PATH}/change", StaffAct.CHANGE_STAFF, change),
        ConsoleRoute("POST", f"{PATH}/link", StaffAct.CHANGE_STAFF, new_link),
        ConsoleRoute("POST", f"{PATH}/codes", StaffAct.CHANGE_STAFF, reset),
    ),
)
