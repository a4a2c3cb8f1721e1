"""The own account: one-time codes are set up, switched off and recovered from."""

from typing import Any

from starlette.responses import Response

from bot.console.code_sign_in import SECONDS_OF_A_MINUTE
from bot.console.console_routes import ConsoleRoute
from bot.console.console_visit import Refusal, Visit
from bot.console.qr_codes import qr_code
from bot.staff.permissions import StaffAct
from bot.staff.recovery_codes import new_recovery_codes, recovery_codes_left
from bot.staff.sign_in_attempts import count_code, forget_codes
from bot.staff.staff_accounts import person_in
from bot.staff.staff_audit import AuditedAct
from bot.staff.staff_codes import are_codes_compulsory, begin_codes, confirm_codes, drop_codes, is_begun, use_code

PATH = "/account"


def show(visit: Visit) -> Response:
    """The page; the secret is on it until the person has proved to have it."""
    return _page(visit)


def begin(visit: Visit) -> Response:
    """Make a secret, which the page then shows."""
    if visit.person.has_codes or visit.person.is_from_directory:
        raise Refusal(409, "codes_changed")
    begin_codes(visit.session, visit.person, visit.t("name"))
    return visit.done(PATH)


def confirm(visit: Visit) -> Response:
    """Switch codes on with a first one; the recovery codes are shown this once."""
    if not is_begun(visit.session, visit.person):
        raise Refusal(409, "codes_changed")
    made = confirm_codes(visit.session, visit.person, visit.form.get("given", ""))
    if made is None:
        return _page(visit, 403, problem=visit.t("code.wrong"))
    visit.audit(AuditedAct.CODES_SET_UP, _about(visit))
    forget_codes(visit.session, visit.person.id)
    return _page(visit, recovery=made)


def renew(visit: Visit) -> Response:
    """New recovery codes instead of those that are left."""
    if (answer := _unless_code(visit)) is not None:
        return answer
    visit.audit(AuditedAct.RECOVERY_CODES_MADE, _about(visit))
    return _page(visit, recovery=new_recovery_codes(visit.session, visit.person.id))


def switch_off(visit: Visit) -> Response:
    """Ask for no codes any more, as before another phone is set up."""
    if (answer := _unless_code(visit)) is not None:
        return answer
    visit.audit(AuditedAct.CODES_SWITCHED_OFF, _about(visit))
    drop_codes(visit.session, visit.person.id)
    return visit.done(PATH)


def _unless_code(visit: Visit) -> Response | None:
    """None where the code is right, else a page that says what is wrong: no `Refusal`, since the count must be kept."""
    if not visit.person.has_codes:
        raise Refusal(409, "codes_changed")
    number = visit.person.id
    if wait := count_code(visit.session, number):
        visit.audit(AuditedAct.LOCKED_OUT, _about(visit))
        minutes = int(wait.total_seconds()) // SECONDS_OF_A_MINUTE + 1
        return _page(visit, 429, problem=visit.t("sign_in.wait", minutes=minutes))
    is_from_app = use_code(visit.session, number, visit.form.get("given", ""))
    if is_from_app is None:
        visit.audit(AuditedAct.CODE_REFUSED, _about(visit))
        return _page(visit, 403, problem=visit.t("code.wrong"))
    if not is_from_app:
        visit.audit(AuditedAct.RECOVERY_CODE_USED, _about(visit))
    forget_codes(visit.session, number)
    return None


def _page(
    visit: Visit, status: int = 200, *, problem: str | None = None, recovery: list[str] | None = None
) -> Response:
    person = person_in(visit.session, visit.person.id)
    secret = begin_codes(visit.session, person, visit.t("name")) if is_begun(visit.session, person) else None
    shown: dict[str, Any] = {
        "account": person,
        "secret": secret,
        "qr": qr_code(secret.address) if secret else None,
        "problem": problem,
        "recovery": recovery,
        "left": recovery_codes_left(visit.session, person.id),
        "is_compulsory": are_codes_compulsory(),
    }
    return visit.page("account.html", status, **shown)


def _about(visit: Visit) -> str:
    return f"staff:{visit.person.id}"


ROUTES = (
    ConsoleRoute("GET", PATH, StaffAct.KEEP_OWN_ACCOUNT, show),
    ConsoleRoute("POST", f"{PATH}/codes/begin", StaffAct.KEEP_OWN_ACCOUNT, begin),
    ConsoleRoute("POST", f"{PATH}/codes/confirm", StaffAct.KEEP_OWN_ACCOUNT, confirm),
    ConsoleRoute("POST", f"{PATH}/codes/recovery", StaffAct.KEEP_OWN_ACCOUNT, renew),
    ConsoleRoute("POST", f"{PATH}/codes/off", StaffAct.KEEP_OWN_ACCOUNT, switch_off),
)
