"""The second step of signing in: a one-time code, or a recovery code."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot import deadlines
from bot.console.console_texts import ConsoleTexts
from bot.console.console_visit import Refusal
from bot.console.cookies import drop, put, session_cookie, visitor_cookie
from bot.console.guarding import own_path, refused, texts_of
from bot.console.visitor_forms import own_form, visitor_of, with_visitor
from bot.observing import metrics
from bot.staff.signing_in_staff import SignInResult, sign_in_with_code
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

PATH = "/sign-in/code"
LATE = "late"  # the parameter of the sign-in page that says why it is shown again
SECONDS_OF_A_MINUTE = 60


def code_form(
    request: Request, texts: ConsoleTexts, half: str, after: str, problem: str | None = None, status: int = 200
) -> Response:
    """The form."""
    shown = {"half": half, "after": after, "problem": problem}
    return with_visitor(request, "sign_in_code.html", texts, status=status, **shown)


async def enter_code(request: Request) -> Response:
    """Sign in with the code."""
    texts = texts_of(request)
    try:
        form = await own_form(request)
    except Refusal as refusal:
        return refused(request, texts, refusal)
    after, given = own_path(form.get("next", "/")), form.get("given", "")
    half, visitor = form.get("half", ""), visitor_of(request)
    result = await in_time(sign_in_with_code, session_scope, half, given, visitor, deadline=deadlines.CONSOLE_PAGE)
    count_sign_in(result)
    if result.is_late:
        return RedirectResponse(f"/sign-in?{urlencode({LATE: 1, 'next': after})}", 303)
    if result.token is None:
        if result.wait:
            told = texts("sign_in.wait", minutes=int(result.wait.total_seconds()) // SECONDS_OF_A_MINUTE + 1)
            return code_form(request, texts, half, after, told, 429)
        return code_form(request, texts, half, after, texts("code.wrong"), 403)
    return entered(result.token, after)


def entered(token: str, after: str) -> Response:
    """Go on, signed in."""
    answer = RedirectResponse(after, 303)
    put(answer, session_cookie(), token)
    drop(answer, visitor_cookie())
    return answer


def count_sign_in(result: SignInResult) -> None:
    """Count how signing in went, for Prometheus; nothing where it only goes on."""
    if result.token:
        metrics.STAFF_SIGN_INS.labels("accepted").inc()
    elif result.wait:
        metrics.STAFF_SIGN_INS.labels("delayed").inc()
    else:
        metrics.STAFF_SIGN_INS.labels("refused").inc()


ROUTES = (Route(PATH, enter_code, methods=["POST"]),)
