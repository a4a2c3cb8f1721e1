"""Terminal output: tables and results on standard output, progress and errors on standard error."""

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import ClockError, parse_moment
from bot.data_files import DataFileError
from bot.keys.model_signatures import UntrustedModel
from bot.preparation_error import PreparationError
from bot.replies.catalogue_file import CatalogueError
from bot.server.preparation import without_password
from bot.settings import SettingsError
from bot.settings.servers import AS_OF as AS_OF_SETTING
from bot.staff.staff_accounts import StaffError
from bot.training.trained_model import TrainingError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)
PIPED_WIDTH = 10_000  # characters of a line that goes to a file or a pipe, so that nothing is cut there
MENDABLE = (
    DataFileError,
    CatalogueError,
    ClockError,
    PreparationError,
    SettingsError,
    StaffError,
    TrainingError,
    UntrustedModel,
)
AsOf = typer.Option(None, "--as-of", metavar="DATE", help="Answer as on this day (2020-03-20), instead of today.")


def report(line: str) -> None:
    """Report progress on standard error."""
    err.print(line, style="dim")


def key_column(name: str) -> Column:
    """A column of values to copy, such as ids or days: not wrapped where the terminal is wide enough."""
    return Column(name, no_wrap=True)


def show_table(table: Table, to: Console = out) -> None:
    """Print a table without cutting: as wide as the terminal, or one line per row into a file or a pipe."""
    for column in table.columns:
        column.overflow = "fold"
    if to.is_terminal:
        to.print(table)
    else:
        Console(highlight=False, width=PIPED_WIDTH, stderr=to.stderr).print(table)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Within the block, show each reported line; at a terminal, the latest one with its elapsed time."""
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
    """Print one clear sentence and exit with status 1."""
    err.print(sentence, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Within the block, errors that the user can fix are shown as a sentence instead of a traceback."""
    try:
        yield
    except MENDABLE as error:
        fail(" ".join(str(error).split()))
    except BrokenPipeError:
        raise  # the reader of our output has closed the pipe, such as `head`; typer exits quietly
    except OSError as error:
        fail(_file_trouble(error))
    except (SQLAlchemyError, ImportError) as error:
        reason = without_password(str(getattr(error, "orig", None) or error).splitlines()[0])
        empty = "no such table" in reason or "does not exist" in reason
        fail(f"The database cannot be used: {reason}." + (" 'bot facts load' makes its tables." if empty else ""))


def _file_trouble(error: OSError) -> str:
    """The sentence for an error of a file or a network address."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


def operator_name(by: str | None) -> str:
    """Who gives a command: as named, or the login name."""
    try:
        return by or getpass.getuser()
    except (KeyError, OSError):  # no login name, as in some containers
        return "unknown"


def set_clock(as_of: str | None) -> None:
    """Set the assistant's clock for this process and its child processes."""
    if as_of:
        parse_moment(as_of)
        AS_OF_SETTING.put(as_of)


def lines_of(read: Callable[[], str] = sys.stdin.readline) -> Iterator[str]:
    """Lines of standard input as they come, without line ends; bytes that are not valid UTF-8 are replaced."""
    stream = getattr(sys.stdin, "reconfigure", None)
    if stream:
        stream(encoding="utf-8", errors="replace")
    while line := read():
        yield line.rstrip("\r\n")
