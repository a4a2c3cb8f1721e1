"""Texts that stand under the wrong language are noticed; those of the files are not."""

import pytest

from bot.knowledge.text_languages import other_language
from bot.knowledge.validation import load_folder

WORDINGS = [
    (language, text)
    for record in load_folder().facts.values()
    for texts in (record.text, record.short, record.ended, record.coming)
    for language, text in (texts or {}).items()
]
OTHER = {"lv": "en", "en": "lv"}


def test_no_wording_of_the_files_is_taken_for_the_other_language() -> None:
    assert [(language, text) for language, text in WORDINGS if other_language(text, language)] == []


def test_nearly_all_are_noticed_under_the_other_language() -> None:
    missed = [text for language, text in WORDINGS if not other_language(text, OTHER[language])]
    assert len(missed) < len(WORDINGS) / 100


UNCLEAR = {
    "a number": ("8400", "en"),
    "a name": ("Elektrum centrs Ķegumā", "en"),
    "names within a sentence": ("The museum in Ķegums and the centre in Jūrmala are closed.", "en"),
    "a quotation": ("The announcement says: “pašlaik un līdz situācijas beigām”. It names no end date.", "en"),
    "one word": ("Sveiki.", "en"),
}


@pytest.mark.parametrize(("text", "language"), UNCLEAR.values(), ids=UNCLEAR)
def test_what_is_unclear_is_let_through(text: str, language: str) -> None:
    assert other_language(text, language) is None
