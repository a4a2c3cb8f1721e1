"""Forms of somebody who is not signed in: each belongs to a cookie, so that no other site can send it."""

import secrets

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.console.console_templates import rendered
from bot.console.console_texts import ConsoleTexts
from bot.console.console_visit import Refusal
from bot.console.cookies import put, visitor_cookie
from bot.console.guarding import FORM_TOKEN, form_of, is_own_origin
from bot.staff.staff_sessions import form_token, is_form_token


def visitor_of(request: Request) -> str:
    """The secret of the browser; "" where it has none yet."""
    return request.cookies.get(visitor_cookie(), "")


async def own_form(request: Request) -> dict[str, str]:
    """The fields of a form of ours.

    Raises:
        Refusal: it is none, or was not sent from our page in this browser.
    """
    form, visitor = await form_of(request), visitor_of(request)
    if not (visitor and is_own_origin(request) and is_form_token(form.get(FORM_TOKEN, ""), visitor)):
        raise Refusal(403, "not_from_here")
    return form


def with_visitor(request: Request, template: str, texts: ConsoleTexts, *, status: int, **values: object) -> Response:
    """A page with such a form."""
    visitor = visitor_of(request) or secrets.token_urlsafe(32)
    answer = HTMLResponse(rendered(template, t=texts, form_token=form_token(visitor), **values), status)
    put(answer, visitor_cookie(), visitor)
    return answer
