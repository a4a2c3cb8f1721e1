"""`bot figures`: check the counts against the conversations that are still there, and count the older ones."""

from datetime import datetime

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from bot.calls.recorded import stored_call_counts
from bot.clock import parse_moment
from bot.commands.console import out, plain_errors, report, show_table
from bot.figures.checking_counts import Difference, counted_anew, differences, put_right
from bot.rasa.stored_conversations import stored_conversations
from bot.storage.engine import session_scope, take_your_time

app = typer.Typer(help="The figures of what happens: check their counts.", no_args_is_help=True)
SHOWN = 20


@app.callback()
def figures() -> None:
    """The figures of what happens."""


@app.command()
def check(
    since: str | None = typer.Option(None, help="From this day or moment on (2026-11-01); otherwise everything."),
    repair: bool = typer.Option(False, "--repair", help="Raise the counts that are too low, as after an upgrade."),
) -> None:
    """Count anew what is still stored, and compare it with the counts.

    Counts that are higher belong to conversations that were erased. Counts that are lower are wrong, or older than the
    counting; --repair raises them. The status is 1 if any are lower.
    """
    with plain_errors(), session_scope() as session:
        found = _differences(session, parse_moment(since) if since else None)
        low = [one for one in found if one.stored < one.anew]
        high = len(found) - len(low)
        if low:
            show_table(_table(low[:SHOWN]))
        if repair:
            report(f"Counts that were raised: {put_right(session, low)}.")
            low = []
    out.print(f"Too low: {len(low)}. Higher, of conversations that were erased: {high}.")
    if low:
        raise typer.Exit(1)


def _differences(session: Session, since: datetime | None) -> list[Difference]:
    take_your_time(session)
    anew = counted_anew(stored_conversations(session, since), stored_call_counts(session, since), since)
    return differences(session, anew, since)


def _table(found: list[Difference]) -> Table:
    table = Table("quarter (UTC)", "what", "name", "channel", "language", "stored", "counted anew")
    for one in found:
        key = one.key
        table.add_row(
            f"{key.at:%Y-%m-%d %H:%M}", key.what, key.name, key.channel, key.language, *map(str, (one.stored, one.anew))
        )
    return table
