"""`bot calls`: transcripts of recorded calls: import them, and replay them to today's assistant."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot import deadlines
from bot.calls.importing import ImportOutcome, Tally, bring_in, files_in, on_a_cluster, on_all_cores, recordings
from bot.calls.replaying import differences, replayed
from bot.commands import calls_report
from bot.commands.console import AsOf, err, fail, out, plain_errors, report, set_clock
from bot.server.preparation import prepare_database
from bot.training.trained_model import model_path

app = typer.Typer(help="Recorded calls: import transcripts, report, replay.", no_args_is_help=True)
app.command("report")(calls_report.report)
PATHS = typer.Argument(..., metavar="PATH...", help="Transcripts, or folders with them.")
SCHEDULER = typer.Option(None, metavar="ADDRESS", help="Work on a Dask cluster, such as tcp://10.0.0.5:8786.")
WORKERS = typer.Option(None, min=1, help="Processes; as many as there are cores when left out.")
AGAINST = typer.Option(None, metavar="MODEL", help="Another model: show only what it would do differently.")


@app.command("import")
def import_calls(paths: list[Path] = PATHS, scheduler: str = SCHEDULER, workers: int = WORKERS) -> None:
    """Import transcripts of any known format: parse, redact, analyse and store them.

    Idempotent: importing again changes nothing, and a call in several formats counts once. Unreadable files, and parts
    that are left out of a file, are reported with their place; the others are still imported.
    """
    with plain_errors():
        missing = next((path for path in paths if not path.exists()), None)
        if missing:
            fail(f"There is no {missing}.")
        model = _model(None)
        prepare_database(report)
        began = time.monotonic()
        tally = Tally()
        with _bar(sum(1 for _ in files_in(paths))) as advance:

            def tell(problem: str | None) -> None:
                advance()
                if problem:
                    err.print(problem, markup=False, soft_wrap=True)

            with _outcomes(recordings(paths, tally, tell), model, scheduler, workers) as outcomes:
                bring_in(outcomes, tally, tell)
        out.print(
            f"{tally.imported} calls brought in, {tally.known} were there already, {tally.again} were the same in "
            f"another file, {tally.malformed} could not be read; {tally.turns} turns of customers understood in "
            f"{time.monotonic() - began:.0f} s.",
            soft_wrap=True,
        )
        if tally.malformed:
            raise typer.Exit(1)


@app.command()
def replay(
    call: str = typer.Option(None, help="Id of one call; the latest calls when left out."),
    against: Path = AGAINST,
    most: int = typer.Option(20, min=1, help="How many of the latest calls."),
    as_of: str = AsOf,
) -> None:
    """Replay customers' turns to today's assistant, and show what it would answer."""
    with plain_errors():
        set_clock(as_of)
        prepare_database(report)
        models = [_model(None), *([_model(against)] if against else [])]
        if against:
            changed = asyncio.run(differences(models[0], models[1], call, most))
            for each in changed:
                _show(each)
            out.print(f"{len(changed)} turns are answered differently.")
            return
        for each in asyncio.run(replayed(models[0], call, most)):
            _show(each)


def _model(given: Path | None) -> Path:
    model = given or model_path()
    if not model.is_file():
        fail(f"The model {model} is missing; train it with 'bot train'.")
    return model


def _show(turn: dict[str, Any]) -> None:
    out.print(f"{turn['call']} {turn['position']:>3}  {turn['text']}", markup=False, soft_wrap=True)
    for name, answer in turn["answers"].items():
        out.print(f"  {name}: [{answer['intent']}] {answer['text']}", markup=False, soft_wrap=True)


@contextmanager
def _bar(total: int) -> Iterator[Any]:
    """The function to call for each processed file."""
    columns = (TextColumn("Transcripts"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=total)
        yield lambda: progress.advance(task)


@contextmanager
def _outcomes(found: Any, model: Path, scheduler: str | None, workers: int | None) -> Iterator[Iterator[ImportOutcome]]:
    if not scheduler:
        yield on_all_cores(found, model, workers)
        return
    from distributed import Client

    try:
        client = Client(scheduler, timeout=deadlines.SCHEDULER_CONNECT)
    except (OSError, TimeoutError) as error:
        fail(f"No scheduler answers at {scheduler}: {type(error).__name__}.")
    with client:
        yield on_a_cluster(found, model, client)
