"""Findings that were looked at and do not reach us: `security/accepted.yml`."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Extra, ValidationError, validator

from bot.knowledge.records import KnowledgeError, read_yaml
from bot.settings import PROJECT

ACCEPTED = PROJECT / "security" / "accepted.yml"
LONGEST = timedelta(days=184)  # after which anything must be looked at again
SHORTEST_REASON = 40  # characters; "does not apply" is no reason that somebody else can check


class AuditError(RuntimeError):
    """The audit cannot be made; the message says why."""


class Accepted(BaseModel):
    """One finding that was looked at."""

    id: str
    package: str
    why: str
    until: date

    class Config:
        extra = Extra.forbid

    @validator("why")
    def _can_be_checked(cls, why: str) -> str:  # noqa: N805 (pydantic's)
        if len(why.strip()) < SHORTEST_REASON:
            raise ValueError(f"say what it takes and why that does not happen here, in {SHORTEST_REASON} characters")
        return why


def read_accepted(path: Path = ACCEPTED) -> list[Accepted]:
    """The entries.

    Raises:
        AuditError: the file cannot be used.
    """
    try:
        content: Any = read_yaml(path)
        return [Accepted(**entry) for entry in content["accepted"]]
    except (KnowledgeError, ValidationError, KeyError, TypeError) as error:
        raise AuditError(f"{path}: {' '.join(str(error).split())}") from error
