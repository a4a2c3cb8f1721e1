"""The schema of the files in `data/knowledge/`, validated on reading."""

import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, root_validator, validator

from bot.data_files import DataFileError, read_yaml
from bot.knowledge.conveyed import Opening
from bot.knowledge.event_records import EventRecord
from bot.knowledge.record_parts import (
    StrictRecord,
    Texts,
    a_web_address,
    in_every_language,
    in_its_language,
    no_bare_numbers,
    refuse_bare_words,
)
from bot.knowledge.text_languages import other_language
from bot.settings import LANGUAGES, PROJECT
from bot.words.text import fold

KNOWLEDGE = PROJECT / "data" / "knowledge"
_CASE = r"(?::(?:genitive|dative|locative))?"
PLACEHOLDER = re.compile(rf"\{{ended_on{_CASE}\}}")
DAY_PLACEHOLDER = re.compile(rf"\{{(?:begins_on|day_before){_CASE}\}}")  # the record's first day, and the one before
LONGEST_QUOTE = 5_000
Questions = dict[Literal["lv", "en"], list[str]]
FEWEST_QUESTIONS = 5  # in each language; with fewer, a new topic is hardly ever recognised
LONGEST_QUESTION = 300  # characters


class KnowledgeError(DataFileError):
    """A knowledge file cannot be used; the message names file, record and reason."""


READ_ELSEWHERE = frozenset(("topics", "follow_ups", "context", "persons", "fact_list"))  # files without records


def _known_days(texts: Texts | None) -> Texts | None:
    for text in (texts or {}).values():
        if re.search(r"[{}]", DAY_PLACEHOLDER.sub("", text)):
            raise ValueError(
                "the only placeholders are {begins_on} and {day_before}, in Latvian with a case: {begins_on:locative}"
            )
    return texts


def _known_end(texts: Texts | None) -> Texts | None:
    for text in (texts or {}).values():
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            raise ValueError("the only placeholder is {ended_on}, in Latvian with a case: {ended_on:locative}")
    return texts


def _enough_questions(questions: Questions | None) -> Questions | None:
    if questions is None:
        return None
    for language in LANGUAGES:
        given = questions.get(language, [])  # type: ignore[call-overload]
        if len({fold(one) for one in given} - {""}) < FEWEST_QUESTIONS:
            raise ValueError(f"questions in '{language}': at least {FEWEST_QUESTIONS} different ones are needed")
        wrong = [one for one in given if other_language(one, language)]
        if 2 * len(wrong) > len(given):
            raise ValueError(f"questions in '{language}': most are in the other language, such as {wrong[0][:60]!r}")
        if too_long := next((one for one in given if len(one) > LONGEST_QUESTION), None):
            raise ValueError(f"questions in '{language}': longer than {LONGEST_QUESTION} characters: {too_long[:40]!r}")
    return questions


class SourceRecord(StrictRecord):
    """A published text. `text` is a file with its wording, in which quotes are verified."""

    id: str = Field(max_length=80)
    title: Texts
    spoken: Texts
    url: str | None = Field(None, max_length=500)
    published: date | None = None
    text: str | None = None

    _languages = validator("title", "spoken", allow_reuse=True)(in_every_language)
    _address = validator("url", allow_reuse=True)(a_web_address)
    _dates = validator("published", pre=True, allow_reuse=True)(no_bare_numbers)


class UntilEvent(StrictRecord):
    """Validity until an event ends."""

    event: str


class TakenAnswer(StrictRecord):
    """An answer that a record takes over, or all of a topic: `ask_reopening/when`, `ask_reopening`.

    Attributes:
        coming, then: how it begins before the record's first day, and from it on: yes, no, not_said, open.
    """

    question: str = Field(regex=r"^[a-z_]+(/[a-z_]+)?$")
    coming: Opening = Opening.OPEN
    then: Opening = Opening.OPEN


