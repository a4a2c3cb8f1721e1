"""The schema of an announcement: a source, the day it was made public, records, and changes of records.

The same document is a file (docs/examples/reopening.yml), what the database keeps, and what a console sends.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Extra, Field, ValidationError, root_validator, validator

from bot.data_files import read_yaml
from bot.knowledge.event_records import NewEvent
from bot.knowledge.place_records import PlaceChange, PlaceRecord
from bot.knowledge.record_parts import TODO, no_bare_numbers, refuse_bare_words
from bot.knowledge.records import (
    CorrectedTexts,
    FactRecord,
    KnowledgeError,
    SourceRecord,
)

LONGEST_WORDING = 200_000  # characters of a source
ID = r"^[a-z0-9-]+$"
CONTENTS = ("records", "changes", "events", "event_changes", "places", "place_changes")  # what changes something
NOBODY_YET = "nobody yet"  # who approved a record, until somebody has


class RecordChange(BaseModel):
    """One change of a record that is there; each of the others is left out.

    Attributes:
        withdraw_from: the first day without it.
        move_to: its new first day.
        correct: its new wordings. They are known from `known_from` on: answers about earlier days (`--as-of`) have the
            former ones. Left out, that is the day on which the announcement was made public.
        restore: puts a withdrawn record back in force.
    """

    record: str
    withdraw_from: date | None = None
    move_to: date | None = None
    correct: CorrectedTexts | None = None
    known_from: date | None = None
    restore: bool = False

    _dates = validator("withdraw_from", "move_to", "known_from", pre=True, allow_reuse=True)(no_bare_numbers)

    class Config:
        extra = Extra.forbid

    @root_validator(skip_on_failure=True)
    def _one_change(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        if sum(bool(values[name]) for name in ("withdraw_from", "move_to", "correct", "restore")) != 1:
            raise ValueError("give one of withdraw_from, move_to, correct, restore")
        if values["known_from"] and not values["correct"]:
            raise ValueError("known_from belongs to correct; other changes are known from made_public on")
        return values


class EventChange(BaseModel):
    """One change of an event that is there; each of the others is left out.

    Attributes:
        end_on: its last day.
        official_end: the last day that an authority has set.
        reopen: undoes its end.
    """

    event: str
    end_on: date | None = None
    official_end: date | None = None
    reopen: bool = False

    _dates = validator("end_on", "official_end", pre=True, allow_reuse=True)(no_bare_numbers)

    class Config:
        extra = Extra.forbid

    @root_validator(skip_on_failure=True)
    def _one_change(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        if sum(bool(values[name]) for name in ("end_on", "official_end", "reopen")) != 1:
            raise ValueError("give one of end_on, official_end, reopen")
        return values


class NewSource(SourceRecord):
    """A source that the announcement brings; `wording` is its own text, in which quotes are looked up."""

    wording: str | None = Field(None, max_length=LONGEST_WORDING)


class AnnouncementDocument(BaseModel):
    """An announcement.

    Attributes:
        events: that it opens; `event_changes`: of events that are there.
        places: that it brings; `place_changes`: of places that announcements have brought.
        made_public: the day on which it was made public; from then on it is known. None only where a change is
            known as early as its record is valid.
        keeps: answers that stay true beside it although they are about the same (`ask_place_closed/why`).
    """

    id: str = Field(regex=ID, max_length=80)
    made_public: date | None
    source: NewSource | str | None = None
    events: list[NewEvent] = []
    event_changes: list[EventChange] = []
    places: list[PlaceRecord] = []
    place_changes: list[PlaceChange] = []
    records: list[FactRecord] = []
    changes: list[RecordChange] = []
    keeps: list[str] = []
    why: str | None = None

    _dates = validator("made_public", pre=True, allow_reuse=True)(no_bare_numbers)

    class Config:
        extra = Extra.forbid

    @validator("keeps")
    def _decided(cls, values: list[str]) -> list[str]:  # noqa: N805 (pydantic passes the class)
        if names := [value.replace(TODO, "").strip(" :") for value in values if TODO in value]:
            which = f"these {len(names)} answers are" if len(names) > 1 else "this answer is"
            raise ValueError(
                f"{', '.join(names)}: {which} still to be decided: add each to 'answers' of a record, or write it here "
                f"without {TODO} where it stays true"
            )
        return values

    @root_validator(skip_on_failure=True)
    def _something(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        if not any(values[name] for name in CONTENTS):
            raise ValueError("it has neither 'records' nor 'changes', so it would change nothing; add one")
        return values

    @property
    def new_sources(self) -> list[NewSource]:
        """The source, where the announcement brings one."""
        return [self.source] if isinstance(self.source, NewSource) else []


@dataclass(frozen=True)
class DocumentProblem:
    """Something that is wrong with a document.

    Attributes:
        where: the keys and places in lists that lead to it, such as `("records", 0, "text")`.
        reason: a part of a sentence that says where, what is wrong and what to do.
    """

    where: tuple[str | int, ...]
    reason: str


class UnreadableAnnouncement(KnowledgeError):
    """A document does not fit the schema; the message has all problems."""

    def __init__(self, where: str, problems: tuple[DocumentProblem, ...]) -> None:
        super().__init__(f"{where}: {'; '.join(one.reason for one in problems)}.")
        self.problems = problems


def read_announcement(path: Path) -> AnnouncementDocument:
    """Read an announcement's file; a source's text file beside it is taken in.

    Raises:
        DataFileError: with file, record and reason; a `KnowledgeError` where it can be read.
    """
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise KnowledgeError(f"{path}: a mapping with 'id', 'made_public', 'source' and 'records' is expected.")
    source = content.get("source")
    if isinstance(source, dict) and isinstance(source.get("text"), str) and "wording" not in source:
        source["wording"] = _wording(path.parent / source["text"], path)
    return announcement_of(content, str(path))


def _wording(file: Path, path: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path}: the text of its source cannot be read: {file}; correct 'text'.") from error


def announcement_of(content: dict[str, Any], where: str) -> AnnouncementDocument:
    """The document of a mapping, with what its records have in common filled in.

    A record's source is the announcement's, it begins on the day of publication, and its row is the announcement's id,
    where it does not say otherwise.

    Args:
        where: begins the message of an error.

    Raises:
        KnowledgeError: with record and reason.
    """
    try:
        refuse_bare_words(content)
    except ValueError as error:
        raise KnowledgeError(f"{where}: {error}.") from error
    content = {**content}
    defaults = content.pop("defaults", None) or {}
    records = content.get("records") or []
    if not isinstance(defaults, dict) or not isinstance(records, list):
        raise KnowledgeError(f"{where}: 'defaults' must be a mapping and 'records' a list.")
    content["records"] = [_filled(record, defaults, content) for record in records]
    if isinstance(content.get("events"), list) and content.get("made_public"):
        content["events"] = [
            {"began": content["made_public"], **event} if isinstance(event, dict) else event
            for event in content["events"]
        ]
    try:
        return AnnouncementDocument(**content)
    except ValidationError as error:
        raise UnreadableAnnouncement(where, document_problems(error, content)) from error
    except TypeError as error:
        raise KnowledgeError(f"{where}: {error}.") from error


def _filled(record: Any, defaults: dict[str, Any], content: dict[str, Any]) -> Any:
    if not isinstance(record, dict):
        return record
    source = content.get("source")
    common = {
        "kind": "statement",
        "source": source.get("id") if isinstance(source, dict) else source,
        "rows": [content.get("id")],
        "valid_from": content.get("made_public"),
        "approved_by": NOBODY_YET,
    }
    return {**{name: value for name, value in common.items() if value is not None}, **defaults, **record}


def document_problems(error: ValidationError, content: dict[str, Any]) -> tuple[DocumentProblem, ...]:
    """What is wrong with the mapping of a document, each once."""
    errors = [item for item in error.errors() if not (isinstance(content.get("source"), dict) and _wants_id(item))]
    found = (DocumentProblem(tuple(item["loc"]), _reason(item, content)) for item in errors)
    return tuple({one.reason: one for one in found}.values())


def _wants_id(item: Any) -> bool:
    """Whether an error only says that a source could also be named by its id."""
    return bool(item["loc"] == ("source",) and item["type"] == "type_error.str")


def _reason(item: Any, content: dict[str, Any]) -> str:
    parts = [part for part in item["loc"] if part != "__root__"]
    section, names = (str(parts[0]) if parts else ""), [str(part) for part in parts[1:]]
    if section in NAMED and names and isinstance(parts[1], int):
        one = content[section][parts[1]]
        label = next(filter(None, map(one.get, LABELS)), None) if isinstance(one, dict) else None
        section, names = f"{NAMED[section]} '{label or f'number {parts[1] + 1}'}'", names[1:]
    place = ", ".join(part for part in (section, ".".join(names)) if part)
    reason = REASONS.get(item["type"], item["msg"])
    return f"{place}: {reason}" if place else reason


# What stands in each list, for messages.
NAMED = {
    "records": "record",
    "changes": "record",
    "events": "event",
    "event_changes": "event",
    "places": "place",
    "place_changes": "place",
}
LABELS = ("id", "record", "event", "place")  # the keys that name it
REASONS: dict[str, str] = {
    "value_error.extra": "unknown key; correct its name or take it out",
    "value_error.missing": "is missing; add it",
}
