"""The words of the page for people (`data/open_data/page.yml`)."""

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Extra, validator

from bot.data_files import DataFileError, read_model
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES, PROJECT

PAGE_WORDS = PROJECT / "data" / "open_data" / "page.yml"


class PageWords(BaseModel):
    """The file: each word or title in every language."""

    words: dict[str, dict[str, str]]
    topics: dict[str, dict[str, str]]

    class Config:
        extra = Extra.forbid

    @validator("words", "topics", each_item=True)
    def _in_every_language(cls, texts: dict[str, str]) -> dict[str, str]:  # noqa: N805 (pydantic passes the class)
        if set(texts) != set(LANGUAGES) or not all(map(str.strip, texts.values())):
            raise ValueError(f"give a text in {' and '.join(LANGUAGES)}")
        return texts


@lru_cache(maxsize=2)
def page_words(path: Path = PAGE_WORDS) -> PageWords:
    """Read the file.

    Raises:
        DataFileError: it cannot be used.
    """
    return read_model(path, PageWords)


def topic_title(intent: str, language: str) -> str:
    """The title of a topic: its button's, or the file's.

    Raises:
        DataFileError: it has neither.
    """
    own = page_words().topics.get(intent, {}).get(language)
    title = own or catalogues()[language].titles.get(intent)
    if title is None:
        raise DataFileError(f"{PAGE_WORDS}: the topic '{intent}' has no title; add it under 'topics'.")
    return title
