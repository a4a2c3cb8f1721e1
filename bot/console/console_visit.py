"""One request to the console: who makes it, what it carries, and how it is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.console.console_templates import rendered
from bot.console.console_texts import ConsoleTexts
from bot.staff.permissions import StaffAct, may
from bot.staff.staff_accounts import StaffPerson
from bot.staff.staff_audit import AuditedAct, note_act

FETCHED = "X-Fetched"  # a header of requests that our scripts make
MOST_DIGITS = 18  # of a number that both databases can store


def whole_number(text: str) -> int | None:
    """The number that somebody gave in digits; None where it is none, or larger than a database takes."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


class Refusal(Exception):
    """The request is refused: nothing that it did is kept. The console shows the text of a key of `errors`.

    Attributes:
        status: HTTP's.
        key: of the text.
        values: for the text's placeholders.
    """

    def __init__(self, status: int, key: str, **values: object) -> None:
        super().__init__(key)
        self.status, self.key, self.values = status, key, values


class Anew(Exception):
    """Nothing of what the handler did is kept; another one makes the page, in a transaction of its own."""

    def __init__(self, handler: "Callable[[Visit], Response]") -> None:
        super().__init__("The page is made anew.")
        self.handler = handler


@dataclass(frozen=True)
class Visit:
    """A request, in a transaction of its own.

    Attributes:
        person: who is signed in.
        form: the fields of a POST.
        form_token: what every form of this page must carry (CSRF).
    """

    request: Request
    session: Session
    person: StaffPerson
    form: Mapping[str, str]
    form_token: str
    t: ConsoleTexts

    @property
    def language(self) -> str:
        return self.t.language

    @property
    def is_fetched(self) -> bool:
        """Whether one of our scripts asks, which takes a part of a page or a status instead of a page."""
        return FETCHED in self.request.headers

    def may(self, act: StaffAct) -> bool:
        """Whether the person may do this."""
        return may(self.person.roles, act)

    def parameter(self, name: str) -> str:
        """A parameter of the address's query; "" where it is not there."""
        return str(self.request.query_params.get(name, ""))

    def audit(self, act: AuditedAct, about: str | None = None) -> None:
        """Record what the person does."""
        note_act(self.session, act, self.person.id, self.person.roles, about=about)

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page, or a part of one."""
        return HTMLResponse(rendered(template, visit=self, t=self.t, person=self.person, **values), status)

    def done(self, address: str) -> Response:
        """After a POST: to a page (303), or for a script only that it was done (204)."""
        return Response(status_code=204) if self.is_fetched else RedirectResponse(address, 303)

    def as_json(self, content: object, status: int = 200) -> Response:
        """A value for a script."""
        return JSONResponse(content, status)
