"""Writes rows of a table as a file for other tools: CSV, JSON lines and Parquet.

How each format writes a value:

- CSV: UTF-8 without byte order mark, a header, lines that end with CR LF; times in ISO 8601 (UTC), true or false, lists
  as JSON, nothing for None. A text that a spreadsheet would take for a formula gets an apostrophe (CSV injection).
- JSON lines: UTF-8, one object a line; times in ISO 8601 (UTC).
- Parquet: typed columns; times in microseconds of UTC, lists as JSON. It needs pyarrow (group `calls`).
"""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, Float, Integer

from bot.storage.engine import UtcDateTime

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # spreadsheets also skip tabs and carriage returns before a formula

Row = tuple[Any, ...]
WriteRows = Callable[[list[Row]], None]
OpenedTable = Callable[[Path, list[Any]], AbstractContextManager[WriteRows]]


@contextmanager
def _csv(path: Path, columns: list[Any]) -> Iterator[WriteRows]:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.name for column in columns])
        yield lambda rows: writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return _json(value) if isinstance(value, list | dict) else value


@contextmanager
def _json_lines(path: Path, columns: list[Any]) -> Iterator[WriteRows]:
    names = [column.name for column in columns]

    def write(file: IO[str], rows: list[Row]) -> None:
        file.writelines(_json(dict(zip(names, row, strict=True))) + "\n" for row in rows)

    with path.open("w", encoding="utf-8", newline="\n") as file:
        yield lambda rows: write(file, rows)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=lambda moment: moment.isoformat())


@contextmanager
def _parquet(path: Path, columns: list[Any]) -> Iterator[WriteRows]:
    import pyarrow as pa  # imported here since it takes a fifth of a second
    from pyarrow import parquet

    kinds = {
        Integer: pa.int64(),
        BigInteger: pa.int64(),
        Date: pa.date32(),
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


FORMATS: dict[str, OpenedTable] = {"csv": _csv, "jsonl": _json_lines, "parquet": _parquet}
