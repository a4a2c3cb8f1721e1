"""Accepted findings, which were reviewed and do not affect us: `security/accepted.yml`."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Extra, ValidationError, validator

from bot.data_files import DataFileError, read_yaml
from bot.settings import PROJECT

ACCEPTED = PROJECT / "security" / "accepted.yml"
LONGEST = timedelta(days=184)  # after which every finding must be reviewed again
SHORTEST_REASON = 40  # characters; "does not apply" is not a reason that somebody else can check


class AuditError(RuntimeError):
    """The audit failed; the message says why."""


class Accepted(BaseModel):
    """One accepted finding."""

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
    except (DataFileError, ValidationError, KeyError, TypeError) as error:
        raise AuditError(f"{path}: {' '.join(str(error).split())}") from error
