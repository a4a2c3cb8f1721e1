"""The facts of a day with the days in their texts written out: `{begins_on}` and `{day_before}`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.knowledge.facts_on_day import FactOnDay, look_up
from bot.replies.formats import SpokenDate

UNKNOWN_DAY = "…"


def dated_facts(session: Session, keys: Iterable[str], day: date) -> dict[str, FactOnDay]:
    """As `look_up`: the state of the facts with these keys on a day, with texts that can be said as they are."""
    return {key: _dated(fact) for key, fact in look_up(session, keys, day).items()}


def _dated(fact: FactOnDay) -> FactOnDay:
    if fact.valid_from is None or not any(_has_days(texts) for texts in (fact.texts, fact.shorts)):
        return fact
    texts, shorts = (written_out(texts, fact.valid_from) for texts in (fact.texts, fact.shorts))
    return replace(fact, texts=texts, shorts=shorts)


def _has_days(texts: Mapping[str, str] | None) -> bool:
    return any("{" in text for text in (texts or {}).values())


def written_out(texts: Mapping[str, str] | None, begins: date, ended: date | None = None) -> dict[str, str] | None:
    """The texts of a record with the days in them, as they are said.

    Args:
        begins: the record's first day; ended: its last, for the text that is said afterwards. While nobody knows that
            day, `UNKNOWN_DAY` stands for it.
    """
    if texts is None:
        return None
    days = {"begins_on": begins, "day_before": begins - timedelta(days=1), "ended_on": ended}
    return {
        language: text.format(**{name: SpokenDate(day, language) if day else _Unknown() for name, day in days.items()})
        for language, text in texts.items()
    }


class _Unknown:
    """A day that nobody knows yet, in any case."""

    def __format__(self, case: str) -> str:
        return UNKNOWN_DAY
