"""What a message means that makes sense only after an answer: `data/knowledge/follow_ups.yml`."""

from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Extra

from bot.data_files import read_model
from bot.knowledge.records import KNOWLEDGE, KnowledgeError

REST = "rest"


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


def meant(topic: str | None, aspect: str) -> str | None:
    """The question that an aspect means after a topic was answered; None where it means none.

    Args:
        aspect: as in the intent `follow_up`, such as `why`.
    """
    table = follow_ups()
    return table.get(topic or REST, {}).get(aspect) or table[REST].get(aspect)
