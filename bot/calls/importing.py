"""Bringing transcripts in: read, redacted and understood on all cores or on a cluster; each call whole, and once."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.calls.analysis import Row, analysed
from bot.calls.reading import call_from, call_id
from bot.calls.roles import with_roles
from bot.calls.turns import MalformedTranscript
from bot.calls.understanding import Reader
from bot.storage.call_models import RecordedCall, RecordedTurn
from bot.storage.engine import session_scope

Tell = Callable[[str | None], None]  # told when a file is done, with what was wrong with it
AHEAD = 4  # files a worker that are read before their turn, so that none waits and memory stays flat


@dataclass(frozen=True)
class Transcript:
    """A file to be brought in; `held_at` is when it was last changed."""

    path: str
    content: bytes
    held_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What became of a file: its rows, or why it could not be read. Nothing in it says who somebody is.

    Attributes:
        customer_turns: how many were understood.
        problem: a sentence with file and place.
    """

    path: str
    call: Row | None = None
    turns: tuple[Row, ...] = ()
    customer_turns: int = 0
    problem: str | None = None


@dataclass
class Tally:
    """How many calls were brought in, were there already, could not be read; how many turns were understood."""

    imported: int = 0
    known: int = 0
    malformed: int = 0
    turns: int = 0


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files of paths, folders with all that is in them, in a stable order; hidden ones are left out."""
    for path in paths:
        if path.is_dir():
            yield from (each for each in sorted(path.rglob("*")) if each.is_file() and not each.name.startswith("."))
        else:
            yield path


def transcripts(paths: Iterable[Path], tally: Tally, tell: Tell) -> Iterator[Transcript]:
    """The contents of files whose calls were not brought in before, read when they are needed.

    Args:
        tally: counts those that were, and those that cannot be read.
    """
    for path in files_in(paths):
        try:
            content, changed = path.read_bytes(), path.stat().st_mtime
        except OSError as error:
            tally.malformed += 1
            tell(f"{path}: {error.strerror or type(error).__name__}.")
            continue
        if is_known(call_id(content)):
            tally.known += 1
            tell(None)
        else:
            yield Transcript(str(path), content, datetime.fromtimestamp(changed, UTC))


def outcome_of(transcript: Transcript, model: str) -> Outcome:
    """Read and understand one transcript; runs in a worker, which loads the model once."""
    try:
        call = with_roles(call_from(transcript.content))
    except MalformedTranscript as error:
        return Outcome(transcript.path, problem=f"{transcript.path}: {error}")
    reader = _reader(model)
    row, turns = analysed(call, reader.meaning)
    row |= {"held_at": transcript.held_at, "model": reader.model}
    understood = sum(turn["intent"] is not None for turn in turns)
    return Outcome(transcript.path, row, tuple(turns), understood)


def on_all_cores(found: Iterable[Transcript], model: Path, workers: int | None = None) -> Iterator[Outcome]:
    """Outcomes as they come, of this machine's cores."""
    workers = workers or os.cpu_count() or 1
    todo = iter(found)
    # Spawned and not forked: the parent may hold threads and connections of its own.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: set[Future[Outcome]] = set()
        while True:
            for transcript in islice(todo, workers * AHEAD - len(running)):
                running.add(pool.submit(outcome_of, transcript, str(model)))
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in done)


def on_a_cluster(found: Iterable[Transcript], model: Path, client: Any) -> Iterator[Outcome]:
    """Outcomes as they come, of a Dask cluster; what a lost worker had is done by another.

    Args:
        client: a `distributed.Client`. Its workers have this project installed, and the model at the same path.
    """
    from distributed import as_completed

    todo = iter(found)

    def submit(many: int) -> list[Any]:
        # Pure by name: the same file again is the same work. Retried elsewhere when a worker is lost.
        return [client.submit(outcome_of, each, str(model), retries=3) for each in islice(todo, many)]

    ahead = max(1, sum(client.nthreads().values())) * AHEAD
    running = as_completed(submit(ahead))
    for future in running:
        yield future.result()
        future.release()
        for more in submit(1):
            running.add(more)


def bring_in(outcomes: Iterable[Outcome], tally: Tally, tell: Tell) -> None:
    """Write outcomes into the database, a transaction a call; what is there already changes nothing."""
    for outcome in outcomes:
        if outcome.call is None:
            tally.malformed += 1
        elif _written(outcome.call, outcome.turns):
            tally.imported += 1
            tally.turns += outcome.customer_turns
        else:
            tally.known += 1
        tell(outcome.problem)


def is_known(call_id: str) -> bool:
    """Whether a call was brought in before."""
    with session_scope() as session:
        return session.execute(select(RecordedCall.id).where(RecordedCall.id == call_id)).first() is not None


def _written(call: Row, turns: tuple[Row, ...]) -> bool:
    try:
        with session_scope() as session:
            session.execute(insert(RecordedCall), [{**call, "imported_at": datetime.now(UTC)}])
            session.execute(insert(RecordedTurn), list(turns))
    except IntegrityError:  # the same file twice, or another import was quicker
        return False
    return True


@lru_cache(maxsize=1)
def _reader(model: str) -> Reader:
    return Reader(Path(model))
