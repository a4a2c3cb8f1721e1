"""Exports recorded calls and their turns as files for other tools: CSV, JSON lines and Parquet.

Every format has all columns of `RecordedCall` and `RecordedTurn` under their names; texts are redacted, as stored.
How each format writes a value:

- CSV: UTF-8 without byte order mark, a header, lines that end with CR LF; times in ISO 8601 (UTC), true or false, lists
  as JSON, nothing for None. A text that a spreadsheet would take for a formula gets an apostrophe (CSV injection).
- JSON lines: UTF-8, one object a line; times in ISO 8601 (UTC).
- Parquet: typed columns; times in microseconds of UTC, lists as JSON.

Rows are read and written in chunks, so memory does not grow with their number.
"""

import csv
import json
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import JSON, Boolean, Float, Integer, select
from sqlalchemy.orm import Session

from bot.calls.call_figures import ReportDays
from bot.calls.models import RecordedCall, RecordedTurn
from bot.storage.engine import UtcDateTime

CHUNK = 2_000  # rows in memory at a time; also a row group of Parquet
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # spreadsheets also skip tabs and carriage returns before a formula
TABLES: dict[str, Any] = {"calls": RecordedCall, "turns": RecordedTurn}

Row = tuple[Any, ...]
Write = Callable[[list[Row]], None]


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


Opened = Callable[[Path, list[Any]], AbstractContextManager[Write]]


@contextmanager
def _whole(path: Path, opened: Opened, columns: list[Any]) -> Iterator[Write]:
    """Within the block, rows go to a temporary file beside; it gets its name if nothing went wrong."""
    part = path.with_name(f".{path.name}.part")
    try:
        with opened(part, columns) as write:
            yield write
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _csv(path: Path, columns: list[Any]) -> Iterator[Write]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in columns])
        yield lambda rows: writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    return _json(value) if isinstance(value, list | dict) else value


@contextmanager
def _json_lines(path: Path, columns: list[Any]) -> Iterator[Write]:
    names = [column.name for column in columns]

    def write(file: IO[str], rows: list[Row]) -> None:
        file.writelines(_json(dict(zip(names, row, strict=True))) + "\n" for row in rows)

    with path.open("w", encoding="utf-8", newline="\n") as file:
        yield lambda rows: write(file, rows)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=datetime.isoformat)


@contextmanager
def _parquet(path: Path, columns: list[Any]) -> Iterator[Write]:
    import pyarrow as pa  # imported here since it takes a fifth of a second
    from pyarrow import parquet

    kinds = {
        Integer: pa.int64(),
        Float: pa.float64(),
        Boolean: pa.bool_(),
        UtcDateTime: pa.timestamp("us", tz="UTC"),
    }
    schema = pa.schema(
        [pa.field(one.name, kinds.get(type(one.type), pa.string()), nullable=one.nullable) for one in columns]
    )
    as_json = {number for number, column in enumerate(columns) if isinstance(column.type, JSON)}

    def write(writer: Any, rows: list[Row]) -> None:
        values = [
            [_json(value) for value in column] if number in as_json else column
            for number, column in enumerate(zip(*rows, strict=True))
        ]
        arrays = [pa.array(column, kind) for column, kind in zip(values, schema.types, strict=True)]
        writer.write_table(pa.Table.from_arrays(arrays, schema=schema))

    with parquet.ParquetWriter(path, schema) as writer:
        yield lambda rows: write(writer, rows)


FORMATS: dict[str, Opened] = {"csv": _csv, "jsonl": _json_lines, "parquet": _parquet}
