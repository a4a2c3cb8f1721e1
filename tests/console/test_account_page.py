"""One-time codes in the console: set up on the page of the own account, asked for, switched off, reset."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pyotp
import pytest
from colleagues import ADDRESS, FETCHED, Colleague  # tests/console/colleagues.py
from httpx import Response
from starlette.testclient import TestClient

from bot.staff.passphrases import hashed_passphrase
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import account_named, person_in
from bot.staff.staff_audit import latest_acts
from bot.staff.staff_codes import STEP, begin_codes, confirm_codes
from bot.storage.engine import session_scope

PASSPHRASE = "zaļš zirgs pa pļavu"
WRONG = "000000"


@pytest.fixture
def anna(colleague: Callable[..., Colleague]) -> Colleague:
    return colleague("anna", StaffRole.AGENT)


@pytest.fixture
def secret(anna: Colleague) -> str:
    """The secret in Anna's phone; codes are switched on."""
    with session_scope() as session:
        account_named(session, "anna").passphrase = hashed_passphrase(PASSPHRASE)
        begun = begin_codes(session, person_in(session, anna.id), "Elektrum").secret
        before = datetime.fromtimestamp(STEP * 1000, UTC)  # so that every code of now is still unused
        confirm_codes(session, person_in(session, anna.id), pyotp.TOTP(begun).at(before), now=before)
    return begun


def has_codes(one: Colleague) -> bool:
    with session_scope() as session:
        return person_in(session, one.id).has_codes


def acts() -> list[str]:
    with session_scope() as session:
        return [str(line.act) for line in latest_acts(session)]


def fill(browser: TestClient, page: Response, path: str, **fields: str) -> Response:
    """Fill in a form of a page and send it."""
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    return browser.post(path, data={**hidden, **fields}, headers={"Origin": ADDRESS}, follow_redirects=False)


def test_codes_are_set_up_with_what_the_page_shows(anna: Colleague) -> None:
    assert anna.post("/account/codes/begin").status_code == 204
    page = anna.get("/account").text
    (shown,) = re.findall(r'id="secret">([A-Z2-7 ]+)<', page)
    assert re.search(r'<svg class="qr" viewBox="0 0 \d+ \d+" role="img" aria-label="[^"]+">', page)
    done = anna.post("/account/codes/confirm", {"given": pyotp.TOTP(shown.replace(" ", "")).now()})
    assert (done.status_code, len(set(re.findall(r"<li>(\w{4}-\w{4}-\w{4}-\w{4})</li>", done.text)))) == (200, 10)
    again = anna.get("/account").text
    assert (has_codes(anna), shown in again, "<li>" in again) == (True, False, False)
    assert acts()[0] == "codes-set-up"


def test_a_wrong_first_code_is_told_and_the_secret_stays(anna: Colleague) -> None:
    anna.post("/account/codes/begin")
    before = re.findall(r'id="secret">([^<]+)<', anna.get("/account").text)
    refused = anna.post("/account/codes/confirm", {"given": WRONG})
    assert (refused.status_code, 'role="alert"' in refused.text) == (403, True)
    assert re.findall(r'id="secret">([^<]+)<', refused.text) == before != []


def test_signing_in_asks_for_the_code(anonymous: TestClient, secret: str) -> None:
    asked = fill(anonymous, anonymous.get("/sign-in?next=/desk"), "/sign-in", login="anna", passphrase=PASSPHRASE)
    assert (asked.status_code, anonymous.cookies.get("staff")) == (200, None)
    wrong = fill(anonymous, asked, "/sign-in/code", given=WRONG)
    assert (wrong.status_code, anonymous.cookies.get("staff")) == (403, None)
    entered = fill(anonymous, wrong, "/sign-in/code", given=pyotp.TOTP(secret).now())
    assert (entered.status_code, entered.headers["Location"]) == (303, "/desk")
    assert anonymous.get("/desk", follow_redirects=False).status_code == 200


def test_who_comes_too_late_begins_anew(anonymous: TestClient, secret: str) -> None:
    page = anonymous.get("/sign-in")
    late = fill(anonymous, page, "/sign-in/code", half="old", given=pyotp.TOTP(secret).now())
    assert late.headers["Location"] == "/sign-in?late=1&next=%2F"
    assert 'role="alert"' in anonymous.get(late.headers["Location"]).text


@pytest.mark.parametrize("path", ["/account/codes/off", "/account/codes/recovery"])
def test_a_session_alone_changes_no_codes(anna: Colleague, secret: str, path: str) -> None:
    statuses = [anna.post(path, {"given": WRONG}).status_code for _ in range(6)]
    assert (statuses, has_codes(anna)) == ([403] * 5 + [429], True)


def test_codes_are_switched_off_with_a_code(anna: Colleague, secret: str) -> None:
    assert anna.post("/account/codes/off", {"given": pyotp.TOTP(secret).now()}).status_code == 204
    assert (has_codes(anna), acts()[0]) == (False, "codes-switched-off")


def test_new_recovery_codes_are_shown_once(anna: Colleague, secret: str) -> None:
    made = anna.post("/account/codes/recovery", {"given": pyotp.TOTP(secret).now()})
    assert len(re.findall(r"<li>", made.text)) == 10
    assert acts()[0] == "recovery-codes-made"


@pytest.mark.parametrize(
    ("path", "is_on"),
    [
        ("/account/codes/begin", True),
        ("/account/codes/confirm", True),
        ("/account/codes/confirm", False),
        ("/account/codes/off", False),
        ("/account/codes/recovery", False),
    ],
)
def test_what_another_window_has_changed_is_refused(
    anna: Colleague, path: str, is_on: bool, request: pytest.FixtureRequest
) -> None:
    if is_on:
        request.getfixturevalue("secret")
    assert anna.post(path, {"given": WRONG}).status_code == 409


def test_an_administrator_resets_the_codes_of_a_lost_phone(
    colleague: Callable[..., Colleague], anna: Colleague, secret: str
) -> None:
    boss = colleague("boss", StaffRole.ADMINISTRATOR)
    assert boss.post("/staff/codes", {"account": str(anna.id)}).status_code == 204
    assert (has_codes(anna), anna.get("/desk").status_code, acts()[0]) == (False, 303, "codes-reset")
    assert boss.post("/staff/codes", {"account": str(anna.id)}).status_code == 400


@pytest.mark.parametrize(
    ("environment", "wanted", "status"),
    [
        ("production", "", 303),
        ("production", "no", 200),
        ("development", "", 200),
        ("development", "yes", 303),
    ],
)
def test_where_codes_are_compulsory_they_come_first(
    anna: Colleague, monkeypatch: pytest.MonkeyPatch, environment: str, wanted: str, status: int
) -> None:
    monkeypatch.setenv("ENVIRONMENT", environment)
    monkeypatch.setenv("BOT_STAFF_CODES", wanted)
    page = anna.get("/desk")
    assert (page.status_code, page.headers.get("Location")) == (status, "/account" if status == 303 else None)
    assert anna.get("/desk/list", **FETCHED).status_code == (403 if status == 303 else 200)
    assert anna.get("/account").status_code == 200


def test_who_has_codes_works_where_they_are_compulsory(
    anna: Colleague, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_STAFF_CODES", "yes")
    assert anna.get("/desk").status_code == 200
