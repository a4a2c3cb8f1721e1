"""Imports transcripts: parsed, redacted and analysed on all cores or on a cluster; each call atomically, and once."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bot.calls.analysis import Row, analysed
from bot.calls.call_turns import MalformedTranscript
from bot.calls.caller_meaning import Reader
from bot.calls.decoding import decoded
from bot.calls.identity import CallIdentity, file_id, identity_of, identity_of_text, recording_name, richness
from bot.calls.notices import Notice
from bot.calls.recorded import Kept, is_known, keep
from bot.calls.roles import with_roles
from bot.calls.transcript_reading import call_from

Tell = Callable[[str | None], None]  # called when a file is done, with a message about it or None
AHEAD = 4  # recordings per worker that are read ahead, so that no worker waits and memory stays bounded


@dataclass(frozen=True)
class TranscriptFile:
    """A file to import.

    Attributes:
        id: see `bot.calls.identity.file_id`.
        changed: its modification time, taken for the call's time where the transcript has none.
    """

    id: str
    path: str
    content: bytes
    changed: datetime


Recording = tuple[TranscriptFile, ...]  # the files of one folder with one name, the richest format first


@dataclass(frozen=True)
class ImportOutcome:
    """The result for a file: its rows, or why it could not be read. It contains no personal data.

    Attributes:
        words: of the call; the main process stores a keyed digest of them.
        twin: path and id of a file of the same recording with the same call.
        customer_turns: how many were parsed.
        problem: a sentence that names file and place.
    """

    file: str
    path: str
    call: Row | None = None
    turns: tuple[Row, ...] = ()
    words: CallIdentity | None = None
    twin: tuple[str, str] | None = None
    customer_turns: int = 0
    problem: str | None = None
    notices: tuple[Notice, ...] = ()


@dataclass
class Tally:
    """Counts of files: imported, known already, repeating another file's call, malformed; and of customers' turns."""

    imported: int = 0
    known: int = 0
    again: int = 0
    malformed: int = 0
    turns: int = 0


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files of paths, of folders recursively, in a stable order; hidden ones are left out.

    Files of one recording are adjacent, the richest format first.
    """
    for path in paths:
        if path.is_dir():
            found = [each for each in path.rglob("*") if each.is_file() and not each.name.startswith(".")]
            yield from sorted(found, key=lambda each: (each.parent, recording_name(each), richness(each)))
        else:
            yield path


def recordings(paths: Iterable[Path], tally: Tally, tell: Tell) -> Iterator[Recording]:
    """Files that were not imported before, grouped by recording, and read lazily.

    Args:
        tally: counts the files that were imported before, and those that cannot be read.
    """
    for _, group in groupby(files_in(paths), key=lambda path: (path.parent, recording_name(path))):
        files = tuple(file for path in group if (file := _file(path, tally, tell)))
        if files:
            yield files


def _file(path: Path, tally: Tally, tell: Tell) -> TranscriptFile | None:
    try:
        content, changed = path.read_bytes(), path.stat().st_mtime
    except OSError as error:
        tally.malformed += 1
        tell(f"{path}: {error.strerror or type(error).__name__}.")
        return None
    file = TranscriptFile(file_id(content, path), str(path), content, datetime.fromtimestamp(changed, UTC))
    if not is_known(file.id, content):
        return file
    tally.known += 1
    tell(None)
    return None


def outcomes_of(recording: Recording, model: str) -> list[ImportOutcome]:
    """Parse and analyse one recording; runs in a worker, which loads the model once.

    Of several files with the same call, the first is used.
    """
    outcomes: list[ImportOutcome] = []
    for file in recording:
        try:
            call = with_roles(call_from(file.content))
        except MalformedTranscript as error:
            twin = _twin(_bare_words(file.content), outcomes)
            problem = None if twin else f"{file.path}: {error}"
            outcomes.append(ImportOutcome(file.id, file.path, twin=twin, problem=problem))
            continue
        words = identity_of(call.turns)
        if twin := _twin(words, outcomes):
            outcomes.append(ImportOutcome(file.id, file.path, twin=twin))
            continue
        reader = _reader(model)
        row, turns = analysed(replace(call, id=file.id), reader.meaning)
        row |= {"held_at": call.held_at or file.changed, "model": reader.model}
        understood = sum(turn["intent"] is not None for turn in turns)
        outcomes.append(
            ImportOutcome(
                file.id,
                file.path,
                call=row,
                turns=tuple(turns),
                words=words,
                customer_turns=understood,
                notices=call.notices,
            )
        )
    return outcomes


def _twin(words: CallIdentity | None, before: list[ImportOutcome]) -> tuple[str, str] | None:
    """Path and id of an earlier file with the same call."""
    return next(
        ((each.path, each.file) for each in before if words and each.words and _are_one(words, each.words)), None
    )


def _bare_words(content: bytes) -> CallIdentity | None:
    """The words of a file that could not be parsed because it has no speakers and times."""
    try:
        return identity_of_text(decoded(content))
    except MalformedTranscript:
        return None


def on_all_cores(found: Iterable[Recording], model: Path, workers: int | None = None) -> Iterator[ImportOutcome]:
    """Outcomes from worker processes on this machine, as they complete."""
    workers = workers or os.cpu_count() or 1
    todo = iter(found)
    # Spawned, not forked: the parent may have threads and connections.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running: set[Future[list[ImportOutcome]]] = set()
        while True:
            for recording in islice(todo, workers * AHEAD - len(running)):
                running.add(pool.submit(outcomes_of, recording, str(model)))
            if not running:
                return
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for each in done:
                yield from each.result()


def on_a_cluster(found: Iterable[Recording], model: Path, client: Any) -> Iterator[ImportOutcome]:
    """Outcomes from a Dask cluster, as they complete; the tasks of a lost worker are retried on another.

    Args:
        client: a `distributed.Client`. Its workers must have this project installed, and the model at the same path.
    """
    from distributed import as_completed

    todo = iter(found)

    def submit(many: int) -> list[Any]:
        # Task keys by content: the same files are the same task. Retried on another worker when one is lost.
        return [client.submit(outcomes_of, each, str(model), retries=3) for each in islice(todo, many)]

    ahead = max(1, sum(client.nthreads().values())) * AHEAD
    running = as_completed(submit(ahead))
    for future in running:
        yield from future.result()
        future.release()
        for more in submit(1):
            running.add(more)


def bring_in(outcomes: Iterable[ImportOutcome], tally: Tally, tell: Tell) -> None:
    """Write outcomes into the database, one transaction per call; idempotent."""
    for outcome in outcomes:
        told = [f"{outcome.path}: {notice}" for notice in outcome.notices]
        if outcome.problem:
            tally.malformed += 1
            told = [outcome.problem]
        else:
            kept = _kept(outcome)
            if kept is Kept.NEW:
                tally.imported += 1
                tally.turns += outcome.customer_turns
            elif kept is Kept.KNOWN:
                tally.known += 1
            else:
                tally.again += 1
                other = outcome.twin[0] if outcome.twin else "one that was imported before"
                told = [f"{outcome.path}: the same call as {other}; it counts once."]
        tell("\n".join(told) or None)


def _kept(outcome: ImportOutcome) -> Kept:
    name = recording_name(Path(outcome.path))
    return keep(
        outcome.file, outcome.call, outcome.turns, outcome.words, name, outcome.twin[1] if outcome.twin else None
    )


def _are_one(words: CallIdentity, other: CallIdentity) -> bool:
    return words.is_of(other.digest, other.begins, other.ends)


@lru_cache(maxsize=1)
def _reader(model: str) -> Reader:
    return Reader(Path(model))
