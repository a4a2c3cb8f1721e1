"""The schema of an event: a situation that begins and ends, with its names and the Latvian cases that replies need."""

from datetime import date
from typing import Any, Literal

from pydantic import Field, root_validator, validator

from bot.knowledge.record_parts import StrictRecord, Texts, in_every_language, no_bare_numbers

EVENT_ID = r"^[a-z0-9-]+$"
LONGEST_NAME = 80  # characters; a greeting names all events that are in force
Case = Literal["genitive", "dative", "accusative", "locative"]
SAID_CASES: tuple[Case, ...] = ("genitive", "accusative")  # in which data/responses names events


class EventRecord(StrictRecord):
    """A situation that facts depend on.

    Attributes:
        name: as it stands within a sentence, in Latvian in the nominative.
        cases: the other cases of the Latvian name.
        ends: its last day, where that is known from the beginning; else it is open until somebody ends it.
        official_end: the last day that an authority set. It ends nothing: from the next day on, answers that depend on
            the event add a caution.
    """

    id: str = Field(regex=EVENT_ID, max_length=80)
    name: Texts
    cases: dict[Case, str] = {}
    began: date
    ends: date | None = None
    official_end: date | None = None

    _languages = validator("name", allow_reuse=True)(in_every_language)
    _dates = validator("began", "ends", "official_end", pre=True, allow_reuse=True)(no_bare_numbers)

    @validator("name", "cases", allow_reuse=True)
    def _short_names(cls, names: dict[str, str]) -> dict[str, str]:  # noqa: N805 (pydantic passes the class)
        for name in names.values():
            if not name.strip() or len(name) > LONGEST_NAME or any(sign in name for sign in "{}<>"):
                raise ValueError(f"a name is plain text of 1 to {LONGEST_NAME} characters; correct {name[:20]!r}")
        return names

    @root_validator(skip_on_failure=True)
    def _in_order(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        for name in ("ends", "official_end"):
            if values[name] and values[name] < values["began"]:
                raise ValueError(f"{name} is before began; correct one of the two days")
        return values


class NewEvent(EventRecord):
    """An event that an announcement opens; it has every case in which replies name it."""

    @validator("cases", always=True, allow_reuse=True)
    def _said(cls, cases: dict[str, str]) -> dict[str, str]:  # noqa: N805 (pydantic passes the class)
        if missing := [case for case in SAID_CASES if case not in cases]:
            raise ValueError(
                f"the Latvian name's {' and '.join(missing)} are missing; add them, since the greeting and other "
                "replies name the event"
            )
        return cases
