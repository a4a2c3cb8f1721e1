"""The schema of a place that an announcement brings: its names, their cases, and what else it is called."""

from typing import Any

from pydantic import Field, root_validator, validator

from bot.knowledge.event_records import LONGEST_NAME, Case
from bot.knowledge.record_parts import StrictRecord, Texts, in_every_language

MOST_NAMES, MOST_WORDS, FEWEST_LETTERS = 60, 8, 3


class PlaceRecord(StrictRecord):
    """A place by which customers may ask what is closed or open.

    Attributes:
        name: in Latvian in the nominative; `cases`: the other cases of the Latvian name.
        called: other names and slips, each as customers write it; diacritics and capitals do not matter.
    """

    id: str = Field(regex=r"^[a-z][a-z0-9_]*$", max_length=60)
    name: Texts
    cases: dict[Case, str] = {}
    called: list[str] = Field([], max_items=MOST_NAMES)

    _languages = validator("name", allow_reuse=True)(in_every_language)

    @root_validator(skip_on_failure=True)
    def _recognisable(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        for name in (*values["name"].values(), *values["cases"].values(), *values["called"]):
            letters = sum(character.isalpha() for character in name)
            if letters < FEWEST_LETTERS or len(name) > LONGEST_NAME or len(name.split()) > MOST_WORDS:
                raise ValueError(
                    f"a name has {FEWEST_LETTERS} letters or more, and at most {MOST_WORDS} words and {LONGEST_NAME} "
                    f"characters; correct {name[:20]!r}"
                )
            if any(sign in name for sign in "{}<>|\\^$*+?[]"):
                raise ValueError(f"a name is plain text; correct {name[:20]!r}")
        return values
