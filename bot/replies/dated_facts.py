"""The facts of a day with the days in their texts written out: `{begins_on}` and `{day_before}`."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.knowledge.facts_on_day import FactOnDay, look_up
from bot.replies.formats import SpokenDate


def dated_facts(session: Session, keys: Iterable[str], day: date) -> dict[str, FactOnDay]:
    """As `look_up`: the state of the facts with these keys on a day, with texts that can be said as they are."""
    return {key: _dated(fact) for key, fact in look_up(session, keys, day).items()}


def _dated(fact: FactOnDay) -> FactOnDay:
    if fact.valid_from is None or not any(_has_days(texts) for texts in (fact.texts, fact.shorts)):
        return fact
    return replace(
        fact, texts=_written_out(fact.texts, fact.valid_from), shorts=_written_out(fact.shorts, fact.valid_from)
    )


def _has_days(texts: Mapping[str, str] | None) -> bool:
    return any("{" in text for text in (texts or {}).values())


def _written_out(texts: Mapping[str, str] | None, begins: date) -> dict[str, str] | None:
    if texts is None:
        return None
    before = begins - timedelta(days=1)
    return {
        language: text.format(begins_on=SpokenDate(begins, language), day_before=SpokenDate(before, language))
        for language, text in texts.items()
    }
