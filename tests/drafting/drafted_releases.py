"""The releases of `releases.yml`, drafted."""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.data_files import read_yaml
from bot.drafting.read_release import ReadRelease, ReadSentence, read_release
from bot.drafting.release_draft import ReleaseDraft, announcement_id, draft
from bot.knowledge.records import KNOWLEDGE

MARCH = (KNOWLEDGE / "sources" / "press-release-2020-03-20.lv.txt").read_text(encoding="utf-8")
MARCH_DAY = date(2020, 3, 20)


@lru_cache(maxsize=1)
def releases() -> dict[str, dict[str, Any]]:
    """By name: text, language, day, and what is found in it."""
    content: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("releases.yml"))
    return content


@lru_cache(maxsize=8)
def drafted(session: Session, name: str) -> ReleaseDraft:
    """One of them, drafted; kept, since it takes seconds, for the tests that share a session."""
    release = releases()[name]
    day = release["published"]
    return draft(session, release["text"], release["language"], day, announcement_id(name, day))


@lru_cache(maxsize=8)
def read_whole(session: Session, name: str) -> ReadRelease:
    """One of them, read; kept as well."""
    release = releases()[name]
    return read_release(session, release["text"], release["language"], release["published"])


def found_in(read: ReadSentence) -> dict[str, list[Any]]:
    """What was found in a sentence, as `has` writes it; figures only where there are any."""
    days = [f"{day.day.isoformat()}!" if day.is_last else day.day for day in read.findings.days]
    numbers = read.findings.numbers
    found = {
        "days": days,
        "places": [*dict.fromkeys(place.id for place in read.findings.places)],
        "phones": [*numbers.phones],
        "sums": [*numbers.sums],
        "figures": [*numbers.figures],
    }
    return {name: values for name, values in found.items() if values}
