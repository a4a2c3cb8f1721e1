"""Signing in with the company's directory, against npm's oidc-provider as the other side."""

import json
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
from needs import needs  # tests/needs.py

from bot.console import staff_directory
from bot.settings import PROJECT, SettingsError
from bot.staff.staff_accounts import account_named, change_account, everybody
from bot.storage.engine import session_scope
from harness.console import served
from harness.ports import free_port

SECRET = secrets.token_urlsafe(32)
ROLES = {
    "anna": ["console-agent", "console-administrator", "everybody"],
    "bruno": ["everybody"],
    "carl": ["agent"],
}


@dataclass
class Directory:
    """A running directory, and the port that the console must have to be called back."""

    issuer: str
    console_port: int


@pytest.fixture(scope="module")
@needs("node")
def directory() -> Iterator[Directory]:
    port, console = free_port(), free_port()
    variables = {
        "PORT": str(port),
        "CALLBACK": f"http://127.0.0.1:{console}/sign-in/directory/back",
        "SECRET": SECRET,
        "ROLES": json.dumps(ROLES),
        "NODE_NO_WARNINGS": "1",
    }
    command = ["node", str(Path(__file__).with_name("directory.mjs"))]
    process = subprocess.Popen(command, cwd=PROJECT, env={**os.environ, **variables}, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert any("listening" in line for line in process.stdout)
    yield Directory(f"http://127.0.0.1:{port}", console)
    process.kill()
    process.wait()


@pytest.fixture
def url(directory: Directory, database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The URL of a console that uses the directory."""
    staff_directory._directory.cache_clear()
    monkeypatch.setenv("BOT_CONSOLE_PORT", str(directory.console_port))
    monkeypatch.setenv("BOT_OIDC_ISSUER", directory.issuer)
    monkeypatch.setenv("BOT_OIDC_CLIENT", "console")
    monkeypatch.setenv("BOT_OIDC_SECRET", SECRET)
    monkeypatch.setenv("BOT_OIDC_ROLES", "groups")
    monkeypatch.setenv("BOT_OIDC_ROLE_PREFIX", "console-")
    with served(directory.console_port) as address:
        yield address


def to_callback(browser: requests.Session, url: str, who: str) -> str:
    """Go to the directory and sign in on its pages; the address that leads back to the console."""
    answer = browser.get(f"{url}/sign-in/directory?next=/hours", timeout=10)
    for form in ({"prompt": "login", "login": who, "password": "any"}, {"prompt": "consent"}):
        (action,) = re.findall(r'action="([^"]+)"', answer.text)
        answer = browser.post(urljoin(answer.url, action), data=form, timeout=10, allow_redirects=False)
        while answer.is_redirect:
            there = urljoin(answer.url, answer.headers["Location"])
            if there.startswith(url):
                return there
            answer = browser.get(there, timeout=10, allow_redirects=False)
    raise AssertionError(answer.text)


def enter(url: str, who: str) -> tuple[requests.Session, requests.Response]:
    browser = requests.Session()
    return browser, browser.get(to_callback(browser, url, who), timeout=10, allow_redirects=False)


def test_who_has_a_role_comes_in_with_it(url: str) -> None:
    browser, answer = enter(url, "anna")
    assert (answer.status_code, "url=/hours" in answer.text) == (200, True)
    assert browser.get(f"{url}/staff", timeout=10, allow_redirects=False).status_code == 200
    with session_scope() as session:
        (anna,) = everybody(session)
    found = (anna.login, anna.name, sorted(anna.roles), anna.is_from_directory, anna.has_passphrase)
    assert found == ("anna@example.lv", "Anna", ["administrator", "agent"], True, False)


def test_the_second_time_it_is_the_same_account(url: str) -> None:
    for _ in range(2):
        enter(url, "anna")
    with session_scope() as session:
        assert len(everybody(session)) == 1


@pytest.mark.parametrize("who", ["bruno", "carl"])
def test_without_a_role_of_ours_nobody_comes_in(url: str, who: str) -> None:
    browser, answer = enter(url, who)
    assert (answer.status_code, "staff" in browser.cookies) == (403, False)


def test_who_is_disabled_here_does_not_come_in(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(url, "anna")
    monkeypatch.setattr("bot.staff.staff_accounts._administrators", lambda _: 1)
    with session_scope() as session:
        change_account(session, account_named(session, "anna@example.lv").id, is_disabled=True)
    assert enter(url, "anna")[1].status_code == 403


def test_an_answer_is_good_in_the_browser_that_asked_only(url: str) -> None:
    back = to_callback(requests.Session(), url, "anna")
    assert requests.get(back, timeout=10).status_code == 403


def test_an_answer_is_good_once(url: str) -> None:
    browser = requests.Session()
    back = to_callback(browser, url, "anna")
    asked = {"staff-directory": str(browser.cookies["staff-directory"])}
    assert browser.get(back, timeout=10).status_code == 200
    assert requests.get(back, cookies=asked, timeout=10).status_code == 503  # the directory refuses the code


@pytest.mark.parametrize("change", [("state=", "state=x"), ("code=", "code=x"), ("code=", "error=access_denied&x=")])
def test_a_changed_answer_is_refused(url: str, change: tuple[str, str]) -> None:
    browser = requests.Session()
    back = to_callback(browser, url, "anna")
    assert browser.get(back.replace(*change), timeout=10).status_code in (403, 503)
    assert "staff" not in browser.cookies


def test_a_token_for_another_request_is_refused(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nonce in the token is not that of this browser's request."""
    real = staff_directory._claims
    monkeypatch.setattr(
        staff_directory, "_claims", lambda code, asked: real(code, {**asked, "nonce": "of another request"})
    )
    assert enter(url, "anna")[1].status_code == 503


def test_half_a_directory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_OIDC_ISSUER", "https://directory.example")
    with pytest.raises(SettingsError, match="BOT_OIDC_SECRET"):
        staff_directory.is_directory_used()
