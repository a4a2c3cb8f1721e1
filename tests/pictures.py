"""Takes the screenshots of README.md and docs/widget.md: .venv/bin/python tests/pictures.py

They show the real assistant on a day of the emergency, with its real answers.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chat import Chat, new_chat
from playwright.sync_api import ViewportSize, expect
from running import Running, start

from bot.settings import PROJECT
from harness.browser import chromium

FOLDER = PROJECT / "docs" / "pictures"
LARGE, PAGE, PHONE = (
    ViewportSize(width=480, height=680),
    ViewportSize(width=1100, height=760),
    ViewportSize(width=320, height=640),
)
LATE = "90010000033"  # a demo customer who owes


def say(chat: Chat, text: str, heard: str) -> None:
    chat.say(text)
    chat.hears_about(heard)


def closed(chat: Chat, _: Running) -> None:
    expect(chat.page.locator("#contact .facts")).to_contain_text("elektrum.lv")


def conversation(chat: Chat, _: Running) -> None:
    say(chat.open(), "vai mani atslegs ja kaveju rekinu", "neatslēdz")


def in_english(chat: Chat, running: Running) -> None:
    closed(chat, running)
    say(chat.open(), "Will I be cut off if I pay late?", "does not disconnect")


def account(chat: Chat, running: Running) -> None:
    outbox = running.outbox()
    say(chat.open(), f"Cik es esmu parādā? Līguma numurs {LATE}", "sešu ciparu kodu")
    say(chat, outbox.code(), "52,10")


def looks(chat: Chat, running: Running) -> None:
    conversation(chat, running)
    chat.button("Iespējas").click()


def contrast(chat: Chat, running: Running) -> None:
    looks(chat, running)
    chat.button("Dzeltens uz melna").click()
    chat.page.keyboard.press("Escape")


def trouble(chat: Chat, running: Running) -> None:
    conversation(chat, running)
    chat.page.route("**/messages", lambda route: route.abort())
    chat.say("Līdz kuram laikam?")
    expect(chat.button("Mēģināt vēlreiz")).to_be_visible()


@dataclass
class Picture:
    """The steps before the screenshot, the window size, and whether it shows the page or the chat alone."""

    prepare: Callable[[Chat, Running], None]
    size: ViewportSize
    language: str = "lv"
    whole: bool = False


PICTURES = {
    "page": Picture(closed, PAGE, whole=True),
    "page-english": Picture(in_english, PAGE, "en", whole=True),
    "widget": Picture(conversation, LARGE),
    "widget-account": Picture(account, LARGE),
    "widget-options": Picture(looks, LARGE),
    "widget-contrast": Picture(contrast, LARGE),
    "widget-trouble": Picture(trouble, LARGE),
    "widget-phone": Picture(conversation, PHONE),
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        running = start(Path(folder), BOT_AS_OF="2020-03-25")
        for name, picture in PICTURES.items():
            context = browser.new_context(viewport=picture.size)
            chat = new_chat(context, [], f"{running.url}?lang={picture.language}")
            picture.prepare(chat, running)
            chat.page.mouse.move(0, 0)
            (chat.page if picture.whole else chat.panel).screenshot(path=FOLDER / f"{name}.png")
            context.close()
        running.stop()


if __name__ == "__main__":
    main()
