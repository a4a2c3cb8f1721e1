"""What each reply of the catalogue conveys: `data/responses/conveyed.yml`."""

from functools import lru_cache

from pydantic import BaseModel, Extra

from bot.data_files import read_model
from bot.knowledge.conveyed import Act, Conveyed, Opening
from bot.settings import PROJECT

CONVEYED = PROJECT / "data" / "responses" / "conveyed.yml"


class _Entry(BaseModel):
    act: Act | None
    opening: Opening = Opening.NONE
    rows: list[str] = []

    class Config:
        extra = Extra.forbid


class _Entries(BaseModel):
    replies: dict[str, _Entry]

    class Config:
        extra = Extra.forbid


@lru_cache(maxsize=1)
def conveyed_by() -> dict[str, Conveyed]:
    """What each reply of the catalogue conveys, by its key.

    Raises:
        DataFileError: the file cannot be used.
    """
    entries = read_model(CONVEYED, _Entries).replies
    return {key: Conveyed(one.act, one.opening, tuple(one.rows)) for key, one in entries.items()}
