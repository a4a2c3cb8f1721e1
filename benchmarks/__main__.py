"""Run all benchmarks, or those named.

.venv/bin/python -m benchmarks [NAME …] [--customers N --agents M --minutes T, of desk_load]
"""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import typer
from rich.table import Table

from benchmarks import (
    account_turns,
    accounts,
    against_stock,
    chat_replies,
    long_conversation,
    many_conversations,
    messenger,
    odd_messages,
    recorded_calls,
    redaction,
    verification_timing,
    widget_loading,
)
from benchmarks.databases import Databases
from benchmarks.desk_load import DeskLoad
from benchmarks.outcome import Outcome, write
from bot.commands.console import fail, out, progress
from bot.settings import PROJECT

BENCHMARKS: dict[str, Callable[[Databases, Callable[[str], None]], Outcome]] = {
    "accounts": accounts.run,
    "account_turns": account_turns.run,
    "verification_timing": verification_timing.run,
    "chat_replies": chat_replies.run,
    "desk_load": DeskLoad().run,
    "long_conversation": long_conversation.run,
    "many_conversations": many_conversations.run,
    "messenger": messenger.run,
    "odd_messages": odd_messages.run,
    "recorded_calls": recorded_calls.run,
    "redaction": redaction.run,
    "widget_loading": widget_loading.run,
    "against_stock": against_stock.run,
}
NAMES = typer.Argument(None, metavar="[NAME]...", help=f"Which to run, of {', '.join(BENCHMARKS)}; all without it.")
CUSTOMERS = typer.Option(DeskLoad.customers, min=1, help="desk_load: customers at once.")
AGENTS = typer.Option(DeskLoad.agents, min=1, help="desk_load: agents.")
MINUTES = typer.Option(DeskLoad.minutes, min=0.1, help="desk_load: how long they talk.")
REPORTS = typer.Option(PROJECT / "reports", "--reports", metavar="FOLDER", help="Where the figures are written.")


def main(
    names: list[str] = NAMES,
    customers: int = CUSTOMERS,
    agents: int = AGENTS,
    minutes: float = MINUTES,
    reports: Path = REPORTS,
) -> None:
    """Measure, show and write figures; exits with status 1 if a goal is missed."""
    unknown = [name for name in names or [] if name not in BENCHMARKS]
    if unknown:
        fail(f"There is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}.")
    benchmarks = BENCHMARKS | {"desk_load": DeskLoad(customers, agents, minutes).run}
    with ExitStack() as stack:
        tell = stack.enter_context(progress())
        databases = Databases(stack, tell)
        outcomes = {name: benchmarks[name](databases, tell) for name in names or benchmarks}
    for name, outcome in outcomes.items():
        _show(name, outcome)
        out.print(f"Figures: {write(name, outcome, reports)}", markup=False, soft_wrap=True)
    missed = [f"{goal.goal}: {goal.reached}" for outcome in outcomes.values() for goal in outcome.goals if not goal.met]
    if missed:
        fail(f"Goals missed: {'; '.join(missed)}.")


def _show(name: str, outcome: Outcome) -> None:
    table = Table(*outcome.columns, title=name, title_justify="left")
    for row in outcome.rows:
        table.add_row(*row)
    out.print(table)


if __name__ == "__main__":
    typer.run(main)
