"""The console in a real browser: agents at work, by keyboard, in both languages, small and dark, without findings."""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from accessibility import violations  # tests/accessibility.py
from needs import needs  # tests/needs.py
from own_databases import sqlite_copy  # tests/own_databases.py
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.desk.call_backs import ask_call_back
from bot.desk.desk_events import customer_said
from bot.desk.desk_requests import open_request
from bot.desk.kinds import RequestKind
from bot.desk.origin import Origin
from bot.domain_names import Intent
from bot.staff.passphrases import hashed_passphrase
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import account_named, add_account
from bot.staff.staff_sessions import begin_session
from bot.storage.engine import session_scope
from harness.console import served

PASSPHRASE = "zaļš zirgs pa pļavu"
PAGES = (
    *("/desk", "/call-backs", "/hours", "/announcements", "/announcements/new", "/events"),
    *("/figures?period=week", "/surges", "/audit", "/staff"),
)
HOSTILE = "<img src=x onerror=document.title='broken'><script>document.title='broken'</script>"


@pytest.fixture(scope="module")
@needs("browser")
def url(filled_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A console of its own for these tests."""
    with sqlite_copy(filled_database, tmp_path_factory.mktemp("console")) as database:
        before = os.environ.get("DATABASE_URL")
        os.environ["DATABASE_URL"] = database
        with served() as address:
            yield address
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before


def token(login: str) -> str:
    with session_scope() as session:
        return begin_session(session, add_account(session, login, login.title(), StaffRole).id)


def window(browser: Browser, url: str, login: str, language: str = "en", **how: object) -> BrowserContext:
    """The browser of somebody with every role."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})  # type: ignore[arg-type]
    cookies = {"staff": token(login), "language": language}
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    return context


def opened(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """A page, and what its scripts complain about."""
    page, complaints = context.new_page(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(address)
    return page, complaints


def ask(conversation: str, *, details: str | None = None, priority: bool = False, language: str = "lv") -> str:
    kind = RequestKind.COMPLAINT if details else RequestKind.PERSON
    with session_scope() as session:
        origin = Origin(conversation, "web", language)
        return open_request(session, kind, origin, details=details, priority=priority).reference.number


def write(conversation: str, text: str, number: str, intent: str | None = None) -> None:
    understood = json.dumps({"text": text, "intent": {"name": intent, "confidence": 0.9}}) if intent else None
    with session_scope() as session:
        customer_said(session, conversation, text, number, understood=understood)


def test_two_agents_at_work(browser: Browser, url: str) -> None:
    first, second = window(browser, url, "anna"), window(browser, url, "bruno")
    (anna, of_anna), (bruno, of_bruno) = opened(first, f"{url}/desk"), opened(second, f"{url}/desk")
    expect(anna.get_by_text("Nobody is waiting.")).to_be_visible()
    reference = ask("talk")
    for page in (anna, bruno):
        expect(page.get_by_role("link", name=reference)).to_be_visible()
    expect(anna.locator("#told")).to_have_text(f"New request: {reference}")
    anna.get_by_role("link", name=reference).focus()
    bruno.get_by_role("link", name=reference).focus()
    anna.keyboard.press("t")
    anna.wait_for_url(f"**/desk/{reference}")
    expect(bruno.get_by_text("Nobody is waiting.")).to_be_visible()
    # What the customer writes is seen at once; what the agent writes is said once.
    write("talk", f"Labdien! {HOSTILE}", "one")
    expect(anna.locator("#events .customer_said")).to_contain_text("Labdien! <img")
    anna.locator("#text").fill("Labdien! Kā varu palīdzēt?")
    anna.locator("#text").press("Control+Enter")
    expect(anna.locator("#events .agent_said")).to_have_count(1)
    expect(anna.locator("#text")).to_have_value("")
    # A draft answers what the customer writes now.
    expect(anna.locator("#draft")).to_have_count(0)
    write("talk", "Kāds ir Jūsu tālrunis?", "two", Intent.ASK_CONTACT)
    expect(anna.locator("#draft")).to_contain_text("8400")
    anna.get_by_role("button", name="Put into the answer").click()
    expect(anna.locator("#text")).to_have_value(re.compile("8400"))
    anna.locator("#text").fill("")
    assert violations(anna) == []
    # Handed on, the other sees it without loading anew; given back, it is closed.
    bruno.goto(f"{url}/desk/{reference}")
    anna.get_by_label("To", exact=True).select_option(label="Bruno")
    anna.get_by_role("button", name="Hand on").click()
    expect(bruno.locator("#writing")).to_be_visible()
    expect(bruno.locator("#events .agent_said")).to_have_count(1)
    bruno.get_by_role("button", name="Give back to the assistant").click()
    bruno.wait_for_url(f"{url}/desk")
    assert ("broken" in anna.title(), of_anna, of_bruno) == (False, [], [])
    first.close()
    second.close()


def test_what_was_missed_offline_comes_afterwards(browser: Browser, url: str) -> None:
    context = window(browser, url, "carl")
    reference = ask("offline")
    page, _ = opened(context, f"{url}/desk/{reference}")
    context.set_offline(True)
    for number in range(3):
        write("offline", f"Ziņa {number}", f"id{number}")
    context.set_offline(False)
    said = page.locator("#events .customer_said .text")
    expect(said).to_have_text([f"Ziņa {number}" for number in range(3)])
    context.close()


@pytest.mark.parametrize(
    ("language", "pages", "how"),
    [
        ("lv", PAGES, {"viewport": {"width": 360, "height": 740}}),
        ("en", PAGES[:1], {"color_scheme": "dark"}),
        ("lv", PAGES[:1], {"viewport": {"width": 320, "height": 256}, "forced_colors": "active"}),  # 1280 px at 400 %
    ],
    ids=["360 px", "dark", "400 %"],
)
def test_every_page_is_accessible_and_fits(
    browser: Browser, url: str, language: str, pages: tuple[str, ...], how: dict[str, object]
) -> None:
    context = window(browser, url, f"dora{sum(map(ord, str(how)))}", language, **how)
    reference = ask(f"small {how}"[:200], details="Rēķins nav pareizs.", priority=True)
    with session_scope() as session:
        ask_call_back(session, Origin("call", "phone", "lv"), "+37120000001", None, consent_at=datetime.now(UTC))
    page, complaints = opened(context, f"{url}/desk")
    found = {}
    for path in (*pages, f"/desk/{reference}"):
        page.goto(url + path)
        if path.endswith(reference):
            page.locator("#state [data-take] button").click()
            expect(page.locator("#writing")).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if problems := [*violations(page), *([f"{wide} px too wide"] if wide > 0 else [])]:
            found[path] = problems
    assert (found, complaints) == ({}, [])
    context.close()


@pytest.mark.parametrize("path", ["/sign-in", "/link#token"])
def test_the_way_in_is_accessible(browser: Browser, url: str, path: str) -> None:
    page = browser.new_page()
    page.goto(url + path)
    assert (violations(page), re.search("#", page.url)) == ([], None)
    page.close()


def test_one_time_codes_are_set_up_and_asked_for_accessibly(browser: Browser, url: str) -> None:
    small = {"viewport": {"width": 360, "height": 740}}
    context = window(browser, url, "elza", "lv", **small)
    with session_scope() as session:
        account_named(session, "elza").passphrase = hashed_passphrase(PASSPHRASE)
    page, complaints = opened(context, f"{url}/desk")
    found = []
    page.get_by_role("link", name="Mans konts: Elza").click()
    page.get_by_role("button", name="Uzstādīt kodus").click()
    expect(page.get_by_role("img", name="Kvadrātkods")).to_be_visible()
    found += violations(page)
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Vienreizējais kods").fill(pyotp.TOTP(secret).now())
    page.get_by_label("Vienreizējais kods").press("Enter")
    codes = page.locator(".codes li")
    expect(codes).to_have_count(10)
    found += violations(page)
    recovery = codes.first.inner_text()
    page.get_by_role("button", name="Iziet").click()
    page.get_by_label("Lietotājvārds").fill("elza")
    page.get_by_label("Paroles frāze").fill(PASSPHRASE)
    page.get_by_label("Paroles frāze").press("Enter")
    expect(page.get_by_label("Vienreizējais kods")).to_be_focused()
    page.get_by_text("Tālruņa nav pie rokas").click()
    found += violations(page)
    page.get_by_label("Atkopšanas kods").fill(recovery)
    page.get_by_label("Atkopšanas kods").press("Enter")
    page.wait_for_url(f"{url}/desk")
    page.goto(f"{url}/account")
    expect(page.get_by_text("Neizmantoto atkopšanas kodu skaits: 9.")).to_be_visible()
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert (found + violations(page), complaints, wide) == ([], [], 0)
    context.close()
