"""The schema of a place that an announcement brings, and of its changes: names, their cases, what else it is called."""

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

    @property
    def all_names(self) -> tuple[str, ...]:
        """Everything that it is called."""
        return (*self.name.values(), *self.cases.values(), *self.called)


class CorrectedPlace(StrictRecord):
    """Other names of a place; what is left out stays. They are checked together with those that stay."""

    name: Texts | None = None
    cases: dict[Case, str] | None = None
    called: list[str] | None = Field(None, max_items=MOST_NAMES)


class PlaceChange(StrictRecord):
    """One change of a place that an announcement has brought; each of the others is left out.

    Attributes:
        correct: its new names.
        withdraw: it is not recognised any more; restore: it is again, as it was called last.
    """

    place: str
    correct: CorrectedPlace | None = None
    withdraw: bool = False
    restore: bool = False

    @root_validator(skip_on_failure=True)
    def _one_change(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        if sum(bool(values[name]) for name in ("correct", "withdraw", "restore")) != 1:
            raise ValueError("give one of correct, withdraw, restore")
        if values["correct"] and not any(values["correct"].dict().values()):
            raise ValueError("correct needs one of name, cases, called")
        return values
