"""`bot calls report`: what recorded calls were about, as an HTML page and as data files."""

import warnings
from datetime import date
from pathlib import Path

import typer

from bot.clock import ClockError, parse_moment
from bot.commands.console import fail, out, plain_errors, progress
from bot.settings import PROJECT
from bot.storage.engine import session_scope, take_your_time

FOLDER = typer.Argument(
    PROJECT / "reports" / "calls", help="Where the report is written.", show_default="reports/calls"
)
SINCE = typer.Option(None, metavar="DAY", help="Only calls held on this day (2026-11-01) or later.")
UNTIL = typer.Option(None, metavar="DAY", help="Only calls held on this day or earlier.")
FORMATS = typer.Option("csv,json,parquet", help="Data files beside the page, comma-separated; '' for the page only.")
# The formats that may be given, with the extensions of their files.
ENDINGS = {"csv": "csv", "json": "jsonl", "jsonl": "jsonl", "parquet": "parquet"}


def report(folder: Path = FOLDER, since: str = SINCE, until: str = UNTIL, formats: str = FORMATS) -> None:
    """Write calls.html, and calls and turns as CSV, JSON lines and Parquet, into a folder; shows their paths.

    All texts are redacted. Days are Latvia's.
    """
    endings = _endings(formats)
    with plain_errors():
        first, last = _day(since), _day(until)
    if first and last and first > last:
        fail(f"No day is since {first} and until {last}.")
    with plain_errors(), progress() as tell, session_scope() as session:
        warnings.simplefilter("ignore", DeprecationWarning)  # matplotlib's; sanic turns them on
        from bot.calls import call_figures, call_report, cited, exports

        take_your_time(session)
        span = call_figures.ReportDays(first, last)
        if not call_figures.count_calls(session):
            fail("No calls were imported yet, so there is nothing to report.")
        tell("Counting …")
        found = call_figures.collect(session, span)
        if not found.calls:
            fail("No imported call was held in these days.")
        tell("Writing …")
        try:
            page = call_report.write(found, cited.cited_calls(session, found), folder)
            paths = [page, *exports.write_exports(session, folder, endings, span)]
        except OSError as error:
            fail(f"The folder {folder} cannot be written to: {error.strerror or error}.")
    for path in paths:
        out.print(str(path), markup=False, soft_wrap=True)


def _endings(formats: str) -> list[str]:
    """The file extensions of the formats, each once."""
    asked = [one.strip().casefold() for one in formats.split(",")] if formats.strip() else []
    for one in asked:
        if one not in ENDINGS:
            fail(f"{one!r} is not a format; there are csv, json and parquet.")
    return list(dict.fromkeys(ENDINGS[one] for one in asked))


def _day(text: str | None) -> date | None:
    """Parse a day, such as 2026-11-01.

    Raises:
        ClockError: the text is not a day, or has a time too.
    """
    if not text:
        return None
    day = parse_moment(text.strip()).date()
    if len(text.strip()) > len("2026-11-01"):
        raise ClockError(f"{text!r} is more than a day; write it like 2026-11-01.")
    return day
