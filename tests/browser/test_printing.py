"""Printing: the page, and the conversation if it is open; read with pdftotext."""

import subprocess
from pathlib import Path

import pytest
from chat import Chat, Visit
from standin import StandIn, reply

LINES = 120


@pytest.fixture
def _answers(server: StandIn) -> None:
    long = "\n".join(f"Line {n} of it." for n in range(LINES))
    source = ("Announcement of 20 March 2020", "https://example.org/a")
    server.replies["all"] = [reply(long, buttons=("And then?",), sources=(source,))]


def printed(chat: Chat, folder: Path) -> list[str]:
    """The text of each sheet."""
    file = folder / "page.pdf"
    chat.page.pdf(path=file, format="A4")
    text = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True).stdout
    return text.split("\f")[:-1]


def test_a_closed_chat_leaves_no_trace(visit: Visit, tmp_path: Path) -> None:
    chat = visit(language="en")
    with_it = printed(chat, tmp_path)
    chat.page.evaluate("document.querySelector('elektrum-chat').remove()")
    assert with_it == printed(chat, tmp_path)


@pytest.mark.usefixtures("_answers")
@pytest.mark.parametrize("width", [1024, 320], ids=["large", "small"])
@pytest.mark.parametrize("around", ["", "main { transform: scale(1) }"], ids=["", "in the top layer"])
def test_an_open_conversation_is_printed_whole(visit: Visit, tmp_path: Path, width: int, around: str) -> None:
    chat = visit(language="en")
    chat.page.set_viewport_size({"width": width, "height": 600})
    chat.page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }", around
    )
    chat.open().say("all")
    chat.see(".choices button").wait_for()
    page, *conversation = printed(chat, tmp_path)
    assert page.split() == ["Test", "page", "A", "link", "of", "the", "page"]
    text = "\n".join(conversation)
    assert [n for n in range(LINES) if text.count(f"Line {n} of it.") != 1] == []
    assert text.split()[:2] == ["Elektrum", "assistant"]
    assert "Announcement of 20 March 2020 https://example.org/a" in " ".join(text.split())
    for speaker in ("You", "Assistant"):
        assert speaker in text
    for of_the_screen in ("Send", "Your message", "And then?", "Ask us", "new tab", "typing"):
        assert of_the_screen not in text


@pytest.mark.usefixtures("_answers")
def test_what_is_part_of_the_page_is_printed_whole_too(visit: Visit, tmp_path: Path) -> None:
    chat = visit(language="en", attributes="inline")
    chat.say("all")
    chat.see(".choices button").wait_for()
    text = "\n".join(printed(chat, tmp_path))
    assert [n for n in range(LINES) if text.count(f"Line {n} of it.") != 1] == []


def test_after_printing_all_is_as_before(visit: Visit, tmp_path: Path) -> None:
    chat = visit(language="en")
    chat.page.set_viewport_size({"width": 320, "height": 600})
    chat.open()
    chat.field.fill("half a sen")
    printed(chat, tmp_path)
    assert chat.panel.evaluate("panel => panel.matches(':modal')")
    assert chat.field.input_value() == "half a sen"
    assert chat.focused() == "textarea"
