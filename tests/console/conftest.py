"""The console in this process, as people of each role see it, with a desk at work."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from colleagues import ADDRESS, COOKIE, Colleague  # tests/console/colleagues.py
from starlette.testclient import TestClient

from bot.console.console_app import console_app
from bot.desk.call_backs import ask_call_back
from bot.desk.desk_requests import open_request
from bot.desk.kinds import RequestKind
from bot.desk.origin import Origin
from bot.desk.presence import seen
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import add_account
from bot.staff.staff_sessions import begin_session
from bot.storage.engine import session_scope


@pytest.fixture
def desk(database: str) -> dict[str, str]:
    """Requests by what they are: reference numbers."""
    with session_scope() as session:
        live = open_request(session, RequestKind.PERSON, Origin("talk", "web", "lv"))
        complaint = open_request(
            session, RequestKind.COMPLAINT, Origin("angry", "web", "en"), details="The bill is wrong.", priority=True
        )
        call = ask_call_back(session, Origin("ring", "phone", "lv"), "+37120000001", None, consent_at=datetime.now(UTC))
    return {"live": live.reference.number, "complaint": complaint.reference.number, "call": call.number}


@pytest.fixture
def anonymous(database: str) -> TestClient:
    """The browser of somebody who is not signed in."""
    return TestClient(console_app(), base_url=ADDRESS)


@pytest.fixture
def colleague(database: str) -> Callable[..., Colleague]:
    """Make somebody with these roles, signed in; agents are there."""
    app = console_app()
    with session_scope() as session:
        add_account(session, "first", "First", [StaffRole.ADMINISTRATOR])

    def make(login: str, *roles: StaffRole) -> Colleague:
        with session_scope() as session:
            person = add_account(session, login, login.title(), roles)
            token = begin_session(session, person.id)
            if StaffRole.AGENT in roles:
                seen(session, person.id, person.name, person.languages)
        browser = TestClient(app, base_url=ADDRESS, cookies={COOKIE: token, "language": "en"})
        return Colleague(person.id, token, browser)

    return make
