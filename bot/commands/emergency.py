"""`bot emergency`: the event whose end decides whether most facts still hold."""

import typer

from bot.clock import RIGA, parse_moment, today
from bot.commands.console import AsOf, operator_name, out, plain_errors, set_clock
from bot.knowledge.emergency_events import emergency, end, hanging_facts, reopen
from bot.storage.engine import session_scope

app = typer.Typer(help="The emergency: show whether it is open, end it, reopen it.", no_args_is_help=True)
ON = typer.Option(..., "--on", metavar="DATE", help="Last day of the emergency, such as 2020-06-09.")
BY = typer.Option(None, "--by", help="Who decided it; the login name when left out.")


@app.command()
def show(as_of: str = AsOf) -> None:
    """Show the emergency and how many facts hold until it ends."""
    with plain_errors():
        set_clock(as_of)
        with session_scope() as session:
            event = emergency(session)
            state = (
                "open: nobody has ended it"
                if event.ended_on is None
                else f"ended; its last day: {event.ended_on.isoformat()}"
            )
            out.print(f"{event.names['en']}: began {event.began_on.isoformat()}; {state}.")
            if event.ended_on is not None and event.ended_on >= today():
                out.print(f"On {today().isoformat()} it still holds.")
            out.print(f"{hanging_facts(session)} facts hold until it ends.")
            if event.changed_at:
                moment = event.changed_at.astimezone(RIGA)
                out.print(f"Last changed {moment:%Y-%m-%d %H:%M} (Riga) by {event.changed_by}.")


@app.command("end")
def end_it(on: str = ON, by: str = BY) -> None:
    """End the emergency: every answer that depends on it changes with the next message."""
    with plain_errors():
        day = parse_moment(on).date()
        with session_scope() as session:
            end(session, day, operator_name(by))
        out.print(
            f"The emergency is ended; its last day: {day.isoformat()}. Running servers follow with the next message."
        )


@app.command("reopen")
def reopen_it(by: str = BY) -> None:
    """Reopen the emergency, as if it had not been ended."""
    with plain_errors():
        with session_scope() as session:
            reopen(session, operator_name(by))
        out.print("The emergency is open again. Running servers follow with the next message.")
