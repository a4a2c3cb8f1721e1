"""The page that `make run` opens, in a real browser against the real servers: the facts, and the chat beside them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from running import Running  # tests/server/running.py

pytestmark = pytest.mark.server
PATIENCE = 8_000  # milliseconds


@pytest.fixture
def complaints() -> list[str]:
    """Errors of scripts, and what the Content-Security-Policy refused."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="lv-LV")
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()


def visit(page: Page, running: Running, language: str = "") -> None:
    page.goto(running.url + (f"?lang={language}" if language else ""))


def ask(page: Page, text: str) -> None:
    launcher = page.locator("elektrum-chat .launcher")
    if launcher.is_visible():
        launcher.click()
    field = page.locator("elektrum-chat textarea")
    field.fill(text)
    field.press("Enter")


def latest(page: Page) -> Locator:
    return page.locator("elektrum-chat .message.assistant").last


@pytest.mark.parametrize(
    ("language", "announced", "reached"),
    [("lv", "Energoefektivitātes centrs Jūrmalā", "8400"), ("en", "Jūrmala", "8400")],
)
def test_the_page_shows_the_announcement(
    page: Page, assistant: Running, language: str, announced: str, reached: str
) -> None:
    visit(page, assistant, language)
    expect(page.locator("#announcement .facts li").filter(has_text=announced)).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#contact .facts")).to_contain_text(reached)
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize(("locale", "language"), [("lv-LV", "lv"), ("en-GB", "en"), ("de-DE", "en")])
def test_the_page_speaks_the_browsers_language(
    browser: Browser, assistant: Running, locale: str, language: str
) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    visit(page, assistant)
    expect(page.locator("html")).to_have_attribute("lang", language)
    context.close()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Vai mani atslēgs, ja kavēšu maksājumu?", "neatslēdz elektroapgādi kavētu maksājumu dēļ"),
        ("Will I be cut off if I pay late?", "does not disconnect the supply because of late payments"),
    ],
)
def test_a_question_is_answered(page: Page, assistant: Running, question: str, answer: str) -> None:
    visit(page, assistant)
    ask(page, question)
    expect(latest(page)).to_contain_text(answer, timeout=PATIENCE)


def test_a_button_is_answered(page: Page, assistant: Running) -> None:
    visit(page, assistant)
    ask(page, "Vai mani atslēgs?")
    page.locator("elektrum-chat").get_by_role("button", name="Līdz kuram laikam?").click(timeout=PATIENCE)
    expect(latest(page)).to_contain_text("situācijas beigām", timeout=PATIENCE)


def test_a_reload_keeps_the_conversation(page: Page, assistant: Running) -> None:
    visit(page, assistant)
    ask(page, "Vai muzejs Ķegumā ir slēgts?")
    expect(latest(page)).to_contain_text("Enerģētikas muzejs", timeout=PATIENCE)
    page.reload()
    expect(latest(page)).to_contain_text("Enerģētikas muzejs", timeout=PATIENCE)


def test_an_account_is_proven_and_shown(page: Page, assistant: Running) -> None:
    outbox = assistant.outbox()
    visit(page, assistant)
    ask(page, "Cik es esmu parādā? Līguma numurs ir 90010000033")
    expect(latest(page)).to_contain_text("sešu ciparu kodu", timeout=PATIENCE)
    ask(page, outbox.code())
    expect(latest(page)).to_contain_text("52,10", timeout=PATIENCE)


def test_nothing_is_refused_or_fails(page: Page, assistant: Running, complaints: list[str]) -> None:
    visit(page, assistant)
    ask(page, "<img src=x onerror=alert(1)> Vai mani atslēgs?")
    expect(latest(page)).to_contain_text("8400", timeout=PATIENCE)
    assert complaints == []
