"""The console as an application (ASGI)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.chatwoot import webhook
from bot.chatwoot.chatwoot_worker import work_for_chatwoot
from bot.console import code_sign_in, console_health, console_sign_in, staff_directory
from bot.console.console_headers import ConsoleHeaders
from bot.console.console_pages import PAGES, ROUTES
from bot.console.console_routes import ConsoleRoute
from bot.console.console_visit import Refusal, Visit
from bot.console.cookies import LANGUAGE_COOKIE, YEAR, put
from bot.console.desk_feed import DeskFeed
from bot.console.desk_worker import alert_to_what_waits, give_back_what_is_lost
from bot.console.figures_worker import keep_figures
from bot.console.guarding import guarded, own_path, refused, texts_of
from bot.console.slow_work import SlowWork
from bot.settings import LANGUAGES
from bot.staff.permissions import StaffAct

FILES = Path(__file__).parent / "static"


class _Files(StaticFiles):
    """Scripts and styles; browsers ask each time whether they are still the same."""

    def file_response(self, *arguments: object, **named: object) -> Response:  # type: ignore[override]
        answer = super().file_response(*arguments, **named)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def console_app() -> Starlette:
    """The application; while it runs, it looks for events and lost agents, sends alerts, and works for Chatwoot."""

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        work = (
            app.state.feed.run(),
            give_back_what_is_lost(),
            alert_to_what_waits(),
            work_for_chatwoot(),
            keep_figures(),
        )
        tasks = [asyncio.create_task(each) for each in work]
        yield
        app.state.slow_work.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    routes = [
        *console_health.ROUTES,
        *console_sign_in.ROUTES,
        *code_sign_in.ROUTES,
        *staff_directory.ROUTES,
        *webhook.routes(),
        Route("/language", choose_language, methods=["GET"]),
        Mount("/static", _Files(directory=FILES)),
        guarded(ConsoleRoute("GET", "/", StaffAct.ENTER, enter)),
        *map(guarded, ROUTES),
    ]
    app = Starlette(
        routes=routes,
        middleware=[Middleware(ConsoleHeaders)],
        exception_handlers={HTTPException: _http_error, Exception: _error},
        lifespan=running,
    )
    app.state.feed, app.state.pages, app.state.slow_work = DeskFeed(), PAGES, SlowWork()
    app.router.redirect_slashes = False
    return app


def enter(visit: Visit) -> Response:
    """The first page that the person may see."""
    for page in PAGES:
        if visit.may(page.act):
            return RedirectResponse(page.path, 303)
    return visit.page("nothing.html")


async def choose_language(request: Request) -> Response:
    """Remember the language that was chosen, and go back."""
    answer = RedirectResponse(quote(own_path(request.query_params.get("next", "/")), safe="/?=&%#-._~"), 303)
    if (wanted := request.query_params.get("to", "")) in LANGUAGES:
        put(answer, LANGUAGE_COOKIE, wanted, seconds=YEAR, lax=True)
    return answer


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    key = {404: "not_found", 405: "not_found"}.get(status, "unavailable")
    return refused(request, texts_of(request), Refusal(status, key))


async def _error(request: Request, _: Exception) -> Response:
    return refused(request, texts_of(request), Refusal(500, "unavailable"))
