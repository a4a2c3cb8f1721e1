"""What the rows of the fact list say, for operators: `data/knowledge/fact_list.yml`. Records name rows by number."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Extra, root_validator

from bot.data_files import read_model
from bot.knowledge.records import KNOWLEDGE, KnowledgeError


class FactList(BaseModel):
    """The fact list.

    Attributes:
        rows: by number, such as S23, what the row says, in English.
        no_day: the rows that say that no day is named.
        lasting: the rows that stay true whatever ends.
        cited: by row, the key of the fact whose source an answer cites that conveys the row.
    """

    rows: dict[str, str]
    no_day: frozenset[str]
    lasting: frozenset[str]
    cited: dict[str, str] = {}

    class Config:
        extra = Extra.forbid

    @root_validator(skip_on_failure=True)
    def _known_rows(
        cls,  # noqa: N805 (pydantic passes the class)
        values: dict[str, Any],
    ) -> dict[str, Any]:
        if unknown := sorted((values["no_day"] | values["lasting"] | values["cited"].keys()) - values["rows"].keys()):
            raise ValueError(f"there is no row {', '.join(unknown)}; correct 'no_day', 'lasting' or 'cited'")
        return values


@lru_cache(maxsize=4)
def fact_list(path: Path = KNOWLEDGE / "fact_list.yml") -> FactList:
    """The rows with what they say.

    Raises:
        KnowledgeError: the file cannot be used.
    """
    return read_model(path, FactList, KnowledgeError)


def sentences_of(rows: Iterable[str]) -> list[str]:
    """What rows say, each with its number (`S23: …`); a row that is no number, such as an announcement's id, alone."""
    known = fact_list().rows
    return [f"{row}: {known[row]}" if row in known else row for row in rows]
