"""Which facts answer which intent: `data/knowledge/topics.yml`."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Extra, Field

from bot.data_files import read_model
from bot.knowledge.conveyed import Act, Opening
from bot.knowledge.records import KNOWLEDGE, KnowledgeError

OTHER_PLACE = "other"


class _Answer(BaseModel):
    lead: str
    say: list[str]
    listed: list[str] = Field(default=[], alias="list")
    then: list[str] = []
    after: list[str] = []
    next: list[str] = []
    act: Act = Act.ANSWER
    opening: Opening = Opening.OPEN
    ended_rows: list[str] = []

    class Config:
        extra = Extra.forbid


class _Topic(_Answer):
    places: dict[str, _Answer] = {}


class _Topics(BaseModel):
    topics: dict[str, _Topic]

    class Config:
        extra = Extra.forbid


@dataclass(frozen=True)
class Topic:
    """The answer to one question: keys of facts, in order, and the intents offered next.

    Attributes:
        act: what the answer does.
        opening: how its first words come out on a day on which the lead is valid.
        ended_rows: what the lead's text 'ended' conveys besides the end (numbers of the fact list).
    """

    lead: str
    say: tuple[str, ...]
    listed: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    act: Act = Act.ANSWER
    opening: Opening = Opening.OPEN
    ended_rows: tuple[str, ...] = ()
    places: dict[str, "Topic"] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all facts that the answer may use."""
        return tuple(dict.fromkeys((self.lead, *self.say, *self.listed, *self.then, *self.after)))

    def at(self, place: str | None) -> "Topic":
        """The answer for a place; a place without an entry gets the answer for other places."""
        if place is None or not self.places:
            return self
        return self.places.get(place, self.places[OTHER_PLACE])


def _topic(answer: _Answer) -> Topic:
    places = answer.places if isinstance(answer, _Topic) else {}
    return Topic(
        lead=answer.lead,
        say=tuple(answer.say),
        listed=tuple(answer.listed),
        then=tuple(answer.then),
        after=tuple(answer.after),
        next=tuple(answer.next),
        act=answer.act,
        opening=answer.opening,
        ended_rows=tuple(answer.ended_rows),
        places={place: _topic(inner) for place, inner in places.items()},
    )


@lru_cache(maxsize=4)
def topics(path: Path = KNOWLEDGE / "topics.yml") -> dict[str, Topic]:
    """All topics, by intent.

    Raises:
        KnowledgeError: the file cannot be used.
    """
    read = read_model(path, _Topics, KnowledgeError)
    return {intent: _topic(answer) for intent, answer in read.topics.items()}
