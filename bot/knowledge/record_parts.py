"""What the records of `data/knowledge` have in common: strictness, texts in every language, dates."""

import re
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, Extra

from bot.clock import impossible_day
from bot.knowledge.text_languages import refuse_other_language
from bot.settings import LANGUAGES

MARKUP = re.compile(r"<\s*[a-zA-Z/!]|&(?:[a-zA-Z]+|#\d+);")  # HTML, which no channel shows
LONGEST_TEXT = 1_000  # characters; a reply has up to three, and Messenger takes 2,000 at a time
TODO = "TODO"  # marks what somebody has still to write (`bot announcement draft`)
WEB = ("https", "http")
SWITCHES = ("restore", "reopen", "withdraw")  # keys whose values are true or false
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


def in_its_language(texts: Texts | None) -> Texts | None:
    """Refuse texts for customers that stand under the wrong language."""
    if texts is not None:
        refuse_other_language({str(language): text for language, text in texts.items()})
    return texts


def no_bare_numbers(value: Any) -> Any:
    """Refuse a number in place of a date, which pydantic would take for seconds since 1970, and a day that is none."""
    if isinstance(value, int | float):
        raise ValueError("a date such as 2020-03-20 is expected")
    if isinstance(value, str) and (why := impossible_day(value)):
        raise ValueError(f"{value} is no day: {why}")
    return value


def a_web_address(url: str | None) -> str | None:
    """Refuse what is no address of a page: another scheme, none, or none with a host."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        whole = parts.scheme in WEB and bool(parts.hostname) and not (parts.username or re.search(r"\s", url))
    except ValueError:
        whole = False
    if not whole:
        raise ValueError(f"an address begins with https:// and names a website; correct {url[:60]!r}, or leave it out")
    return url


def refuse_bare_words(content: Any, where: tuple[str, ...] = ()) -> None:
    """Refuse `yes` and `no` without quotation marks, which YAML takes for true and false, where a text is meant.

    Raises:
        ValueError: says where, and what to write.
    """
    if isinstance(content, bool) and (not where or where[-1] not in SWITCHES):
        word = "yes" if content else "no"
        raise ValueError(
            f"{', '.join(where)}: YAML reads yes, no, on, off, true and false without quotation marks as something "
            f"else than words; write '{word}' in quotation marks"
        )
    if isinstance(content, dict):
        for name, value in content.items():
            if isinstance(name, bool):
                refuse_bare_words(name, (*where, "a key"))
            refuse_bare_words(value, (*where, str(name)))
    elif isinstance(content, list):
        for number, value in enumerate(content, 1):
            refuse_bare_words(value, (*where, _label(value, number)))


def _label(value: Any, number: int) -> str:
    """How an item of a list is called in a message: by its id, else by its number."""
    names = [value.get(key) for key in ("id", "record", "event", "question")] if isinstance(value, dict) else []
    found = next((name for name in names if isinstance(name, str)), None)
    return f"'{found}'" if found else f"number {number}"
