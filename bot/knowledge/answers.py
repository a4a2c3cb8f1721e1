"""The answers to single questions (topic × aspect): `data/knowledge/answers/<topic>.yml`, one file a topic.

Each answer is a fact record like any other, with a key of its own, so that operators can withdraw or replace it. Beside
the record the file says how the answer opens, what is said when the question comes again, and the buttons.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Extra, ValidationError, root_validator

from bot.data_files import read_model
from bot.knowledge.conveyed import Act, Opening
from bot.knowledge.record_parts import Texts
from bot.knowledge.records import KNOWLEDGE, FactRecord, KnowledgeError, UntilEvent

ANSWERS = "answers"  # the folder


class DatedWording(BaseModel):
    """A wording for some days; the days of one answer follow each other."""

    valid_from: date | None = None
    valid_until: date | None = None
    text: Texts
    again: Texts | None = None
    source: str | None = None
    rows: list[str] | None = None

    class Config:
        extra = Extra.forbid


class PlacedAnswer(BaseModel):
    """An answer, or one for a place.

    Attributes:
        rows: what the text conveys; again_rows, ended_rows: what the other two convey.
        until_end: whether it holds only until the file's event ends; `ended` is said afterwards.
        again: what is said where the question was answered before.
        periods: wordings for certain days, in place of `text`.
    """

    opening: Opening | None = None
    rows: list[str] = []
    again_rows: list[str] = []
    ended_rows: list[str] = []
    until_end: bool = False
    source: str | None = None
    quote: str | None = None
    text: Texts | None = None
    again: Texts | None = None
    ended: Texts | None = None
    periods: list[DatedWording] = []

    class Config:
        extra = Extra.forbid


class WhetherAnswer(BaseModel):
    """How an answer changes where the customer wants a yes or a no ("until May, right?").

    Attributes:
        text: instead of the answer's own; without it, the answer's own follows after "yes" or "no".
    """

    opening: Opening
    rows: list[str] = []
    text: Texts | None = None

    class Config:
        extra = Extra.forbid


class QuestionAnswer(PlacedAnswer):
    """An answer with its variants for places, and the intents offered next.

    Attributes:
        whether: how it changes where a yes or a no is wanted.
        openly: the aspect that is answered instead where the customer asks with a question word.
        act: what it does, where that is not what its topic does.
        decides: whether its yes or no is wanted even after a question word ("what now, will you cut me off or what").
        negated: the aspect that is answered instead where it is put in the negative ("you will not cut me off?").
        state: the aspect of the state of a place that its yes or no is about; where a message names another state only,
            that one is answered ("are you open?" by "no", not by "yes, all are closed").
        news: what it adds where announcements brought it (bot.knowledge.topics.News).
        elsewhere: whether it is about places that are not known; the topic's own answer is given where an announcement
            brought the place.
        before: keys of facts that are said, with the number of customer service, while the answer is not known yet.
    """

    whether: WhetherAnswer | None = None
    openly: str | None = None
    negated: str | None = None
    state: str | None = None
    decides: bool = False
    act: Act | None = None
    next: list[str] = []
    news: Literal["events", "places", "newest"] | None = None
    elsewhere: bool = False
    before: list[str] = []
    places: dict[str, PlacedAnswer] = {}


class AnswerFile(BaseModel):
    """A file: `source`, `valid_from` and `approved_by` are for every answer that does not say its own.

    Attributes:
        outside: whether `source` is no announcement of ours.
        event: the event with which its answers end that say `until_end`.
    """

    source: str
    outside: bool = False
    event: str | None = None
    valid_from: date
    approved_by: str
    answers: dict[str, QuestionAnswer]

    class Config:
        extra = Extra.forbid

    @root_validator(skip_on_failure=True)
    def _ends_with_something(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        if values["event"] is None and any(answer.until_end for answer in values["answers"].values()):
            raise ValueError("an answer says 'until_end', so 'event' must name the event that is meant")
        return values


def key_of_answer(topic: str, aspect: str, place: str | None = None) -> str:
    """The key of an answer's fact."""
    return "__".join(part for part in (topic, aspect, place) if part)


def key_of_whether(key: str) -> str:
    """The key of what is said where a yes or a no is wanted."""
    return f"{key}__whether"


def key_of_repetition(key: str) -> str:
    """The key of what is said where the question was answered before."""
    return f"{key}__again"


@lru_cache(maxsize=4)
def answer_files(folder: Path = KNOWLEDGE) -> dict[str, AnswerFile]:
    """The files of a knowledge folder, by topic.

    Raises:
        KnowledgeError: one cannot be used.
    """
    paths = sorted((folder / ANSWERS).glob("*.yml"))
    return {path.stem: read_model(path, AnswerFile, KnowledgeError) for path in paths}


def answer_records(folder: Path = KNOWLEDGE) -> Iterator[tuple[Path, FactRecord]]:
    """The fact records of all answers, with their files.

    Raises:
        KnowledgeError: a file or a record cannot be used.
    """
    for topic, file in answer_files(folder).items():
        path = folder / ANSWERS / f"{topic}.yml"
        for aspect, answer in file.answers.items():
            for place, one in ((None, answer), *answer.places.items()):
                key = key_of_answer(topic, aspect, place)
                try:
                    yield from ((path, FactRecord(**values)) for values in _records(file, answer, one, key))
                except ValidationError as error:
                    raise KnowledgeError(f"{path}: the answer {key}: {error}") from error


def _records(file: AnswerFile, whole: QuestionAnswer, one: PlacedAnswer, key: str) -> Iterator[dict[str, Any]]:
    until_end = file.event if whole.until_end else None
    for number, period in enumerate(one.periods or [DatedWording(text=one.text or {}, again=one.again)], 1):
        last = number == max(len(one.periods), 1)
        end = UntilEvent(event=until_end) if until_end and last else period.valid_until
        source = period.source or one.source or whole.source or file.source
        values = {
            "kind": "statement"
            if one.quote
            else "silence"
            if source == file.source and not file.outside
            else "outside",
            "source": source,
            "rows": period.rows or one.rows or whole.rows,
            "quote": one.quote,
            "valid_from": period.valid_from or file.valid_from,
            "valid_until": end,
            "approved_by": file.approved_by,
            "ended": one.ended if isinstance(end, UntilEvent) else None,
        }
        yield values | {"id": _id(key, number), "key": key, "text": period.text}
        if isinstance(one, QuestionAnswer) and one.whether and one.whether.text:
            key_whether, rows = key_of_whether(key), one.whether.rows or values["rows"]
            yield values | {
                "id": _id(key_whether, number),
                "key": key_whether,
                "text": one.whether.text,
                "rows": rows,
            }
        again = period.again or one.again
        if again:
            repeated = key_of_repetition(key)
            rows = one.again_rows or values["rows"]
            yield values | {"id": _id(repeated, number), "key": repeated, "text": again, "rows": rows}


def _id(key: str, number: int) -> str:
    name = key.replace("_", "-")
    return name if number == 1 else f"{name}-{number}"
