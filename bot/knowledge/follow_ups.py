"""What a message means that makes sense only after an answer: `data/knowledge/follow_ups.yml`."""

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Extra

from bot.data_files import read_model
from bot.knowledge.records import KNOWLEDGE, KnowledgeError

REST = "rest"
NOTHING = "nothing"  # nothing was answered yet
LAST = "last"  # an aspect that means the question which was answered last


def topic_of(question: str) -> str:
    """The topic (an intent) of a question, such as `ask_late_fees` of `ask_late_fees/whether`."""
    return question.partition("/")[0]


def aspect_of(question: str | None) -> str:
    """The aspect of a question, such as `whether`; empty where it has none."""
    return (question or "").partition("/")[2]


class _Group(BaseModel):
    after: list[str]
    means: dict[str, str]

    class Config:
        extra = Extra.forbid


class _FollowUps(BaseModel):
    follow_ups: list[_Group]

    class Config:
        extra = Extra.forbid


@lru_cache(maxsize=4)
def follow_ups(path: Path = KNOWLEDGE / "follow_ups.yml") -> dict[str, dict[str, str]]:
    """By topic (an intent, or REST), the question that each aspect means.

    Raises:
        KnowledgeError: the file cannot be used.
    """
    read = read_model(path, _FollowUps, KnowledgeError)
    return {topic: group.means for group in read.follow_ups for topic in group.after}


def meant(topic: str | None, aspect: str, last: str | None = None) -> str | None:
    """The question that an aspect means after a topic was answered; None where it means none.

    Args:
        aspect: as in the intent `follow_up`, such as `why`.
        last: the question that was answered last.
    """
    table = follow_ups()
    found = table.get(topic or NOTHING, {}).get(aspect) or table[REST].get(aspect)
    return last if found == LAST else found
