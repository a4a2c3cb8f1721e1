"""`bot emergency`: the events whose ends decide whether most facts still hold.

What changes an event is an announcement: a second person approves it, and it is published, or one person does it in an
emergency.
"""

from datetime import date
from typing import Any

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from bot.announcements.announcement_steps import IN_FORCE, AnnouncementOverview
from bot.announcements.event_announcements import announce_event, beginning, ending, reopening
from bot.clock import RIGA, parse_moment, today
from bot.commands.announced import remind
from bot.commands.console import AsOf, key_column, operator_name, out, plain_errors, report, set_clock, show_table
from bot.knowledge.emergency_events import all_events, emergency, hanging_facts
from bot.knowledge.event_records import NewEvent
from bot.knowledge.event_versions import event_versions
from bot.knowledge.models import EmergencyEvent, EventVersion
from bot.knowledge.records import KnowledgeError
from bot.knowledge.remembered import facts_now
from bot.knowledge.remembered_events import Event, event_on
from bot.storage.engine import session_scope

app = typer.Typer(help="The emergency: list, show, begin, end and reopen events.", no_args_is_help=True)
ALONE = typer.Option(False, "--emergency", help="At once, before anybody approved it; needs --why.")
EVENT = typer.Argument(None, help="Id of the event; may be left out where only one can be meant.", metavar="EVENT")
ON = typer.Option(..., "--on", metavar="DATE", help="Last day of the event, such as 2020-06-09.")
BY = typer.Option(None, "--by", help="Who decided it; the login name when left out.")
WHY = typer.Option(None, "--why", help="Why, for the log.")
KNOWN = typer.Option(
    None, "--known-from", metavar="DATE", help="First day on which it is known; when left out, as if always known."
)


@app.command("list")
def list_them(as_of: str = AsOf) -> None:
    """List all events, with how they stand on the day."""
    with plain_errors():
        set_clock(as_of)
        table = Table(key_column("id"), "English", key_column("began"), "standing", "facts")
        with session_scope() as session:
            for event in all_events(session):
                known = event_on(facts_now(session).events, event.id, today())
                cells = (escape(event.names["en"]), event.began_on.isoformat(), _standing(known, today()))
                table.add_row(event.id, *cells, str(hanging_facts(session, event.id)))
        show_table(table)


def _standing(event: Event | None, day: date) -> str:
    """How an event stands on a day, as it was known then."""
    if event is None:
        return "not known yet"
    if day < event.began_on:
        return "not begun"
    if not event.is_open_on(day):
        return f"over; its last day: {event.ended_on}"
    if event.is_overdue_on(day):
        return f"in doubt: its official end, {event.official_end}, has passed"
    last = event.ended_on or event.official_end
    return f"in force, until {last}" if last else "in force, open"


@app.command()
def show(event: str = EVENT, as_of: str = AsOf) -> None:
    """Show an event, how many facts hold until it ends, and its history."""
    with plain_errors():
        set_clock(as_of)
        with session_scope() as session:
            found = emergency(session, event)
            state = (
                "open: nobody has ended it"
                if found.ended_on is None
                else f"ended; its last day: {found.ended_on.isoformat()}"
            )
            out.print(f"{found.names['en']}: began {found.began_on.isoformat()}; {state}.")
            if found.ended_on is not None and found.ended_on >= today():
                out.print(f"On {today().isoformat()} it still holds.")
            if found.official_end is not None:
                out.print(f"Its official end: {found.official_end.isoformat()}.")
            out.print(f"{hanging_facts(session, found.id)} facts hold until it ends.")
            _show_history(found, event_versions(session, found.id))


def _show_history(event: EmergencyEvent, versions: list[EventVersion]) -> None:
    for version in versions:
        moment = version.changed_at.astimezone(RIGA)
        known = version.known_from.isoformat() if version.known_from else "always"
        why = f": {escape(version.why)}" if version.why else ""
        ended = version.ended_on.isoformat() if version.ended_on else "open"
        out.print(
            f"{version.number}. {version.act}, {moment:%Y-%m-%d %H:%M} by {escape(version.who)}{why}; known {known}; "
            f"{ended}."
        )
    if event.changed_at:
        moment = event.changed_at.astimezone(RIGA)
        out.print(f"Last changed {moment:%Y-%m-%d %H:%M} (Riga) by {event.changed_by}.")


