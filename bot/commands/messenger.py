"""`bot messenger`: connect the page, check the connection, look into the inbox."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import typer
import yaml
from aiohttp import ClientSession
from rich.markup import escape
from rich.table import Table

from bot.channels.messenger import inbox as stored
from bot.channels.messenger.check import findings
from bot.channels.messenger.graph import Graph, GraphError
from bot.channels.messenger.profile import differences, present, write
from bot.channels.messenger.settings import SECRETS, MessengerSettings, messenger_settings
from bot.commands.console import err, fail, out, plain_errors

app = typer.Typer(help="Connect the page in Messenger, check it, look into its inbox.", no_args_is_help=True)
Result = TypeVar("Result")


@app.command()
def setup(
    yes: bool = typer.Option(False, "--yes", help="Write without asking."),
) -> None:
    """Write greeting, get-started button, menu and ice breakers in both languages; shows the difference first."""
    with plain_errors():
        changed = _ask_graph(lambda graph, _: _differences(graph))
        if not changed:
            out.print("The page's profile is as it should be.")
            return
        out.print(yaml.safe_dump(changed, allow_unicode=True, sort_keys=False), markup=False)
        if not yes and not typer.confirm("Write this to the page?", err=True):
            raise typer.Exit(1)
        _ask_graph(lambda graph, _: write(graph, changed))
        out.print(f"Written: {', '.join(changed)}.")


@app.command()
def check() -> None:
    """Tell what is wrong with the connection: token, permissions, subscription, version."""
    with plain_errors():
        found = _ask_graph(findings)
    for finding in found:
        err.print(f"• {finding}", markup=False, soft_wrap=True)
    if found:
        fail(f"{len(found)} to mend.")
    out.print("Messenger is set up as it should be.")


@app.command()
def inbox(
    retry: bool = typer.Option(False, "--retry", help="Let what was set aside be tried once more."),
) -> None:
    """Show what waits, and what was set aside because it failed again and again."""
    with plain_errors():
        if retry:
            out.print(f"{stored.try_again()} will be tried again.")
        aside = stored.set_aside()
        out.print(f"{len(aside)} set aside, {stored.waiting()} waiting.")
        if aside:
            table = Table("event", "when (UTC)", "kind", "tries", "problem")
            for event in aside:
                when = f"{event.at:%Y-%m-%d %H:%M:%S}"
                table.add_row(str(event.id), when, event.kind, str(event.tries), escape(event.problem or ""))
            out.print(table)


async def _differences(graph: Graph) -> dict[str, Any]:
    return differences(await present(graph))


def _ask_graph(ask: Callable[[Graph, MessengerSettings], Awaitable[Result]]) -> Result:
    settings = messenger_settings()
    if settings is None:
        fail(f"Messenger is not set up: set {', '.join(SECRETS)}.")

    async def asked() -> Result:
        async with ClientSession() as http:
            return await ask(Graph(settings, http), settings)

    try:
        return asyncio.run(asked())
    except GraphError as error:
        fail(f"{error}; 'bot messenger check' may tell why.")
