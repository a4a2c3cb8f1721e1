"""Every request of somebody who is signed in: session, origin, form token, permission, transaction, errors."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import deadlines
from bot.console.console_routes import MOST_BYTES, MOST_FIELDS, ConsoleRoute, Handler
from bot.console.console_templates import rendered
from bot.console.console_texts import ConsoleTexts, console_texts
from bot.console.console_visit import FETCHED, Anew, Refusal, Visit
from bot.console.cookies import LANGUAGE_COOKIE, session_cookie
from bot.observing.error_place import place_of
from bot.settings import LANGUAGES
from bot.settings.staff_console import console_address
from bot.staff.permissions import StaffAct, may
from bot.staff.staff_audit import AuditedAct, note_act
from bot.staff.staff_codes import must_set_up
from bot.staff.staff_sessions import form_token, is_form_token, signed_in_person
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
FORM = "application/x-www-form-urlencoded"
FORM_TOKEN = "form_token"  # noqa: S105 (a field's name)
Endpoint = Callable[[Request], Awaitable[Response]]


def guarded(route: ConsoleRoute) -> Route:
    """The route as Starlette serves it."""

    async def endpoint(request: Request) -> Response:
        texts = texts_of(request)
        try:
            form = await form_of(request, route.most_bytes, route.most_fields) if route.method == "POST" else {}
            return await in_time(_answer, route, request, form, texts, deadline=deadlines.CONSOLE_PAGE)
        except Refusal as refusal:
            return refused(request, texts, refusal)
        except (SQLAlchemyError, OSError) as error:  # TimeoutError too
            logger.error("The console's database fails: %s, %s.", type(error).__name__, place_of(error))
            return refused(request, texts, Refusal(503, "unavailable"))

    return Route(route.path, endpoint, methods=[route.method])


def _answer(route: ConsoleRoute, request: Request, form: Mapping[str, str], texts: ConsoleTexts) -> Response:
    try:
        return _handled(route, route.handler, request, form, texts)
    except Anew as anew:
        return _handled(route, anew.handler, request, form, texts)


def _handled(
    route: ConsoleRoute, handler: Handler, request: Request, form: Mapping[str, str], texts: ConsoleTexts
) -> Response:
    token = request.cookies.get(session_cookie(), "")
    with session_scope() as session:
        person = signed_in_person(session, token, by_hand=route.by_hand) if token else None
        if person is None:
            return _to_sign_in(request, texts)
        if route.method == "POST" and not (is_own_origin(request) and is_form_token(form.get(FORM_TOKEN, ""), token)):
            raise Refusal(403, "not_from_here")
        if must_set_up(person) and route.act is not StaffAct.KEEP_OWN_ACCOUNT:
            return _to_account(request, texts)
        if may(person.roles, route.act):
            return handler(Visit(request, session, person, form, form_token(token), texts))
        note_act(session, AuditedAct.REFUSED, person.id, person.roles, about=route.act.value)
    return refused(request, texts, Refusal(403, "not_allowed"))


def _to_account(request: Request, texts: ConsoleTexts) -> Response:
    if FETCHED in request.headers or request.method == "POST":
        return refused(request, texts, Refusal(403, "codes_first"))
    return RedirectResponse("/account", 303)


def _to_sign_in(request: Request, texts: ConsoleTexts) -> Response:
    if FETCHED in request.headers or request.method == "POST":
        return refused(request, texts, Refusal(401, "signed_out"))
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        # A link on another site: the browser sends our cookie (SameSite=Strict) only once we ask ourselves.
        return HTMLResponse(rendered("passing.html", t=texts, address=here(request)))
    return RedirectResponse(f"/sign-in?next={quote(here(request), safe='')}", 303)


def here(request: Request) -> str:
    """The request's own path and query."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def own_path(given: str) -> str:
    """A path of the console to go on to; the first page where it is none."""
    plain = given.isprintable() and given.isascii() and "\\" not in given
    return given if plain and given.startswith("/") and not given.startswith("//") else "/"


def is_own_origin(request: Request) -> bool:
    """Whether a POST comes from one of our pages: browsers say so in `Origin`, which no page can choose."""
    return request.headers.get("Origin") in own_origins(request)


def own_origins(request: Request) -> set[str]:
    """The origin of the console; on the developer's machine also that of the address by which it was reached."""
    address = console_address()
    return {address} if address.startswith("https://") else {address, f"http://{request.headers.get('Host', '')}"}


async def form_of(request: Request, most_bytes: int = MOST_BYTES, most_fields: int = MOST_FIELDS) -> dict[str, str]:
    """The fields of a form: valid text without NUL, which PostgreSQL does not take.

    Raises:
        Refusal: it is no form, or too long.
    """
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != FORM:
        raise Refusal(415, "no_form")
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            raise Refusal(413, "too_long")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=most_fields, errors="replace")
    except ValueError as error:
        raise Refusal(400, "no_form") from error
    fields: dict[str, str] = {}
    for name, value in pairs:
        text = value.replace("\0", "")
        fields[name] = f"{fields[name]} {text}" if name in fields else text  # boxes that are ticked, of one name
    return fields


def texts_of(request: Request) -> ConsoleTexts:
    """The texts of the language that was chosen, or that the browser prefers."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen not in LANGUAGES:
        wanted = [
            part.split(";")[0].strip()[:2].lower() for part in request.headers.get("Accept-Language", "").split(",")
        ]
        chosen = next((one for one in wanted if one in LANGUAGES), LANGUAGES[0])
    return console_texts()[chosen]


def refused(request: Request, texts: ConsoleTexts, refusal: Refusal, **headers: str) -> Response:
    """What happened and what to do: as a page, or for a script as JSON."""
    told: dict[str, Any] = {
        "title": texts(f"errors.{refusal.key}.title"),
        "detail": texts(f"errors.{refusal.key}.detail", **refusal.values),
    }
    if FETCHED in request.headers:
        return JSONResponse({"status": refusal.status, **told}, refusal.status, headers)
    return HTMLResponse(rendered("error.html", t=texts, **told), refusal.status, headers)