@app.command("begin")
def begin_it(
    event: str = typer.Argument(help="Id of the new event, such as autumn-storm."),
    lv: str = typer.Option(..., "--lv", help="Its Latvian name within a sentence, in the nominative."),
    genitive: str = typer.Option(..., "--genitive", help="The Latvian name in the genitive."),
    accusative: str = typer.Option(..., "--accusative", help="The Latvian name in the accusative."),
    en: str = typer.Option(..., "--en", help="Its English name within a sentence, such as 'the storm'."),
    began: str = typer.Option(None, "--began", metavar="DATE", help="Its first day; today when left out."),
    ends: str = typer.Option(None, "--ends", metavar="DATE", help="Its last day, where that is certain already."),
    official_end: str = typer.Option(
        None, "--official-end", metavar="DATE", help="The last day that an authority set; after it, answers caution."
    ),
    known_from: str = KNOWN,
    by: str = BY,
    why: str = WHY,
    alone: bool = ALONE,
) -> None:
    """Propose that an event begins: greeting, help and the page name it, and records can hold until it ends."""
    with plain_errors():
        values = {
            "id": event,
            "name": {"lv": lv, "en": en},
            "cases": {"genitive": genitive, "accusative": accusative},
            "began": _day(began) or today(),
            "ends": _day(ends),
            "official_end": _day(official_end),
        }
        record = _new_event(values)
        with session_scope() as session:
            document = beginning(session, record, _day(known_from))
            found = announce_event(session, document, operator_name(by), why, emergency=alone)
        _tell(found, f"{event} begins on {record.began.isoformat()}")


def _tell(found: AnnouncementOverview, what: str) -> None:
    if found.state in IN_FORCE:
        out.print(f"Published: {what}. Running servers follow with the next message.", soft_wrap=True)
        remind(found)
        return
    out.print(f"Proposed: {what} ({found.id}).", soft_wrap=True)
    report(f"What would be said: bot announcement preview {found.id}")
    report(f"A second person approves it: bot announcement approve {found.id}")
    report(f"Then it is published: bot announcement publish {found.id}")


def _new_event(values: dict[str, Any]) -> NewEvent:
    try:
        return NewEvent(**values)
    except ValidationError as error:
        parts = [(str(item["loc"][0]).strip("_"), item["msg"]) for item in error.errors()]
        reasons = "; ".join(reason if part == "root" else f"{part}: {reason}" for part, reason in parts)
        raise KnowledgeError(f"event '{values['id']}': {reasons}.") from error


def _day(text: str | None) -> date | None:
    return parse_moment(text).date() if text else None


@app.command("end")
def end_it(
    event: str = EVENT, on: str = ON, known_from: str = KNOWN, by: str = BY, why: str = WHY, alone: bool = ALONE
) -> None:
    """Propose that an event ends: every answer that depends on it changes once that is approved and published."""
    with plain_errors():
        day = parse_moment(on).date()
        with session_scope() as session:
            document = ending(session, event, day, _day(known_from))
            found = announce_event(session, document, operator_name(by), why, emergency=alone)
        _tell(found, f"{document.event_changes[0].event} ends; its last day: {day.isoformat()}")


@app.command("reopen")
def reopen_it(event: str = EVENT, known_from: str = KNOWN, by: str = BY, why: str = WHY, alone: bool = ALONE) -> None:
    """Propose that an event is open again, as if it had not been ended."""
    with plain_errors():
        with session_scope() as session:
            document = reopening(session, event, _day(known_from))
            found = announce_event(session, document, operator_name(by), why, emergency=alone)
        _tell(found, f"{document.event_changes[0].event} is open again")
