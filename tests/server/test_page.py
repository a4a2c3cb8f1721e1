"""The page that `make run` opens, in a real browser against the real servers: the facts and the chat."""

from collections.abc import Callable
from pathlib import Path

import pytest
from accessibility import violations  # tests/accessibility.py
from chat import Chat, Visit  # tests/chat.py
from other_website import OtherWebsite, PageOf  # tests/other_website.py
from playwright.sync_api import Browser, BrowserContext, expect
from running import Running, start  # tests/running.py

pytestmark = pytest.mark.server
CUT_OFF = {"lv": "Vai mani atslēgs, ja kavēšu maksājumu?", "en": "Will I be cut off if I pay late?"}
NOT_CUT_OFF = {
    "lv": "kavētu maksājumu dēļ",
    "en": "does not disconnect the supply because of late payments",
}
OPTIONS = {"lv": "Iespējas", "en": "Options"}
CONTRAST = {"lv": "Dzeltens uz melna", "en": "Yellow on black"}
each_language = pytest.mark.parametrize("language", CUT_OFF)


@pytest.fixture
def chat(visit: Visit, assistant: Running, page_of: PageOf) -> Chat:
    """The open chat on the Latvian page, and on that of another website."""
    return visit(page_of(assistant.url)).open()


@pytest.mark.parametrize(("language", "announced"), [("lv", "Energoefektivitātes centrs Jūrmalā"), ("en", "Jūrmala")])
def test_the_page_shows_the_announcement(visit: Visit, assistant: Running, language: str, announced: str) -> None:
    page = visit(f"{assistant.url}?lang={language}").page
    expect(page.locator("#announcement .facts li").filter(has_text=announced)).to_be_visible()
    expect(page.locator("#contact .facts")).to_contain_text("8400")
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize(("locale", "language"), [("lv-LV", "lv"), ("en-GB", "en"), ("de-DE", "en")])
def test_the_page_speaks_the_browsers_language(
    browser: Browser, assistant: Running, locale: str, language: str
) -> None:
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(assistant.url)
    expect(page.locator("html")).to_have_attribute("lang", language)
    context.close()


def test_an_open_page_follows_the_facts(context: BrowserContext, visit: Visit, tmp_path: Path) -> None:
    """Automatically, within a minute; the test skips the minute."""
    running = start(tmp_path, BOT_AS_OF="2020-06-12")
    context.clock.install()
    try:
        announcement = visit(running.url).page.locator("#announcement .facts")
        expect(announcement).to_contain_text("2020. gada 20. marta")
        expect(announcement).not_to_contain_text("beidzās 2020. gada 9. jūnijā")
        running.end_emergency("2020-06-09")
        context.clock.fast_forward("01:00")
        expect(announcement).to_contain_text("beidzās 2020. gada 9. jūnijā")
    finally:
        running.stop()


@each_language
def test_a_question_is_answered(visit: Visit, assistant: Running, page_of: PageOf, language: str) -> None:
    chat = visit(page_of(assistant.url, language=language)).open()
    chat.say(CUT_OFF[language])
    chat.hears_about(NOT_CUT_OFF[language])


def test_the_chat_follows_the_language_of_the_conversation(chat: Chat) -> None:
    chat.say(CUT_OFF["en"])
    chat.hears_about(NOT_CUT_OFF["en"])
    expect(chat.button("Send")).to_be_visible()


def test_a_choice_is_answered(chat: Chat) -> None:
    chat.say("Vai mani atslēgs?")
    chat.button("Līdz kuram laikam?").click()
    chat.hears_about("situācijas beigām")


def test_a_choice_that_is_pressed_twice_is_one_message(chat: Chat) -> None:
    chat.say("Vai mani atslēgs?")
    chat.button("Līdz kuram laikam?").dblclick()
    chat.hears_about("situācijas beigām")
    chat.page.reload()
    chat.said("Vai mani atslēgs?", "Līdz kuram laikam?")


def test_a_reload_keeps_the_conversation(chat: Chat) -> None:
    chat.say("Vai muzejs Ķegumā ir slēgts?")
    chat.hears_about("Enerģētikas muzejs")
    chat.page.reload()
    chat.hears_about("Enerģētikas muzejs")
    chat.say("cik ilgi?")
    chat.hears_about("Atvēršanas diena nav nosaukta")


def test_an_account_is_proven_and_shown(chat: Chat, assistant: Running) -> None:
    outbox = assistant.outbox()
    chat.say("Cik es esmu parādā? Līguma numurs ir 90010000033")
    chat.hears_about("sešu ciparu kodu")
    chat.say(outbox.code())
    chat.hears_about("52,10")


