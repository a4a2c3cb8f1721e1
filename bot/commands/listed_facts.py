"""What `bot facts list` prints: the facts of a day as they were known on it, and apart those known only later."""

from collections.abc import Iterable
from datetime import date

from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from bot.commands.console import key_column, show_table
from bot.knowledge.facts_on_day import FactStatus, known_on, last_day, status_on
from bot.knowledge.models import Fact
from bot.knowledge.remembered import Record, facts_now
from bot.replies.dated_facts import written_out
from bot.settings import LANGUAGES

SHOWN = (FactStatus.IN_FORCE, FactStatus.ANNOUNCED, FactStatus.NOT_YET)
IN_ENGLISH = LANGUAGES[-1]


def show_facts_of_day(session: Session, day: date, *, everything: bool) -> None:
    """Print the facts that were known on a day, in the version known then, and those that were known only later.

    Args:
        everything: also those that no longer hold, and any that was known only later.
    """
    remembered = facts_now(session)
    records = [record for several in remembered.records.values() for record in several]
    known = known_on(records, remembered.events, day)
    named = {record.id for record in known}
    later = {one.id: one for one in sorted(records, key=_latest_first) if one.id not in named and one.known_from > day}
    _show(f"Facts on {day.isoformat()}, as they were known on that day", known, day, everything=everything)
    shown = [one for one in later.values() if everything or one.from_files]
    if shown:
        _show(f"Not known yet on {day.isoformat()}: recorded for later", shown, day, everything=True)


def _latest_first(record: Record) -> int:
    return -record.known_from.toordinal()


def _show(title: str, records: Iterable[Record], day: date, *, everything: bool) -> None:
    table = Table(key_column("id"), "status", key_column("from"), "until", "English", title=title)
    for record in sorted(records, key=lambda one: (one.key, one.valid_from)):
        status = status_on(record, day)
        if everything or status in SHOWN:
            cells = (record.valid_from.isoformat(), until_text(record), escape(_text(record, status)))
            table.add_row(record.id, status.value, *cells)
    show_table(table)


def _text(record: Record, status: FactStatus) -> str:
    """What is said on the day, in English; of what has ended, what was said."""
    coming = status is FactStatus.ANNOUNCED and record.coming_texts
    texts = written_out(coming or record.texts, record.valid_from) or {}
    return texts[IN_ENGLISH]


def until_text(fact: Fact | Record) -> str:
    """Until when a fact holds, for operators: a day, an event's end, or further notice."""
    last = last_day(fact)
    if last is not None:
        return str(last.isoformat())
    return f"the event '{fact.until_event.id}' ends" if fact.until_event is not None else "further notice"
