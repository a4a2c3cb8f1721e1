"""Zoomed pages, and phone screens with an on-screen keyboard: everything is visible or can be scrolled to."""

import pytest
from chat import Chat, Visit
from playwright.sync_api import Page, expect
from standin import Fault, StandIn, reply

QUESTION = {
    "lv": "Vai Jūrmalas klientu centrs tagad ir atvērts apmeklētājiem?",
    "en": "Is the Jūrmala centre open now?",
}
ANSWER = {
    "lv": reply("Klientu apkalpošanas centrs ir slēgts.", language="lv", buttons=("Kad to atvērs?",)),
    "en": reply("The customer service centre is closed.", buttons=("When will it open?",)),
}
WORDS = {
    "lv": ("Iespējas", "Vislielākais teksts", "Aizvērt sarunu", "Sūtīt", "Mēģināt vēlreiz"),
    "en": ("Options", "Largest text", "Close the chat", "Send", "Try again"),
}
WINDOWS = {
    "200 % of 1280 × 800": (640, 400),
    "400 % of 1280 × 1024": (320, 256),
    "400 % of 1024 × 1280": (256, 320),
    "a phone with its keyboard": (360, 300),
    "a phone on its side with its keyboard": (660, 200),
}
each_window = pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
each_look = pytest.mark.parametrize(
    ("language", "largest"), [("lv", True), ("en", False)], ids=["Latvian, largest text", "English"]
)
# A touch in the middle of a line of text or of a button hits it, and all of it is in the viewport.
HIDDEN = """each => {
    const { x, y, width, height, right, bottom } = each.getBoundingClientRect();
    const there = each.getRootNode().elementFromPoint(x + width / 2, y + Math.min(height, 20) / 2);
    return { cut: x < 0 || right > innerWidth || y < 0 || y + Math.min(height, 20) > innerHeight,
             covered: !(each === there || each.contains(there)) };
}"""
IN_SIGHT = {"cut": False, "covered": False}


@pytest.fixture
def answered(visit: Visit, server: StandIn, window: tuple[int, int], language: str, largest: bool) -> Chat:
    server.replies[QUESTION[language]] = [ANSWER[language]]
    chat = visit(language=language)
    chat.page.set_viewport_size({"width": window[0], "height": window[1]})
    chat.open()
    if largest:
        options, size, *_ = WORDS[language]
        chat.button(options).click()
        chat.button(size).click()
        chat.page.keyboard.press("Escape")
    chat.say(QUESTION[language])
    chat.hears(ANSWER[language]["text"])
    return chat


@each_window
@each_look
def test_field_buttons_and_answer_are_in_sight(answered: Chat, language: str) -> None:
    _, _, close, send, _ = WORDS[language]
    shown = {"close": answered.button(close), "send": answered.button(send), "field": answered.field}
    shown["answer"] = answered.see(".message.assistant .bubble > p").first
    assert {name: each.evaluate(HIDDEN) for name, each in shown.items()} == dict.fromkeys(shown, IN_SIGHT)


@each_window
@pytest.mark.parametrize(("language", "largest"), [("lv", True)], ids=["Latvian, largest text"])
def test_everything_can_be_scrolled_to(answered: Chat, server: StandIn, language: str) -> None:
    """Also with options open and while an error is shown; and only vertical scrolling."""
    server.faults = [Fault(status=503, headers={"Retry-After": "300"})]
    answered.say("failing")
    retry = answered.button(WORDS[language][-1])
    expect(retry).to_be_in_viewport(ratio=0.9)
    assert retry.evaluate(HIDDEN) == IN_SIGHT
    answered.button(WORDS[language][0]).click()
    everything = answered.see("button:visible, textarea:visible, .notice p:visible, .bubble > p:visible").all()
    hidden = []
    for each in everything:
        each.evaluate("each => each.scrollIntoView({ block: 'nearest' })")
        if each.evaluate(HIDDEN) != IN_SIGHT:
            hidden.append(each.inner_text())
    assert hidden == []
    assert answered.sideways() == []


@pytest.mark.parametrize("window", [(360, 640)])
@pytest.mark.parametrize(("language", "largest"), [("lv", False)])
def test_the_keyboard_of_a_phone_covers_nothing(answered: Chat) -> None:
    """Headless Chromium has no on-screen keyboard; a page sees one only by this property shrinking."""
    cover(answered.page, height=300, top=40, scale=1)
    box = answered.panel.bounding_box()
    assert box == {"x": 0, "y": 40, "width": 360, "height": 300}


@pytest.mark.parametrize("window", [(360, 640)])
@pytest.mark.parametrize(("language", "largest"), [("lv", False)])
def test_to_look_closer_moves_nothing(answered: Chat) -> None:
    cover(answered.page, height=300, top=40, scale=2.1)
    assert answered.panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 640}


def cover(page: Page, **seen: float) -> None:
    page.evaluate(
        """({ height, top, scale }) => {
            const seen = Object.entries({ height, offsetTop: top, scale });
            for (const [name, value] of seen) Object.defineProperty(visualViewport, name, { value });
            visualViewport.dispatchEvent(new Event("resize"));
        }""",
        seen,
    )
