"""Takes the pictures of docs/widget.md: .venv/bin/python tests/browser/pictures.py"""

import shutil
from collections.abc import Callable

from chat import Chat
from playwright.sync_api import Locator, expect, sync_playwright
from standin import Fault, StandIn, reply

from bot.settings import PROJECT

FOLDER = PROJECT / "docs" / "pictures"
QUESTION = "vai mani atslegs ja kaveju rekinu"
ANSWERS = {
    QUESTION: [
        reply(
            "2020. gada 20. marta paziņojumā teikts: pašlaik un līdz ārkārtējās situācijas beigām Elektrum nodrošina "
            "elektroenerģijas piegādi un neatslēdz elektroapgādi kavētu maksājumu dēļ.",
            language="lv",
            sources=(("Paziņojums, 2020. gada 20. marts", "https://www.elektrum.lv/"),),
            buttons=("Līdz kuram laikam?", "Vai būs līgumsods?", "Nevaru samaksāt"),
        )
    ],
    "Is the Riga centre open?": [
        reply(
            "The Elektrum customer service centre in Riga is closed for the time of the emergency situation. Use the "
            "self-service portal elektrum.lv, the Elektrum mobile app, or call customer service on 8400.",
            buttons=("When will it open?", "How can I pay?", "Talk to a person"),
        )
    ],
}


def conversation(chat: Chat, _: StandIn) -> None:
    chat.open().say(QUESTION)
    expect(chat.see(".choices button")).to_have_count(3)


def both_languages(chat: Chat, server: StandIn) -> None:
    conversation(chat, server)
    chat.say("Is the Riga centre open?")
    expect(chat.button("How can I pay?")).to_be_visible()


def looks(chat: Chat, server: StandIn) -> None:
    conversation(chat, server)
    chat.button("Iespējas").click()


def contrast(chat: Chat, server: StandIn) -> None:
    looks(chat, server)
    chat.button("Dzeltens uz melna").click()
    chat.page.keyboard.press("Escape")


def trouble(chat: Chat, server: StandIn) -> None:
    conversation(chat, server)
    server.faults = [Fault(status=503), Fault(status=503, headers={"Retry-After": "300"})]
    chat.say("Līdz kuram laikam?")
    expect(chat.button("Mēģināt vēlreiz")).to_be_visible()


LARGE, SMALL = {"width": 480, "height": 640}, {"width": 320, "height": 640}
PICTURES: dict[str, tuple[dict[str, int], Callable[[Chat, StandIn], None]]] = {
    "widget": (LARGE, conversation),
    "widget-english": (LARGE, both_languages),
    "widget-options": (LARGE, looks),
    "widget-contrast": (LARGE, contrast),
    "widget-trouble": (LARGE, trouble),
    "widget-phone": (SMALL, conversation),
}


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, (size, prepare) in PICTURES.items():
            server = StandIn()
            server.replies = ANSWERS
            page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]  # a dict of those keys
            page.goto(server.page(language="lv"))
            chat = Chat(page)
            prepare(chat, server)
            panel: Locator = chat.panel
            page.mouse.move(0, 0)
            panel.screenshot(path=FOLDER / f"{name}.png")
            server.stop()
        browser.close()


if __name__ == "__main__":
    main()
