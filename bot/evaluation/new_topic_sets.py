"""Reads the sets of new topics in `data/held_out/new_topics` (its README describes them)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Extra

from bot.data_files import read_model, read_yaml
from bot.knowledge.published_topics import PublishedTopic
from bot.training.sentences import FOLDER

NEW_TOPICS = FOLDER / "new_topics"
DEVELOPMENT_TOPICS, UNTOUCHED_TOPICS = "development", "untouched"
ASKED = ".asked"  # before the suffix of the file with a topic's test sentences
SAME_SUBJECT = "same_subject"  # file with sentences of the other sets that ask about a topic
EXAMPLES = (5, 20)  # in each language


class _TopicFile(BaseModel):
    title: dict[str, str]
    text: dict[str, str]
    questions: dict[str, list[str]]

    class Config:
        extra = Extra.forbid


@dataclass(frozen=True)
class NewTopic:
    """A topic that is published, and sentences that ask about it.

    Attributes:
        asked: by language, written by others than the examples.
    """

    topic: PublishedTopic
    asked: dict[str, list[str]]

    def with_examples(self, count: int) -> PublishedTopic:
        """The topic with the first so many examples a language."""
        one = self.topic
        few = {language: questions[:count] for language, questions in one.questions.items()}
        return PublishedTopic(one.key, one.titles, one.texts, few)

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """Language and text of each sentence that asks about it."""
        return [(language, text) for language, texts in self.asked.items() for text in texts]


def new_topics(half: str, folder: Path = NEW_TOPICS) -> list[NewTopic]:
    """The topics of one half, by name.

    Raises:
        DataFileError: a file cannot be used.
    """
    paths = [path for path in sorted((folder / half).glob("*.yaml")) if path.stem != SAME_SUBJECT]
    return [_read(path) for path in paths if not path.stem.endswith(ASKED)]


def same_subject(half: str, folder: Path = NEW_TOPICS) -> frozenset[str]:
    """Sentences of the other held-out sets that a person found to ask about a topic of this half."""
    path = folder / half / f"{SAME_SUBJECT}.yaml"
    found: Iterable[Any] = read_yaml(path) if path.is_file() else ()
    return frozenset(map(str, found))


def _read(path: Path) -> NewTopic:
    read = read_model(path, _TopicFile)
    asked = read_yaml(path.with_name(f"{path.stem}{ASKED}{path.suffix}"))
    return NewTopic(PublishedTopic(path.stem, read.title, read.text, read.questions), asked)
