"""Which facts answer which intent, and which question within it: `data/knowledge/topics.yml` and `answers/`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, Extra, Field

from bot.data_files import read_model
from bot.knowledge.answers import (
    AnswerFile,
    PlacedAnswer,
    QuestionAnswer,
    answer_files,
    key_of_answer,
    key_of_repetition,
    key_of_whether,
)
from bot.knowledge.conveyed import Act, Opening
from bot.knowledge.records import KNOWLEDGE, KnowledgeError
from bot.words.question_form import QuestionForm

OTHER_PLACE = "other"


class News(StrEnum):
    """What an answer adds where announcements brought it."""

    EVENTS = "events"  # what holds because of events that are in force, and at places
    PLACES = "places"  # what holds at places
    NEWEST = "newest"  # which announcement is the newest


class _Answer(BaseModel):
    lead: str
    say: list[str]
    listed: list[str] = Field(default=[], alias="list")
    then: list[str] = []
    after: list[str] = []
    before: list[str] = []
    next: list[str] = []
    act: Act = Act.ANSWER
    opening: Opening = Opening.OPEN
    ended_rows: list[str] = []
    again: str | None = None
    news: News | None = None

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
        before: keys of what is said, with the number of customer service, where the lead is not known yet.
        again: the key of what is said where the question was answered before; None where it is said as before.
        whether: the answer where a yes or a no is wanted, if it differs.
        openly: the aspect that is answered instead where the customer asks with a question word.
        negated: the question that is answered instead where it is put in the negative.
        state: the aspect of the state of a place that its yes or no is about.
        decides: whether its yes or no is wanted even after a question word ("what now, will you cut me off or what").
        confirmed: whether the answer confirms one that was given before.
        otherwise: the key of the fact that leads where no record has the key `lead`: that of a published place.
        news: what else it tells where announcements brought it.
        elsewhere: whether it is about places that are not known.
        aspects: the answers to single questions within the topic, by aspect.
    """

    lead: str
    say: tuple[str, ...]
    listed: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    act: Act = Act.ANSWER
    opening: Opening = Opening.OPEN
    ended_rows: tuple[str, ...] = ()
    again: str | None = None
    whether: Topic | None = None
    openly: str | None = None
    negated: str | None = None
    state: str | None = None
    decides: bool = False
    confirmed: bool = False
    otherwise: str | None = None
    news: News | None = None
    elsewhere: bool = False
    places: dict[str, Topic] = field(default_factory=dict)
    aspects: dict[str, Topic] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all facts that the answer may use."""
        return tuple(
            dict.fromkeys(
                (
                    self.lead,
                    *self.say,
                    *self.listed,
                    *self.then,
                    *self.after,
                    *self.before,
                    *filter(None, [self.again, self.otherwise]),
                )
            )
        )

    def at(self, place: str | None) -> Topic:
        """The answer for a place; a place without an entry gets the answer for other places, if there is one."""
        if place is None or not self.places:
            return self
        return self.places.get(place) or self.places.get(OTHER_PLACE, self)

    def asked(self, question: str | None, asks: QuestionForm) -> Topic:
        """The answer to a question within the topic (`ask_late_fees/whether`); the topic's own where it has none."""
        found = self.aspects.get((question or "").partition("/")[2], self)
        if asks in (QuestionForm.OPEN, QuestionForm.NAMED):
            return self.aspects.get(found.openly or "", found)
        return found.whether or found if asks is QuestionForm.WHETHER else found

    def repeated(self) -> Topic:
        """The answer where it was given before."""
        return replace(self, say=(self.again,)) if self.again else self


def _topic(answer: _Answer) -> Topic:
    places = answer.places if isinstance(answer, _Topic) else {}
    return Topic(
        lead=answer.lead,
        say=tuple(answer.say),
        listed=tuple(answer.listed),
        then=tuple(answer.then),
        after=tuple(answer.after),
        before=tuple(answer.before),
        next=tuple(answer.next),
        act=answer.act,
        opening=answer.opening,
        ended_rows=tuple(answer.ended_rows),
        again=answer.again,
        news=answer.news,
        places={place: _topic(inner) for place, inner in places.items()},
    )


@lru_cache(maxsize=4)
def topics(path: Path = KNOWLEDGE / "topics.yml") -> dict[str, Topic]:
    """All topics, by intent.

    Raises:
        KnowledgeError: the file cannot be used.
    """
    read = read_model(path, _Topics, KnowledgeError)
    files = answer_files(path.parent)
    if unknown := sorted(set(files) - set(read.topics)):
        raise KnowledgeError(f"{path}: there is no topic {', '.join(unknown)}, for which there are answers.")
    return {
        intent: replace(_topic(answer), aspects=_aspects(answer, intent, files[intent]) if intent in files else {})
        for intent, answer in read.topics.items()
    }


def _aspects(topic: _Answer, intent: str, file: AnswerFile) -> dict[str, Topic]:
    found = {}
    for aspect, answer in file.answers.items():
        whole = _aspect(topic, answer, answer, key_of_answer(intent, aspect), answer.next)
        whole = replace(whole, news=News(answer.news) if answer.news else None, before=tuple(answer.before))
        places = {
            place: _aspect(topic, answer, one, key_of_answer(intent, aspect, place), answer.next)
            for place, one in answer.places.items()
        }
        whether = _whether(whole, answer)
        act = answer.act or topic.act
        for other in filter(None, (answer.openly, answer.negated, answer.state)):
            if other not in file.answers:
                raise KnowledgeError(f"{intent}/{aspect}: there is no answer '{other}', to which it refers.")
        found[aspect] = replace(
            whole,
            act=act,
            places=places,
            openly=answer.openly,
            negated=answer.negated,
            state=answer.state,
            decides=answer.decides,
            elsewhere=answer.elsewhere,
            whether=whether,
        )
    return found


def _whether(whole: Topic, answer: QuestionAnswer) -> Topic | None:
    if answer.whether is None:
        return None
    if answer.whether.text is None:
        return replace(whole, opening=answer.whether.opening)
    key = key_of_whether(whole.lead)
    # What is said the second time begins with neither yes nor no, so it only fits an answer that does not either.
    again = None if answer.whether.opening in (Opening.YES, Opening.NO) else whole.again
    return replace(whole, lead=key, say=(key,), again=again, opening=answer.whether.opening)


def _aspect(topic: _Answer, whole: PlacedAnswer, one: PlacedAnswer, key: str, offered: list[str]) -> Topic:
    again = one.again or any(period.again for period in one.periods)
    return Topic(
        lead=key,
        say=(key,),
        next=tuple(offered or topic.next),
        act=topic.act,
        opening=one.opening or whole.opening or topic.opening,
        ended_rows=tuple(one.ended_rows or whole.ended_rows),
        again=key_of_repetition(key) if again else None,
    )
