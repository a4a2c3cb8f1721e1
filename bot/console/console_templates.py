"""The console's templates (Jinja2): everything that is inserted is escaped; a missing value is an error."""

from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.clock import RIGA

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates; none is marked as safe, so a customer's words are text wherever they stand."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"clock": clock, "day": day, "moment": moment, "iso": iso}
    return made


def rendered(template: str, **values: Any) -> str:
    """A template as HTML."""
    return environment().get_template(template).render(**values)


def clock(at: datetime | None) -> str:
    """A time of the day in Riga: 14:05."""
    return f"{at.astimezone(RIGA):%H:%M}" if at else ""


def moment(at: datetime | None) -> str:
    """A time in Riga with its day: 1.12.2026. 14:05."""
    if at is None:
        return ""
    local = at.astimezone(RIGA)
    return f"{local.day}.{local.month}.{local.year}. {local:%H:%M}"


def day(given: date | str | None) -> str:
    """A day: 1.12.2026.; a text is one in ISO 8601."""
    if not given:
        return ""
    one = date.fromisoformat(given) if isinstance(given, str) else given
    return f"{one.day}.{one.month}.{one.year}."


def iso(at: datetime) -> str:
    """A time for machines."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
