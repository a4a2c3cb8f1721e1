"""An editor and two approvers at the console, and announcements as forms, for the tests of announcements' pages."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from colleagues import ADDRESS, Colleague  # tests/console/colleagues.py
from httpx import Response

from bot.console.announcement_form import fields_of
from bot.data_files import read_yaml
from bot.settings import PROJECT
from bot.staff.permissions import StaffRole
from bot.staff.staff_sessions import form_token

EXAMPLES = PROJECT / "docs" / "examples"
PATIENCE = 60  # seconds
NOT_READY = 202
WAITING = "data-waiting="


def form_of(name: str) -> dict[str, str]:
    """One of docs/examples as the fields of the form."""
    return fields_of(read_yaml(EXAMPLES / f"{name}.yml"))


# One record, which takes over one answer: what it changes is soon worked out.
SMALL = {
    "id": "one-after-another",
    "made_public": "2020-05-14",
    "source": {"id": "small", "title": {"lv": "Ziņa", "en": "News"}, "spoken": {"lv": "Ziņa.", "en": "News."}},
    "records": [
        {
            "id": "one-after-another",
            "key": "one_after_another",
            "kind": "outside",
            "text": {"lv": "Centri atveras cits pēc cita.", "en": "The centres open one after another."},
            "answers": ["ask_reopening/when"],
        }
    ],
}


def small() -> dict[str, str]:
    """The small announcement as the fields of the form."""
    return fields_of(SMALL)


@dataclass
class Newsroom:
    """Who writes, and who approves; `both` has both roles."""

    editor: Colleague
    approver: Colleague
    both: Colleague

    def proposed(self, form: dict[str, str] | None = None) -> Response:
        """The editor proposes the small announcement, or another."""
        return as_page(self.editor, "/announcements/new/propose", form or small())


def newsroom_of(colleague: Callable[..., Colleague]) -> Newsroom:
    """One of each."""
    return Newsroom(
        colleague("edite", StaffRole.EDITOR),
        colleague("anna", StaffRole.APPROVER),
        colleague("bruno", StaffRole.EDITOR, StaffRole.APPROVER),
    )


def as_page(one: Colleague, path: str, form: dict[str, str] | None = None) -> Response:
    """Send a form without scripts; the page that follows."""
    data: dict[str, Any] = {"form_token": form_token(one.token), **(form or {})}
    return one.browser.post(path, data=data, headers={"Origin": ADDRESS}, follow_redirects=False)


def followed(one: Colleague, answer: Response) -> str:
    """The page to which a form leads, once what it begins is done."""
    assert answer.status_code == 303, answer.text
    return waited(one, answer.headers["Location"])


def waited(one: Colleague, address: str) -> str:
    """A page once what it waits for is there."""
    until = time.monotonic() + PATIENCE
    while True:
        page = one.get(address)
        if WAITING not in page.text and page.status_code != NOT_READY:
            return page.text
        assert time.monotonic() < until, page.text
        time.sleep(0.05)
