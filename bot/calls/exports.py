"""Exports recorded calls and their turns as files for other tools: CSV, JSON lines and Parquet.

Every format has all columns of `RecordedCall` and `RecordedTurn` under their names; texts are redacted, as stored.
`bot.storage.table_files` says how each format writes a value.

Rows are read and written in chunks, so memory does not grow with their number.
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calls.call_figures import ReportDays
from bot.calls.models import RecordedCall, RecordedTurn
from bot.storage.table_files import FORMATS, OpenedTable, Row, WriteRows

CHUNK = 2_000  # rows in memory at a time; also a row group of Parquet
TABLES: dict[str, Any] = {"calls": RecordedCall, "turns": RecordedTurn}


def write_exports(session: Session, folder: Path, formats: Iterable[str], span: ReportDays) -> list[Path]:
    """Write `calls` and `turns` into a folder, in some of `FORMATS`; returns the paths.

    Calls are in the order of their time, turns call by call in the order of speech. A file appears, and replaces an
    earlier one, only when it is complete (atomic).

    Raises:
        OSError: the folder cannot be written to.
        KeyError: a format is unknown.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, table in TABLES.items():
        columns = list(table.__table__.columns)
        paths = {folder / f"{name}.{kind}": FORMATS[kind] for kind in formats}
        with ExitStack() as files:
            writes = [files.enter_context(_whole(path, opened, columns)) for path, opened in paths.items()]
            for chunk in _chunks(session, columns, span) if writes else ():
                for write in writes:
                    write(chunk)
        written += paths
    return written


def _chunks(session: Session, columns: list[Any], span: ReportDays) -> Iterator[list[Row]]:
    query = select(*columns).where(*span.conditions())
    if columns[0].table is RecordedTurn.__table__:
        query = query.join(RecordedCall, RecordedCall.id == RecordedTurn.call_id)
        query = query.order_by(RecordedTurn.call_id, RecordedTurn.position)
    else:
        query = query.order_by(RecordedCall.held_at, RecordedCall.id)
    for chunk in session.execute(query, execution_options={"yield_per": CHUNK}).partitions():
        yield [tuple(map(_plain, row)) for row in chunk]


def _plain(value: Any) -> Any:
    """None in place of NaN, which JSON does not have."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


@contextmanager
def _whole(path: Path, opened: OpenedTable, columns: list[Any]) -> Iterator[WriteRows]:
    """Within the block, rows go to a temporary file beside; it gets its name if nothing went wrong."""
    part = path.with_name(f".{path.name}.part")
    try:
        with opened(part, columns) as write:
            yield write
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
