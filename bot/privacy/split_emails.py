"""An e-mail address split over messages: "anna.berzina@", "inbox.lv"; "anna.berzina", "@", "inbox.lv"."""

import re
from collections.abc import Iterator, Sequence

from bot.privacy.normalised_text import Finding
from bot.privacy.split_labels import announced, word_in
from bot.words.text import fold

_KIND = "e-mail"
_DOMAIN = re.compile(
    r"\s*@?[\w-]+(?:\s?\.\s?|\s(?:punkts|dot)\s)[^\W\d_]{2,}(?:\.[^\W\d_]{2,})?\s*[.!?]?\s*", re.IGNORECASE
)
_LAST_TOKEN = re.compile(r"[\w.+'-]+(?=[@\s]*$)")


def email_parts(text: str, before: Sequence[str]) -> Iterator[tuple[int, Finding]]:
    """(message, finding) of an address that ends in this message; messages count back from the nearest, -1 is this one.

    Args:
        before: the messages before, nearest first.
    """
    if not _DOMAIN.fullmatch(text):
        return
    here = Finding(_KIND, len(text) - len(text.lstrip()), len(text.rstrip().rstrip(".,;!?")))
    place, parted = 0, text.lstrip().startswith("@") or before[0].rstrip().endswith("@")
    if _is_at(before[0]) and len(before) > 1:
        place, parted = 1, True
    said = before[place]
    if announced(said) == _KIND:  # the local part comes after it: "my e-mail is", "anna.berzina"
        yield -1, here
        return
    name = _LAST_TOKEN.search(said)
    if name and (parted or "past" in fold(said) or "mail" in fold(said)):
        yield place, Finding(_KIND, name.start(), len(said.rstrip()))
        yield -1, here


def _is_at(text: str) -> bool:
    return text.strip() == "@" or word_in("at").fullmatch(fold(text)) is not None
