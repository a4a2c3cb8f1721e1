"""One-time codes in the console: set up on the page of the own account, asked for, switched off, reset."""

import re
from collections.abc import Callable

import pyotp
import pytest
from colleagues import ADDRESS, Colleague  # tests/console/colleagues.py
from httpx import Response
from starlette.testclient import TestClient

from bot.staff.one_time_links import make_link, use_link
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import account_named
from bot.storage.engine import session_scope

PASSPHRASE = "zaļš zirgs pa pļavu"


@pytest.fixture
def anna(colleague: Callable[..., Colleague]) -> Colleague:
    """An agent with a passphrase, signed in."""
    one = colleague("anna", StaffRole.AGENT)
    with session_scope() as session:
        account = account_named(session, "anna")
        account.passphrase = None
        token = make_link(session, account)
        use_link(session, token, PASSPHRASE)
    return colleague_again(one)


def colleague_again(one: Colleague) -> Colleague:
    """The same person in a session of now: choosing a passphrase ended the others."""
    from bot.staff.staff_sessions import begin_session

    with session_scope() as session:
        token = begin_session(session, one.id)
    one.browser.cookies.clear()
    for name, value in {"staff": token, "language": "en"}.items():
        one.browser.cookies.set(name, value)
    return Colleague(one.id, token, one.browser)
