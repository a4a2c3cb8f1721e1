"""Replies in Messenger's format: nothing that Graph would refuse, and nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.buttons import Buttons
from bot.channels.messenger.outgoing import QUICK_REPLIES, TEXT, messages, split
from bot.replies.catalogue import Button, catalogues
from bot.replies.reply import Reply

SENTENCE = "Elektroapgādi kavētu maksājumu dēļ neatslēdz. "
BUTTON = Button("Kas ir slēgts?", "/ask_place_closed")


def reply(text: str, buttons: int = 0) -> Reply:
    return Reply(text, (BUTTON,) * buttons, language="lv")


@given(st.text(st.sampled_from("ab. \n!"), max_size=300), st.integers(1, 40))
def test_every_part_fits_and_no_word_is_lost(text: str, most: int) -> None:
    parts = split(text, most)
    assert all(len(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Viens. Divi.", ["Viens. Divi."]),
        ("Viens teikums. Otrs teikums.", ["Viens teikums.", "Otrs teikums."]),
        ("Rindkopa viena\n\nRindkopa divi.", ["Rindkopa viena", "Rindkopa divi."]),
        ("gari vārdi bez teikuma beigām", ["gari vārdi bez", "teikuma beigām"]),
        ("x" * 25, ["x" * 20, "x" * 5]),
    ],
)
def test_a_text_is_split_where_it_reads_best(text: str, parts: list[str]) -> None:
    assert split(text, 20) == parts


def test_choices_stand_under_the_last_part() -> None:
    made = messages(reply(SENTENCE * 100, buttons=2), lambda payload, title: f"{payload} {title}")
    assert len(made) > 1
    assert [len(each.get("quick_replies", [])) for each in made] == [0] * (len(made) - 1) + [2]
    assert max(len(each["text"]) for each in made) <= TEXT


def test_no_more_choices_than_messenger_takes() -> None:
    (made,) = messages(reply("x", buttons=20), lambda payload, title: payload)
    assert len(made["quick_replies"]) == QUICK_REPLIES


def test_an_empty_reply_is_no_message() -> None:
    assert messages(reply(" "), lambda payload, title: payload) == []


@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_choice_that_we_have_fits(language: str) -> None:
    buttons, titles = Buttons(), catalogues()[language].titles
    assert max(len(title) for title in titles.values()) <= 20
    longest = max(len(buttons.reference("messenger-" + "0" * 40, f"/{key}", title)) for key, title in titles.items())
    assert longest <= 1000
