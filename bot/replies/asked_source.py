"""A caller asks for the source: that of the latest answer, since a call otherwise names each source only once."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from bot.replies.carried import RESTS_ON
from bot.words.lexicon import lexicon

SHORT = 10  # words; a longer message also asks something else
Sources = Mapping[str, Mapping[str, str]]  # by id and language, the spoken name of a source


def sources_said(metadata: Iterable[Mapping[str, Any] | None]) -> list[Sources]:
    """The sources of each reply, from the metadata of the bot events on the phone."""
    found = ((one or {}).get(RESTS_ON) for one in metadata)
    return [sources for sources in found if sources]


def source_again(text: str, said: list[Sources], language: str) -> str | None:
    """The sources of the latest answer, where a message asks for them in either language; else None."""
    if not said or len(text.split()) > SHORT or not _question().search(text):
        return None
    return " ".join(titles[language] for titles in said[-1].values())


@lru_cache(maxsize=1)
def _question() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{lexicon('spoken')['asks_for_source']})", re.IGNORECASE)
