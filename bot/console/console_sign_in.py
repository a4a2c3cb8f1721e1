"""Signing in with login and passphrase, setting a passphrase with a one-time link, and signing out."""

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot import deadlines
from bot.console.client_address import client_address
from bot.console.code_sign_in import LATE, SECONDS_OF_A_MINUTE, code_form, count_sign_in, entered
from bot.console.console_texts import ConsoleTexts
from bot.console.console_visit import Refusal
from bot.console.cookies import drop, session_cookie
from bot.console.guarding import FORM_TOKEN, form_of, is_own_origin, own_path, refused, texts_of
from bot.console.staff_directory import is_directory_used
from bot.console.visitor_forms import own_form, visitor_of, with_visitor
from bot.desk.presence import gone
from bot.staff.one_time_links import owner_of_link, use_link
from bot.staff.passphrases import weakness_of
from bot.staff.signing_in_staff import sign_in_with_passphrase
from bot.staff.staff_audit import AuditedAct, note_act
from bot.staff.staff_sessions import end_session, is_form_token, signed_in_person
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope


async def show_sign_in(request: Request) -> Response:
    """The form; somebody who is signed in goes on at once."""
    after = own_path(request.query_params.get("next", "/"))
    if await in_time(_is_signed_in, request.cookies.get(session_cookie(), "")):
        return RedirectResponse(after, 303)
    texts = texts_of(request)
    return _form(request, texts, after, texts("code.late") if LATE in request.query_params else None)


async def sign_in(request: Request) -> Response:
    """Sign in."""
    texts = texts_of(request)
    try:
        form = await own_form(request)
    except Refusal as refusal:
        return refused(request, texts, refusal)
    login, passphrase, after = form.get("login", ""), form.get("passphrase", ""), own_path(form.get("next", "/"))
    address, visitor = client_address(request), visitor_of(request)
    result = await in_time(
        sign_in_with_passphrase, session_scope, login, passphrase, address, visitor, deadline=deadlines.CONSOLE_PAGE
    )
    if result.half:
        return code_form(request, texts, result.half, after)
    count_sign_in(result)
    if result.token is None:
        seconds = int(result.wait.total_seconds())
        key = "sign_in.wait" if seconds else "sign_in.wrong"
        told = texts(key, minutes=seconds // SECONDS_OF_A_MINUTE + 1) if seconds else texts(key)
        return _form(request, texts, after, told, 429 if seconds else 403, login)
    return entered(result.token, after)


async def sign_out(request: Request) -> Response:
    """Sign out; what the person held is given back when its lease ends."""
    texts, token = texts_of(request), request.cookies.get(session_cookie(), "")
    try:
        form = await form_of(request)
        if not (is_own_origin(request) and is_form_token(form.get(FORM_TOKEN, ""), token)):
            raise Refusal(403, "not_from_here")
    except Refusal as refusal:
        return refused(request, texts, refusal)
    await in_time(_sign_out, token)
    answer = RedirectResponse("/sign-in", 303)
    drop(answer, session_cookie())
    return answer


async def show_link(request: Request) -> Response:
    """The form of a one-time link. Its token follows # in the address, so that no server and no log sees it."""
    return with_visitor(request, "link.html", texts_of(request), problem=None, status=200, token="")


async def set_passphrase(request: Request) -> Response:
    """Set the passphrase of a one-time link."""
    texts = texts_of(request)
    try:
        form = await own_form(request)
    except Refusal as refusal:
        return refused(request, texts, refusal)
    token, passphrase = form.get("token", ""), form.get("passphrase", "")
    result = await in_time(_set, token, passphrase, form.get("again", ""), deadline=deadlines.CONSOLE_PAGE)
    if result.problem:
        why = texts(f"link.{result.problem}")
        return with_visitor(request, "link.html", texts, problem=why, status=400, token=token)
    # Whoever got a link need not know their login.
    return _form(request, texts, "/", login=result.login, saved=texts("link.saved", login=result.login))


@dataclass(frozen=True)
class _Passphrase:
    """Whether a passphrase was set: whose, or why not, as the key of a text."""

    login: str = ""
    problem: str | None = None


def _set(token: str, passphrase: str, again: str) -> _Passphrase:
    with session_scope() as session:
        owner = owner_of_link(session, token)
        if owner is None:
            return _Passphrase(problem="void")
        if weakness := weakness_of(passphrase, owner.login):
            return _Passphrase(problem=weakness.value)
        if passphrase != again:
            return _Passphrase(problem="differs")
        if use_link(session, token, passphrase) is None:
            return _Passphrase(problem="void")
        note_act(session, AuditedAct.PASSPHRASE_SET, owner.id, owner.roles)
        return _Passphrase(owner.login)


def _is_signed_in(token: str) -> bool:
    with session_scope() as session:
        return bool(token) and signed_in_person(session, token, by_hand=False) is not None


def _sign_out(token: str) -> None:
    with session_scope() as session:
        if person := signed_in_person(session, token):
            note_act(session, AuditedAct.SIGNED_OUT, person.id, person.roles, now=datetime.now(UTC))
            gone(session, person.id)
        end_session(session, token)


def _form(
    request: Request,
    texts: ConsoleTexts,
    after: str,
    problem: str | None = None,
    status: int = 200,
    login: str = "",
    saved: str | None = None,
) -> Response:
    shown = {"problem": problem, "after": after, "login": login, "saved": saved, "directory": is_directory_used()}
    return with_visitor(request, "sign_in.html", texts, status=status, **shown)


ROUTES = (
    Route("/sign-in", show_sign_in, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/link", show_link, methods=["GET"]),
    Route("/link", set_passphrase, methods=["POST"]),
)