class FactRecord(StrictRecord):
    """One fact record as written in a file; see `docs/knowledge.md` for the meaning of each key."""

    id: str = Field(regex=r"^[a-z0-9-]+$", max_length=80)
    key: str = Field(regex=r"^[a-z0-9_]+$", max_length=80)
    kind: Literal["statement", "silence", "outside"]
    source: str
    rows: list[str] = Field(min_items=1)
    quote: str | None = Field(None, max_length=LONGEST_QUOTE)
    text: Texts
    short: Texts | None = None
    ended: Texts | None = None
    coming: Texts | None = None
    coming_short: Texts | None = None
    valid_from: date
    valid_until: UntilEvent | date | None = None
    approved_by: str = Field(min_length=1, max_length=120)
    replaces: str | None = None
    answers: list[TakenAnswer] = []
    places: list[str] = []

    title: Texts | None = None
    questions: Questions | None = None

    _languages = validator("text", "short", "ended", "coming", "coming_short", "title", allow_reuse=True)(
        in_every_language
    )
    _own_language = validator("text", "short", "ended", "coming", "coming_short", allow_reuse=True)(in_its_language)
    _examples = validator("questions", allow_reuse=True)(_enough_questions)
    _dates = validator("valid_from", "valid_until", pre=True, allow_reuse=True)(no_bare_numbers)

    @validator("answers", pre=True, each_item=True)
    def _named_only(cls, value: Any) -> Any:  # noqa: N805 (pydantic passes the class)
        return {"question": value} if isinstance(value, str) else value

    _days = validator("text", "short", "coming", "coming_short", allow_reuse=True)(_known_days)
    _end = validator("ended", allow_reuse=True)(_known_end)

    @root_validator(skip_on_failure=True)
    def _complete(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        end = values["valid_until"]
        if (values["questions"] is None) != (values["title"] is None):
            raise ValueError("questions need a title for their button, and a title needs questions")
        if isinstance(end, date) and end < values["valid_from"]:
            raise ValueError("valid_until is before valid_from; correct one of the two days")
        if values["kind"] == "statement" and not values["quote"]:
            raise ValueError("a statement needs the verbatim quote from its source; add it, or give another kind")
        if isinstance(end, UntilEvent) and values["ended"] is None:
            raise ValueError("a fact that ends with an event needs the text 'ended' for the time after it")
        return values


class CorrectedTexts(StrictRecord):
    """New wordings of a record; those that are left out stay as they are."""

    text: Texts | None = None
    short: Texts | None = None
    ended: Texts | None = None
    coming: Texts | None = None
    coming_short: Texts | None = None

    _languages = validator("*", allow_reuse=True)(in_every_language)
    _own_language = validator("*", allow_reuse=True)(in_its_language)
    _days = validator("text", "short", "coming", "coming_short", allow_reuse=True)(_known_days)
    _end = validator("ended", allow_reuse=True)(_known_end)

    def by_column(self) -> dict[str, Texts | None]:
        """The wordings by the name of their column (`bot.knowledge.models.FactContent`)."""
        return {
            "texts": self.text,
            "shorts": self.short,
            "ended_texts": self.ended,
            "coming_texts": self.coming,
            "coming_shorts": self.coming_short,
        }


class KnowledgeFile(StrictRecord):
    """A whole file: any of the three lists; `defaults` are merged into every fact of the file."""

    defaults: dict[str, Any] = {}
    sources: list[SourceRecord] = []
    events: list[EventRecord] = []
    facts: list[FactRecord] = []


def read_file(path: Path) -> KnowledgeFile:
    """Read and validate one knowledge file.

    Raises:
        DataFileError: with file, record and reason; a `KnowledgeError` where it can be read.
    """
    content = read_yaml(path) or {}
    if not isinstance(content, dict):
        raise KnowledgeError(f"{path}: a mapping with 'sources', 'events' or 'facts' is expected.")
    defaults = content.get("defaults") or {}
    for name, kind in (("defaults", dict), ("sources", list), ("events", list), ("facts", list)):
        if not isinstance(content.get(name) or kind(), kind):
            raise KnowledgeError(f"{path}: '{name}' must be a {'mapping' if kind is dict else 'list'}.")
    for fact in content.get("facts") or []:
        if isinstance(fact, dict):
            for key, value in defaults.items():
                fact.setdefault(key, value)
    try:
        refuse_bare_words(content)
    except ValueError as error:
        raise KnowledgeError(f"{path}: {error}.") from error
    try:
        return KnowledgeFile(**content)
    except (ValidationError, TypeError) as error:
        raise KnowledgeError(f"{path}: {_explain(error, content)}") from error


def _explain(error: ValidationError | TypeError, content: dict[str, Any]) -> str:
    if isinstance(error, TypeError):
        return str(error)
    reasons = []
    for item in error.errors():
        where = list(item["loc"])
        name = ".".join(str(part) for part in where if part != "__root__")
        if len(where) > 1 and isinstance(where[1], int):
            record = content[str(where[0])][where[1]]
            label = record.get("id", f"number {where[1] + 1}") if isinstance(record, dict) else f"number {where[1] + 1}"
            inner = ".".join(str(part) for part in where[2:] if part != "__root__")
            name = f"record '{label}'" + (f", {inner}" if inner else "")
        reason = "unknown key" if item["type"] == "value_error.extra" else item["msg"]
        reasons.append(f"{name}: {reason}")
    return "; ".join(dict.fromkeys(reasons))


def knowledge_files(folder: Path = KNOWLEDGE) -> list[Path]:
    """The files with sources, events and facts, in order; the others have readers of their own."""
    return [path for path in sorted(folder.glob("*.yml")) if path.stem not in READ_ELSEWHERE]
