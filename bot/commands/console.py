"""Talking to the person at the terminal: tables on standard output, the rest on standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import AS_OF, ClockError, parse_moment
from bot.knowledge.records import KnowledgeError
from bot.model_signing import UntrustedModel
from bot.replies.catalogue_file import CatalogueError
from bot.server.preparation import PreparationError, without_password
from bot.settings import SettingsError
from bot.training.model import TrainingError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
MENDABLE = (
    KnowledgeError,
    CatalogueError,
    ClockError,
    PreparationError,
    SettingsError,
    TrainingError,
    UntrustedModel,
)
AsOf = typer.Option(None, "--as-of", metavar="DATE", help="Answer as on this day (2020-03-20), instead of today.")


def report(line: str) -> None:
    """Tell what is being done."""
    err.print(line, style="dim")


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Within the block, each line told is shown; at a terminal, the latest with the time that it has taken so far."""
    if not err.is_terminal:
        yield report
        return
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err) as bar:
        task = None

        def tell(line: str) -> None:
            nonlocal task
            if task is not None:
                bar.update(task, total=1, completed=1)
            task = bar.add_task(escape(line), total=None)

        yield tell
        if task is not None:
            bar.update(task, total=1, completed=1)


def fail(sentence: str) -> NoReturn:
    """End with one clear sentence and status 1."""
    err.print(sentence, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Within the block, what the person can mend is told in a sentence instead of a traceback."""
    try:
        yield
    except MENDABLE as error:
        fail(" ".join(str(error).split()))
    except (SQLAlchemyError, OSError, ImportError) as error:
        reason = without_password(str(getattr(error, "orig", None) or error).splitlines()[0])
        empty = "no such table" in reason or "does not exist" in reason
        fail(f"The database cannot be used: {reason}." + (" 'bot facts load' makes its tables." if empty else ""))


def set_clock(as_of: str | None) -> None:
    """Set the assistant's clock for this process and its children."""
    if as_of:
        import os

        parse_moment(as_of)
        os.environ[AS_OF] = as_of


def lines_of(read: Callable[[], str] = sys.stdin.readline) -> Iterator[str]:
    """Lines of standard input as they come, without their ends; bytes that are no UTF-8 are replaced."""
    stream = getattr(sys.stdin, "reconfigure", None)
    if stream:
        stream(encoding="utf-8", errors="replace")
    while line := read():
        yield line.rstrip("\r\n")
