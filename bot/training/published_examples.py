"""Takes published topics into the training data: a file a language, from which the next training learns them.

A model is made from files, which are reviewed, and its name is their digest; so training does not read the database.
Each topic is a question within the intent `ask_published_topic`, for which domain, rules and answers exist already.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.data_files import read_yaml
from bot.knowledge.published_topics import PublishedTopic
from bot.settings import LANGUAGES
from bot.training.sentences import TRAINING, held_out_texts, training
from bot.words.text import clean, fold

FILE = "published_topics.yml"
_HEAD = """# Examples of published topics, written by 'bot new-topics learn' from the database for the next 'bot train'.
version: "3.1"
nlu:
"""


@dataclass(frozen=True)
class LearntTopics:
    """What was written.

    Attributes:
        topics: how many topics, examples: how many sentences; left_out: those that stand elsewhere in the training data
            or in the held-out sets.
    """

    topics: int
    examples: int
    left_out: tuple[str, ...]


def learn_topics(topics: Iterable[PublishedTopic], folder: Path = TRAINING) -> LearntTopics:
    """Write the examples of topics to the training data; topics of an earlier file stay, with their examples.

    Raises:
        DataFileError: the earlier file cannot be read.
    """
    found = list(topics)
    taken = _elsewhere()
    written, left_out = 0, []
    for language in LANGUAGES:
        blocks = _earlier(folder / language / FILE)
        for topic in found:
            blocks[topic.question] = list(dict.fromkeys(map(_line, topic.questions[language])))
        left_out += [text for texts in blocks.values() for text in texts if fold(text) in taken]
        kept = {name: [text for text in texts if fold(text) not in taken] for name, texts in blocks.items()}
        written += sum(map(len, kept.values()))
        (folder / language / FILE).write_text(_HEAD + "".join(_blocks(kept)), encoding="utf-8")
    return LearntTopics(len(found), written, tuple(left_out))


def _elsewhere() -> frozenset[str]:
    """The folded texts of other training examples and of the held-out sets, which must stay unknown to the model."""
    others = (one.text for code in LANGUAGES for one in training(code) if one.path.name != FILE)
    return frozenset(map(fold, (*others, *held_out_texts())))


def _earlier(path: Path) -> dict[str, list[str]]:
    if not path.is_file():
        return {}
    blocks = read_yaml(path)["nlu"] or []
    return {one["intent"]: [line.removeprefix("- ") for line in one["examples"].splitlines()] for one in blocks}


def _line(text: str) -> str:
    """A sentence as an example: brackets would mean an entity to Rasa."""
    return clean(text).translate({ord("["): "(", ord("]"): ")"})


def _blocks(topics: dict[str, list[str]]) -> Iterator[str]:
    for name, texts in topics.items():
        if texts:
            yield f"  - intent: {name}\n    examples: |\n" + "".join(f"      - {text}\n" for text in texts)
