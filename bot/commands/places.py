"""`bot places`: the places that announcements have brought, and the versions of each."""

import typer
from rich.markup import escape
from rich.table import Table

from bot.clock import RIGA, today
from bot.commands.console import AsOf, key_column, plain_errors, set_clock, show_table
from bot.knowledge.place_versions import place_versions
from bot.knowledge.records import KnowledgeError
from bot.knowledge.remembered import facts_now
from bot.storage.engine import session_scope

app = typer.Typer(help="Places that announcements have brought: list, history.", no_args_is_help=True)


@app.command("list")
def list_them(as_of: str = AsOf) -> None:
    """List the places that are known on the day, with all by which they are recognised."""
    with plain_errors():
        set_clock(as_of)
        table = Table(key_column("id"), "English", "recognised by")
        with session_scope() as session:
            for place in facts_now(session).places:
                if place.is_known_on(today()):
                    table.add_row(place.id, *map(escape, (place.names["en"], ", ".join(place.all_names))))
        show_table(table)


@app.command("history")
def history(place: str = typer.Argument(help="Id of the place.", metavar="PLACE")) -> None:
    """Show every version of a place: who made it, why, from when it is known, and its names."""
    with plain_errors():
        with session_scope() as session:
            versions = place_versions(session, place)
            if not versions:
                raise KnowledgeError(f"No announcement has brought a place '{place}'; 'bot places list' shows them.")
            table = Table("no.", "made by", key_column("when (Riga)"), key_column("known from"), "recognised by")
            for version in versions:
                why = f": {version.why}" if version.why else ""
                names = dict.fromkeys((*version.names.values(), *(version.cases or {}).values(), *version.called))
                cells = (
                    f"{version.act}, {version.who}{why}",
                    f"{version.changed_at.astimezone(RIGA):%Y-%m-%d %H:%M}",
                    version.known_from.isoformat(),
                    "not there" if version.retracted else ", ".join(names),
                )
                table.add_row(str(version.number), *map(escape, cells))
        show_table(table)
