"""Signing in and out, cookies, and one-time links, as a browser sees them."""

import re

import pytest
from colleagues import ADDRESS  # tests/console/colleagues.py
from httpx import Response
from starlette.testclient import TestClient

from bot.console.console_app import console_app
from bot.staff.one_time_links import make_link
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import account_named, add_account, change_account
from bot.storage.engine import session_scope

RIGHT = "zaļš zirgs pa pļavu"


@pytest.fixture
def link(database: str) -> str:
    """The token of a one-time link of Anna's."""
    with session_scope() as session:
        add_account(session, "boss", "Bruno", [StaffRole.ADMINISTRATOR])
        person = add_account(session, "anna", "Anna", [StaffRole.AGENT])
        return make_link(session, account_named(session, person.login))


def send(browser: TestClient, path: str, *, origin: str = ADDRESS, **fields: str) -> Response:
    """Fill in the form of a page and send it."""
    (token,) = re.findall(r'name="form_token" value="([^"]+)"', browser.get(path).text)
    sent = {"form_token": token, **fields}
    return browser.post(path, data=sent, headers={"Origin": origin}, follow_redirects=False)


def test_from_a_link_to_the_desk_and_out(anonymous: TestClient, link: str) -> None:
    chosen = send(anonymous, "/link", token=link, passphrase=RIGHT, again=RIGHT)
    assert (chosen.status_code, 'value="anna"' in chosen.text) == (200, True)  # nobody need know their login
    entered = send(anonymous, "/sign-in", login="anna", passphrase=RIGHT, next="/desk?show=mine")
    assert (entered.status_code, entered.headers["Location"]) == (303, "/desk?show=mine")
    page = anonymous.get("/desk")
    assert page.status_code == 200
    (token,) = set(re.findall(r'name="form-token" content="([^"]+)"', page.text))
    left = anonymous.post("/sign-out", data={"form_token": token}, headers={"Origin": ADDRESS}, follow_redirects=False)
    assert left.status_code == 303
    assert anonymous.get("/desk", follow_redirects=False).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize(
    ("passphrase", "again", "told"),
    [
        ("short", "short", "par īsu"),
        (RIGHT, RIGHT + "!", "atšķiras"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "par maz dažādu"),
        ("annaannaxyz1anna", "annaannaxyz1anna", "līdzīga"),
    ],
)
def test_what_is_no_passphrase_is_told_and_the_link_stays_good(
    anonymous: TestClient, link: str, passphrase: str, again: str, told: str
) -> None:
    refused = send(anonymous, "/link", token=link, passphrase=passphrase, again=again)
    assert (refused.status_code, told in refused.text) == (400, True)
    assert send(anonymous, "/link", token=link, passphrase=RIGHT, again=RIGHT).status_code == 200


def test_a_used_link_is_void(anonymous: TestClient, link: str) -> None:
    statuses = [send(anonymous, "/link", token=link, passphrase=RIGHT, again=RIGHT).status_code for _ in range(2)]
    assert statuses == [200, 400]


def test_attempts_are_slowed_down(anonymous: TestClient, link: str) -> None:
    statuses = [send(anonymous, "/sign-in", login="anna", passphrase="wrong").status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]


def test_an_unknown_login_and_a_wrong_passphrase_sound_the_same(anonymous: TestClient, link: str) -> None:
    told = [
        re.findall(r'role="alert"[^>]*>([^<]+)<', send(anonymous, "/sign-in", login=login, passphrase="wrong").text)
        for login in ("anna", "nobody")
    ]
    assert told[0] == told[1] != []


@pytest.mark.parametrize(
    ("after", "goes"),
    [
        ("/hours", "/hours"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
        ("/a\nb", "/"),
    ],
)
def test_signing_in_leads_nowhere_else(anonymous: TestClient, link: str, after: str, goes: str) -> None:
    send(anonymous, "/link", token=link, passphrase=RIGHT, again=RIGHT)
    entered = send(anonymous, "/sign-in", login="anna", passphrase=RIGHT, next=after)
    assert entered.headers["Location"] == goes


def test_a_form_of_another_site_signs_nobody_in(anonymous: TestClient, link: str) -> None:
    send(anonymous, "/link", token=link, passphrase=RIGHT, again=RIGHT)
    refused = send(anonymous, "/sign-in", origin="https://evil.example", login="anna", passphrase=RIGHT)
    assert (refused.status_code, refused.headers.get("set-cookie")) == (403, None)


def cookie_of(browser: TestClient) -> str:
    entered = send(browser, "/sign-in", login="anna", passphrase=RIGHT)
    return next(one for one in entered.headers.get_list("set-cookie") if re.match(r"(__Host-)?staff=", one))


def test_the_cookie_on_this_machine(anonymous: TestClient, link: str) -> None:
    send(anonymous, "/link", token=link, passphrase=RIGHT, again=RIGHT)
    parts = {part.strip().lower() for part in cookie_of(anonymous).split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict"}


def test_the_cookie_with_https(database: str, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_CONSOLE_URL", "https://console.example")
    browser = TestClient(console_app(), base_url="https://console.example")
    send(browser, "/link", origin="https://console.example", token=link, passphrase=RIGHT, again=RIGHT)
    entered = send(browser, "/sign-in", origin="https://console.example", login="anna", passphrase=RIGHT)
    cookie = next(one for one in entered.headers.get_list("set-cookie") if one.startswith("__Host-staff="))
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts == {"httponly", "path=/", "samesite=strict", "secure"}


def test_whoever_is_disabled_is_out_at_once(anonymous: TestClient, link: str) -> None:
    send(anonymous, "/link", token=link, passphrase=RIGHT, again=RIGHT)
    send(anonymous, "/sign-in", login="anna", passphrase=RIGHT)
    assert anonymous.get("/desk", follow_redirects=False).status_code == 200
    with session_scope() as session:
        change_account(session, account_named(session, "anna").id, is_disabled=True)
    assert anonymous.get("/desk", follow_redirects=False).status_code == 303


def test_a_link_on_another_site_does_not_ask_to_sign_in_again(anonymous: TestClient) -> None:
    """The browser leaves our cookie out (SameSite=Strict) until the page asks itself."""
    answer = anonymous.get("/desk", headers={"Sec-Fetch-Site": "cross-site"}, follow_redirects=False)
    assert (answer.status_code, 'http-equiv="refresh"' in answer.text) == (200, True)


def test_without_a_directory_there_is_no_way_to_it(anonymous: TestClient) -> None:
    assert anonymous.get("/sign-in/directory", follow_redirects=False).status_code == 404


@pytest.mark.parametrize(
    ("wanted", "shown"), [("lv-LV,lv;q=0.9", "lv"), ("en-GB", "en"), ("de,en;q=0.5", "en"), ("de", "lv"), ("", "lv")]
)
def test_the_language_is_the_browsers(anonymous: TestClient, wanted: str, shown: str) -> None:
    assert f'<html lang="{shown}">' in anonymous.get("/sign-in", headers={"Accept-Language": wanted}).text


def test_the_language_that_was_chosen_stays(anonymous: TestClient) -> None:
    anonymous.get("/language?to=en&next=/sign-in")
    assert '<html lang="en">' in anonymous.get("/sign-in", headers={"Accept-Language": "lv"}).text
