"""What an agent wrote, in plain text: as another reader of Markdown understands it."""

import pytest
from markdown_it import MarkdownIt

from bot.chatwoot.agent_words import agent_words, plain_text

# As Chatwoot's editor (prosemirror-markdown) writes them.
WRITTEN = {
    "plain": "Labdien! Kā varu palīdzēt?",
    "escaped": r"2 \* 3 \_ 4 \[x\] \`y\` \~ \\ C:\\dati",
    "a list by hand": "1\\. viens",
    "strong": "Zvaniet **8400** vai *tagad*.",
    "a strong word alone": "**Svarīgi**",
    "no emphasis": "2 * 3 * 4",
    "two lines": "viens\\\ndivi",
    "a dash": r"2026\-12\-01 \# nav virsraksts",
    "an address in angle brackets": "<https://www.elektrum.lv/lv>",
}


@pytest.mark.parametrize("markdown", WRITTEN.values(), ids=WRITTEN)
def test_markdown_is_read_as_others_read_it(markdown: str) -> None:
    (_, inline, _) = MarkdownIt().parse(markdown)
    breaks = {"softbreak": "\n", "hardbreak": "\n"}
    assert plain_text(markdown) == "".join(breaks.get(each.type, each.content) for each in inline.children or ())


PLAIN = {
    "a link": ("Skatiet [mūsu lapu](https://www.elektrum.lv).", "Skatiet mūsu lapu (https://www.elektrum.lv)."),
    "a bare link": ("[https://a.lv](https://a.lv)", "https://a.lv"),
    "paragraphs": ("a\n\nb\n\n", "a\n\nb"),
    "what databases do not take": ("a\0b\ud800c", "ab\ufffdc"),
}


@pytest.mark.parametrize(("markdown", "plain"), PLAIN.values(), ids=PLAIN)
def test_what_customers_cannot_click_is_written_out(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


SENT = {"id": 7, "message_type": 1, "private": False, "content": "x", "created_at": 0}
NAMES = {
    "the name to be shown": ({"available_name": "Ilze", "name": "Ilze Liepa"}, "Ilze"),
    "the first of the full name": ({"available_name": " ", "name": "Ilze Liepa"}, "Ilze"),
    "none": ({}, "–"),
}


@pytest.mark.parametrize(("named", "name"), NAMES.values(), ids=NAMES)
def test_customers_are_shown_a_first_name(named: dict[str, object], name: str) -> None:
    said = agent_words({**SENT, "sender": {"id": 3, "type": "user", **named}})
    assert said
    assert (said.name, said.agent_id) == (name, -3)
