"""Latvian and English: the widget's own texts, and the `lang` attributes of messages."""

import json
import re

import pytest
from chat import Chat, Visit
from playwright.sync_api import expect
from standin import WIDGET, StandIn, reply

TEXTS = (WIDGET / "texts.js").read_text(encoding="utf-8")


def json_after(name: str) -> dict[str, dict[str, object]]:
    found = re.search(rf"const {name} = (\{{.*?\n\}});", TEXTS, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize(
    ("page", "attributes", "launcher"),
    [
        ("lv", "", "Jautājiet mums"),
        ("en-GB", "", "Ask us"),
        ("ru", "", "Jautājiet mums"),
        ("lv", "lang=en", "Ask us"),
    ],
)
def test_it_begins_in_the_language_of_the_page(visit: Visit, page: str, attributes: str, launcher: str) -> None:
    expect(visit(language=page, attributes=attributes).launcher).to_have_text(launcher, use_inner_text=True)


@pytest.mark.parametrize(("page", "answered", "send"), [("lv", "en", "Send"), ("en", "lv", "Sūtīt")])
def test_it_follows_the_conversation(visit: Visit, server: StandIn, page: str, answered: str, send: str) -> None:
    server.replies["x"] = [reply("Text.", language=answered)]
    chat = visit(language=page).open()
    chat.say("x")
    expect(chat.button(send)).to_be_visible()


def test_it_is_still_in_the_language_of_the_conversation_after_a_reload(visit: Visit, server: StandIn) -> None:
    server.replies["x"] = [reply("Text.", language="en")]
    chat = visit(language="lv").open()
    chat.say("x")
    chat.hears("Text.")
    chat.page.reload()
    expect(chat.button("Send")).to_be_visible()


def test_it_follows_the_page_that_changes_its_language(chat: Chat) -> None:
    chat.page.evaluate("document.querySelector('elektrum-chat').lang = 'lv'")
    expect(chat.button("Sūtīt")).to_be_visible()


@pytest.mark.parametrize("who", ["customer", "assistant"])
@pytest.mark.parametrize("reloaded", [False, True])
def test_each_message_is_marked_with_its_language(visit: Visit, server: StandIn, who: str, reloaded: bool) -> None:
    server.replies = {"lv": [reply("Latviski.", language="lv")], "en": [reply("In English.", language="en")]}
    chat = visit(language="lv").open()
    chat.say("lv")
    chat.hears("Latviski.")
    chat.say("en")
    chat.hears("Latviski.", "In English.")
    if reloaded:
        chat.page.reload()
        chat.hears("Latviski.", "In English.")
    languages = chat.see(f".message.{who}").evaluate_all("all => all.map((each) => each.lang)")
    assert languages == ["lv", "en"]


def test_a_wish_for_a_person_is_in_the_language(visit: Visit) -> None:
    chat = visit(language="lv").open()
    chat.button("Iespējas").click()
    chat.button("Runāt ar cilvēku").click()
    chat.said("Gribu runāt ar cilvēku")


@pytest.mark.parametrize(
    ("length", "left"),
    [
        (1999, "Vēl var ierakstīt 1 rakstzīmi"),
        (1998, "Vēl var ierakstīt 2 rakstzīmes"),
        (1990, "Vēl var ierakstīt 10 rakstzīmju"),
        (1979, "Vēl var ierakstīt 21 rakstzīmi"),
        (2001, "Ziņa ir par 1 rakstzīmi garāka, nekā atļauts"),
        (2002, "Ziņa ir par 2 rakstzīmēm garāka, nekā atļauts"),
    ],
)
def test_numbers_are_inflected(visit: Visit, length: int, left: str) -> None:
    chat = visit(language="lv").open()
    chat.field.fill("x" * length)
    expect(chat.see("#left")).to_have_text(left)


@pytest.mark.parametrize("collection", ["texts", "nouns"])
def test_every_text_is_there_in_both_languages(collection: str) -> None:
    assert [name for name, text in json_after(collection).items() if set(text) != {"lv", "en"}] == []


def test_every_text_is_used() -> None:
    code = "\n".join(file.read_text(encoding="utf-8") for file in WIDGET.glob("*.js") if file.name != "texts.js")
    assert [name for name in json_after("texts") if not re.search(rf"\b{name}\b", code)] == []
