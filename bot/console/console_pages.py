"""All pages of the console, in the order of the navigation. A new page is a module, a template and a row here."""

from bot.console import (
    account_page,
    announcement_form_page,
    announcement_page,
    announcement_preview_page,
    announcements_page,
    audit_page,
    call_backs_page,
    conversation_page,
    desk_stream,
    events_page,
    figures_page,
    hours_page,
    queue_page,
    staff_page,
    surges_page,
)
from bot.console.console_routes import ConsolePage, ConsoleRoute

PAGES: tuple[ConsolePage, ...] = (
    queue_page.PAGE,
    call_backs_page.PAGE,
    hours_page.PAGE,
    announcements_page.PAGE,
    events_page.PAGE,
    figures_page.PAGE,
    surges_page.PAGE,
    audit_page.PAGE,
    staff_page.PAGE,
)
ROUTES: tuple[ConsoleRoute, ...] = (
    *(route for page in PAGES for route in page.routes),
    *desk_stream.ROUTES,
    *conversation_page.ROUTES,
    *account_page.ROUTES,
    *announcement_form_page.ROUTES,
    *announcement_preview_page.ROUTES,
    *announcement_page.ROUTES,
)