def test_two_tabs_show_one_conversation(visit: Visit, assistant: Running, page_of: PageOf) -> None:
    one, other = visit(page_of(assistant.url)).open(), visit(page_of(assistant.url)).open()
    one.say("Vai muzejs Ķegumā ir slēgts?")
    other.hears_about("Enerģētikas muzejs")
    other.say("cik ilgi?")
    one.hears_about("Atvēršanas diena nav nosaukta")
    one.said("Vai muzejs Ķegumā ir slēgts?", "cik ilgi?")


@pytest.mark.parametrize(
    "payload", ["<img src=x onerror=window.hacked=1>", "<script>window.hacked=1</script>", "</textarea><b>x"]
)
def test_what_is_typed_stays_text(chat: Chat, payload: str) -> None:
    """Now, and when the server returns it from the history."""
    chat.say(payload)
    expect(chat.see(".message.assistant .bubble")).to_have_count(1)
    chat.page.reload()
    chat.said(payload)
    assert chat.page.evaluate("window.hacked") is None
    assert chat.see(":is(img, script, b)").count() == 0


def test_the_browser_logs_no_error(visit: Visit, assistant: Running, page_of: PageOf) -> None:
    chat, errors = visit(page_of(assistant.url)), list[str]()
    chat.page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    chat.page.reload()
    chat.open().say("Vai mani atslēgs?")
    chat.hears_about("8400")
    assert errors == []


def with_choices(chat: Chat, language: str) -> None:
    chat.open().say(CUT_OFF[language])
    expect(chat.see(".choices button").first).to_be_visible()


def in_contrast(chat: Chat, language: str) -> None:
    with_choices(chat, language)
    chat.button(OPTIONS[language]).click()
    chat.button(CONTRAST[language]).click()


STATES: dict[str, Callable[[Chat, str], object]] = {
    "closed": lambda *_: None,
    "open": lambda chat, _: chat.open(),
    "with choices": with_choices,
    "yellow on black": in_contrast,
}


def test_a_website_that_is_not_named_cannot_use_it(context: BrowserContext, assistant: Running) -> None:
    """Neither the widget's files nor what the channel answers."""
    stranger = OtherWebsite()
    try:
        page = context.new_page()
        page.goto(stranger.page(assistant.url))
        asked = """async (url) => {
            const outcomes = [import(`${url}widget/texts.js`), fetch(`${url}session`, { method: "POST" }),
                fetch(`${url}history`, { headers: { Authorization: "Bearer x" } })].map((each) =>
                    each.then(() => "read", () => "refused"));
            return Promise.all(outcomes);
        }"""
        assert page.evaluate(asked, assistant.url) == ["refused"] * 3
        assert not page.evaluate("Boolean(customElements.get('elektrum-chat'))")
    finally:
        stranger.stop()


def test_another_website_reads_why_it_is_refused(visit: Visit, assistant: Running, other_website: OtherWebsite) -> None:
    """Each kind of answer, as scripts of its page see it."""
    page = visit(other_website.page(assistant.url)).page
    asked = """async ([url, path, method]) => {
        const headers = method === "POST" ? { "Content-Type": "application/json", Authorization: "Bearer x" } : {};
        const answer = await fetch(url + path, { method, headers, body: method === "POST" ? "{" : undefined });
        return [answer.status, (await answer.text()).length > 0 || method === "HEAD"];
    }"""
    for method, path, status in (
        ("POST", "session", 400),
        ("POST", "messages", 401),
        ("POST", "sign-out", 401),
        ("POST", "nothing", 404),
        ("GET", "session", 405),
        ("GET", "ready", 200),
        ("HEAD", "history", 401),
        ("GET", "announcement?language=ru", 400),
        ("GET", "widget/nothing.js", 404),
    ):
        assert page.evaluate(asked, [assistant.url, path, method]) == [status, True], path


@each_language
@pytest.mark.parametrize("width", [1024, 320])
@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_axe_has_nothing_to_object(
    visit: Visit, assistant: Running, state: Callable[[Chat, str], object], width: int, language: str
) -> None:
    chat = visit(f"{assistant.url}?lang={language}")
    chat.page.set_viewport_size({"width": width, "height": 640})
    expect(chat.page.locator("#contact .facts")).to_contain_text("elektrum.lv")
    state(chat, language)
    assert violations(chat.page) == []
    assert chat.sideways() == []
