"""What the console's pages are made of: routes, each with what it does, and pages in the navigation."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from bot.console.console_visit import Visit
from bot.staff.permissions import StaffAct

MOST_BYTES = 256 * 1024  # of a form
MOST_FIELDS = 100
Handler = Callable[[Visit], Response]


@dataclass(frozen=True)
class ConsoleRoute:
    """A route for people who are signed in.

    Attributes:
        act: what it does; whoever may not do it is refused.
        by_hand: whether asking for it keeps the session; not where a page only keeps itself up to date.
        most_bytes, most_fields: of its form.
    """

    method: str
    path: str
    act: StaffAct
    handler: Handler
    by_hand: bool = True
    most_bytes: int = MOST_BYTES
    most_fields: int = MOST_FIELDS


@dataclass(frozen=True)
class ConsolePage:
    """A page of the navigation, shown to those who may do its act; `name` is the key of its texts (`pages.…`)."""

    name: str
    path: str
    act: StaffAct
    routes: tuple[ConsoleRoute, ...]
