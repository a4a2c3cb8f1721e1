"""From the text of a release to another answer, in a real browser: drafted, written, checked, approved, published."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from accessibility import violations  # tests/accessibility.py
from needs import needs  # tests/needs.py
from own_databases import sqlite_copy  # tests/own_databases.py
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.announcements.announcement_steps import AnnouncementState, overview
from bot.clock import parse_moment
from bot.console import slow_work, slow_worker
from bot.domain_names import Intent
from bot.knowledge.record_parts import TODO
from bot.replies.answer_composer import answer
from bot.settings import PROJECT
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import add_account
from bot.staff.staff_sessions import begin_session
from bot.storage.engine import session_scope
from harness.console import served

RELEASE = (PROJECT / "docs" / "examples" / "release.txt").read_text(encoding="utf-8")
DAY, ID = "2020-05-14", "release-2020-05-14"
WRITTEN = {
    "lv": "Klientu apkalpošanas centru atver. Pajautājiet pa tālruni 8400.",
    "en": "The customer service centre opens. Please ask on 8400.",
}
WORKED_OUT = 120_000  # milliseconds, on a busy machine


@pytest.fixture(scope="module")
@needs("browser")
def url(filled_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A console on the day of the release; its slow work is done in threads, which spares starting Python."""
    with (
        sqlite_copy(filled_database, tmp_path_factory.mktemp("console")) as database,
        pytest.MonkeyPatch.context() as to,
    ):
        to.setenv("DATABASE_URL", database)
        to.setenv("BOT_AS_OF", DAY)
        to.setattr(slow_work, "in_a_process", slow_worker.done)
        with served() as address:
            yield address


def window(browser: Browser, url: str, login: str, *roles: StaffRole, language: str = "en", width: int = 1280) -> Page:
    """The browser of somebody with these roles."""
    with session_scope() as session:
        token = begin_session(session, add_account(session, login, login.title(), roles).id)
    context: BrowserContext = browser.new_context(viewport={"width": width, "height": 900})
    cookies = {"staff": token, "language": language}
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(WORKED_OUT)
    return page


def findings(page: Page) -> list[str]:
    """What axe-core finds, and whether the page is too wide."""
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*violations(page), *([f"{wide} px too wide"] if wide > 0 else [])]


def write_what_is_left(page: Page) -> None:
    """Write what the draft leaves to its author."""
    for field in page.locator("textarea").all():
        text = field.input_value()
        if text.startswith(TODO):
            language = field.get_attribute("lang")
            field.fill(WRITTEN[language] if language else text.replace(f"{TODO}: ", ""))


def test_from_a_release_to_another_answer(browser: Browser, url: str) -> None:
    expect.set_options(timeout=WORKED_OUT)
    complaints: list[str] = []
    edite = window(browser, url, "edite", StaffRole.EDITOR)
    bruno = window(browser, url, "bruno", StaffRole.APPROVER, language="lv", width=360)
    for page in (edite, bruno):
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    edite.goto(f"{url}/announcements/new")
    edite.get_by_text("Begin with the text of a release").click()
    edite.get_by_label("The text of the release").fill(RELEASE)
    found = {"new": findings(edite)}
    edite.get_by_role("button", name="Make a draft").click()
    expect(edite.get_by_role("heading", name="The draft is ready")).to_be_visible()
    # What is wrong is told soon after it was typed, without a button.
    edite.locator("#f-r0-quote").fill("Nobody said so.")
    expect(edite.locator("#wrong-r0-quote")).to_contain_text("does not say")
    write_what_is_left(edite)
    edite.locator("#f-r0-quote").fill(RELEASE.splitlines()[4])
    found["form"] = findings(edite)
    edite.locator("#check").click()
    expect(edite.locator("#found")).not_to_contain_text("is being checked")
    found["checked"] = findings(edite)
    edite.get_by_role("button", name="Propose").click()
    edite.wait_for_url(f"**/announcements/{ID}")
    bruno.goto(f"{url}/announcements")
    found["list"] = findings(bruno)
    bruno.locator(f'a[href="/announcements/{ID}"]').click()
    found["announcement"] = findings(bruno)
    bruno.get_by_role("link", name="Skatīt, kas mainīsies").click()
    expect(bruno.locator(".change").first).to_be_visible()
    found["preview"] = findings(bruno)
    bruno.go_back()
    bruno.get_by_role("button", name="Apstiprināt").click()
    bruno.get_by_role("button", name="Publicēt", exact=True).click()
    expect(bruno.locator(".badge").first).to_have_text("publicēts")
    with session_scope() as session:
        state = overview(session, ID).state
        day = parse_moment("2020-05-18").date()
        said = answer(session, Intent.ASK_REOPENING, "en", day, places=["riga_centre"]).text
    bruno.goto(f"{url}/events")
    found["events"] = findings(bruno)
    assert (state, WRITTEN["en"] in said, complaints) == (AnnouncementState.PUBLISHED, True, [])
    assert {name: several for name, several in found.items() if several} == {}
    for page in (edite, bruno):
        page.context.close()
