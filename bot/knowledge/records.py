"""The schema of the files in `data/knowledge/`, validated on reading."""

import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Extra, Field, ValidationError, root_validator, validator

from bot.data_files import DataFileError, read_yaml
from bot.settings import LANGUAGES, PROJECT
from bot.words.text import fold

KNOWLEDGE = PROJECT / "data" / "knowledge"
PLACEHOLDER = re.compile(r"\{ended_on(?::(?:genitive|dative|locative))?\}")
Texts = dict[Literal["lv", "en"], str]
Questions = dict[Literal["lv", "en"], list[str]]
FEWEST_QUESTIONS = 5  # in each language; with fewer, a new topic is hardly ever recognised
LONGEST_QUESTION = 300  # characters


class KnowledgeError(DataFileError):
    """A knowledge file cannot be used; the message names file, record and reason."""


READ_ELSEWHERE = frozenset(("topics", "follow_ups", "context", "persons"))  # files without records


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid
        anystr_strip_whitespace = True


def _in_every_language(texts: Texts | None) -> Texts | None:
    if texts is None:
        return None
    for language in LANGUAGES:
        if not texts.get(language, "").strip():  # type: ignore[call-overload]
            raise ValueError(f"the text in '{language}' is missing or empty")
    return texts


def _enough_questions(questions: Questions | None) -> Questions | None:
    if questions is None:
        return None
    for language in LANGUAGES:
        given = questions.get(language, [])  # type: ignore[call-overload]
        if len({fold(one) for one in given} - {""}) < FEWEST_QUESTIONS:
            raise ValueError(f"questions in '{language}': at least {FEWEST_QUESTIONS} different ones are needed")
        if too_long := next((one for one in given if len(one) > LONGEST_QUESTION), None):
            raise ValueError(f"questions in '{language}': longer than {LONGEST_QUESTION} characters: {too_long[:40]!r}")
    return questions


class SourceRecord(_Strict):
    """A published text. `text` is a file with its wording, in which quotes are verified."""

    id: str
    title: Texts
    spoken: Texts
    url: str | None = None
    published: date | None = None
    text: str | None = None

    _languages = validator("title", "spoken", allow_reuse=True)(_in_every_language)


class EventRecord(_Strict):
    """A situation that begins on a day and ends when an operator ends it."""

    id: str
    name: Texts
    began: date

    _languages = validator("name", allow_reuse=True)(_in_every_language)


class UntilEvent(_Strict):
    """Validity until an event ends."""

    event: str


class FactRecord(_Strict):
    """One fact record as written in a file; see `docs/knowledge.md` for the meaning of each key."""

    id: str = Field(regex=r"^[a-z0-9-]+$")
    key: str = Field(regex=r"^[a-z0-9_]+$")
    kind: Literal["statement", "silence", "outside"]
    source: str
    rows: list[str] = Field(min_items=1)
    quote: str | None = None
    text: Texts
    short: Texts | None = None
    ended: Texts | None = None
    valid_from: date
    valid_until: UntilEvent | date | None = None
    approved_by: str = Field(min_length=1)
    replaces: str | None = None
    title: Texts | None = None
    questions: Questions | None = None

    _languages = validator("text", "short", "ended", "title", allow_reuse=True)(_in_every_language)
    _examples = validator("questions", allow_reuse=True)(_enough_questions)

    @validator("valid_from", "valid_until", pre=True)
    def _no_bare_numbers(cls, value: Any) -> Any:  # noqa: N805 (pydantic passes the class)
        if isinstance(value, int | float):
            raise ValueError("a date such as 2020-03-20 is expected")
        return value

    @validator("ended")
    def _known_placeholders(cls, texts: Texts | None) -> Texts | None:  # noqa: N805 (pydantic passes the class)
        for text in (texts or {}).values():
            if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
                raise ValueError("the only placeholder is {ended_on}, in Latvian with a case: {ended_on:locative}")
        return texts

    @root_validator(skip_on_failure=True)
    def _complete(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        end = values["valid_until"]
        if (values["questions"] is None) != (values["title"] is None):
            raise ValueError("questions need a title for their button, and a title needs questions")
        if isinstance(end, date) and end < values["valid_from"]:
            raise ValueError("valid_until is before valid_from")
        if values["kind"] == "statement" and not values["quote"]:
            raise ValueError("a statement needs the verbatim quote from its source")
        if isinstance(end, UntilEvent) and values["ended"] is None:
            raise ValueError("a fact that ends with an event needs the text 'ended' for the time after it")
        return values


class KnowledgeFile(_Strict):
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
