"""What the records of `data/knowledge` have in common: strictness, texts in every language, dates."""

import re
from typing import Any, Literal

from pydantic import BaseModel, Extra

from bot.settings import LANGUAGES

MARKUP = re.compile(r"<\s*[a-zA-Z/!]|&(?:[a-zA-Z]+|#\d+);")  # HTML, which no channel shows
LONGEST_TEXT = 1_000  # characters; a reply has up to three, and Messenger takes 2,000 at a time
TODO = "TODO"  # marks what somebody has still to write (`bot announcement draft`)
Texts = dict[Literal["lv", "en"], str]


class StrictRecord(BaseModel):
    """A record without unknown keys."""

    class Config:
        extra = Extra.forbid
        anystr_strip_whitespace = True


def in_every_language(texts: Texts | None) -> Texts | None:
    """Refuse texts that lack a language, are still to be written or too long, or contain HTML."""
    if texts is None:
        return None
    for language in LANGUAGES:
        if not texts.get(language, "").strip():  # type: ignore[call-overload]
            raise ValueError(f"the text in '{language}' is missing or empty; write it in both languages")
    if unwritten := [language for language, text in texts.items() if TODO in text]:
        what = texts[unwritten[0]].replace(TODO, "").strip(" :")
        raise ValueError(f"is still to be written in {' and '.join(unwritten)}: {what or 'write it for customers'}")
    for text in texts.values():
        if found := MARKUP.search(text):
            raise ValueError(f"HTML is not shown anywhere; write plain text instead of '{text[found.start() :][:20]}'")
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"a text has {len(text):,} characters; shorten it to {LONGEST_TEXT:,} at most")
    return texts


def no_bare_numbers(value: Any) -> Any:
    """Refuse a number in place of a date, which pydantic would take for seconds since 1970."""
    if isinstance(value, int | float):
        raise ValueError("a date such as 2020-03-20 is expected")
    return value
