"""The titles of our own buttons, typed by hand, are understood as what the button does."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bot.replies.catalogue import MEANT, catalogues
from bot.settings import LANGUAGES, PROJECT
from bot.words.text import without_diacritics

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

pytestmark = pytest.mark.model
WIDGET_TEXTS = (PROJECT / "bot" / "channels" / "widget" / "texts.js").read_text(encoding="utf-8")
PERSON_MESSAGE = re.search(r'"personMessage": \{ "lv": "(?P<lv>[^"]+)", "en": "(?P<en>[^"]+)" \}', WIDGET_TEXTS)
assert PERSON_MESSAGE, "texts.js has no personMessage in the form that this test reads."
# A button's title, and the intent that the button sends.
BUTTONS = [
    (title, MEANT.get(key, key)) for language in LANGUAGES for key, title in catalogues()[language].titles.items()
] + [(PERSON_MESSAGE[language], "request_human") for language in LANGUAGES]


def without_signs(text: str) -> str:
    return re.sub(r"[^\w\s]", "", text)


WAYS: dict[str, Callable[[str], str]] = {
    "as it stands": str,
    "in lower case": str.lower,
    "in capitals": str.upper,
    "without diacritics": without_diacritics,
    "without signs": without_signs,
    "as on a phone": lambda text: without_signs(without_diacritics(text.lower())),
    "with another sign": lambda text: f"{without_signs(text)}!",
    "with spaces": lambda text: f"  {text} ",
    "with a letter twice": lambda text: text[:3] + text[2:],
    "after a greeting": lambda text: f"Labdien! {text}",
}
SLIPS: dict[str, Callable[[str, int], str]] = {
    "a letter is missing": lambda word, place: word[:place] + word[place + 1 :],
    "two letters have changed places": lambda word, place: (
        word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    ),
}
LONG = 7  # length of a word in which a typing error leaves no doubt


def slipped(title: str, slip: Callable[[str, int], str]) -> str | None:
    """The title with a typing error in the middle of its longest word; None if all its words are short."""
    word = max(re.findall(r"\w+", title), key=len)
    return title.replace(word, slip(word, len(word) // 2)) if len(word) >= LONG else None


@pytest.mark.parametrize("way", WAYS)
async def test_a_title_is_understood_however_it_is_typed(loaded: "LocalAssistant", way: str) -> None:
    # After a greeting, "yes" and "no" answer nothing, and a request for a person stays one.
    said = [(WAYS[way](title), intent) for title, intent in BUTTONS if way != "after a greeting" or "_" in intent]
    found = [(text, intent, (await loaded.parse(text)).intent) for text, intent in said]
    assert [each for each in found if each[1] != each[2]] == []


@pytest.mark.parametrize("slip", SLIPS)
async def test_a_title_is_understood_with_a_slip_of_the_keyboard(loaded: "LocalAssistant", slip: str) -> None:
    said = [(slipped(title, SLIPS[slip]), intent) for title, intent in BUTTONS]
    found = [(text, intent, (await loaded.parse(text)).intent) for text, intent in said if text]
    assert [each for each in found if each[1] != each[2]] == []


async def test_a_title_is_never_doubted(loaded: "LocalAssistant") -> None:
    assert [title for title, _ in BUTTONS if (await loaded.parse(title)).is_doubtful] == []
