"""`bot messenger`: connect the page, check the connection, show the inbox."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import typer
import yaml
from aiohttp import ClientSession

from bot.channels.messenger import outcomes
from bot.channels.messenger.check import SWITCH_OFF, automatic_finding, findings
from bot.channels.messenger.graph import Graph, GraphError
from bot.channels.messenger.outcomes import Stuck
from bot.channels.messenger.profile import differences, present, write
from bot.channels.messenger.settings import SECRETS, MessengerSettings, messenger_settings
from bot.commands.console import err, fail, out, plain_errors

app = typer.Typer(help="Connect the page in Messenger, check it, show its inbox.", no_args_is_help=True)
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
    """Check the connection: token, permissions, subscription, version, automatic replies."""
    with plain_errors():
        found = _ask_graph(findings) + automatic_finding(outcomes.automatic_replies())
    for finding in found:
        err.print(f"• {finding}", markup=False, soft_wrap=True)
    if found:
        fail(f"{len(found)} to mend.")
    out.print("Messenger is set up as it should be.")
    err.print(SWITCH_OFF, style="dim", markup=False, soft_wrap=True)


@app.command()
def inbox(
    retry: bool = typer.Option(False, "--retry", help="Retry the events that were set aside (dead letters)."),
) -> None:
    """Show events that wait or are retried, and those set aside because they cannot be answered (dead letters)."""
    with plain_errors():
        if retry:
            out.print(f"{outcomes.try_again()} will be tried again.")
        events = outcomes.stuck()
        aside = [event for event in events if event.is_set_aside]
        failed = [event for event in events if not event.is_set_aside]
        out.print(f"{len(aside)} set aside, {outcomes.waiting()} waiting.")
        _list_events("Set aside:", aside)
        _list_events("Tried again by itself:", failed)


def _list_events(title: str, events: list[Stuck]) -> None:
    """Print lines instead of a table: ids must stay whole, also in a narrow window and in a pipe."""
    if events:
        out.print(title)
    for event in events:
        what = f"event {event.id}, {event.at:%Y-%m-%d %H:%M:%S} UTC, {event.kind}: {event.problem or '–'}"
        whose = f"person {event.person}, conversation {event.conversation}"
        out.print(f"  {what}\n    {whose}", markup=False, soft_wrap=True)


async def _differences(graph: Graph) -> dict[str, Any]:
    return differences(await present(graph))


def _ask_graph(ask: Callable[[Graph, MessengerSettings], Awaitable[Result]]) -> Result:
    settings = messenger_settings()
    if settings is None:
        fail(f"Messenger is not set up: set {', '.join(each.name for each in SECRETS)}.")

    async def asked() -> Result:
        async with ClientSession() as http:
            return await ask(Graph(settings, http), settings)

    try:
        return asyncio.run(asked())
    except GraphError as error:
        fail(f"{error}; 'bot messenger check' may tell why.")
