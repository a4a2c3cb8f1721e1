"""Exports of recorded calls: reading them back gives what the database contains."""

import csv
import json
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from sqlalchemy import insert, select

from bot.calls.call_figures import ReportDays, collect
from bot.calls.exports import FORMATS, TABLES, write_exports
from bot.calls.models import RecordedCall, RecordedTurn
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
TEXTS = ["=1+1", "+371", "-1", "@SUM(A1)", "\t=1", 'line\nbreak, "quoted"; ā', "", "a=b", "\u2028", "'=", "🙂"]
HELD = datetime(2026, 11, 25, 10, 0, 0, 123456, tzinfo=UTC)
PLAIN = {"source": "made up", "model": "m", "imported_at": HELD, "requests": [], "summary": "="}
MEGABYTE = 1024 * 1024


def fill(texts: list[str]) -> None:
    with session_scope() as session:
        topics = [{"intent": "=pay", "confidence": 0.5, "turns": 1}]
        session.add(RecordedCall(id="b", held_at=HELD, topics=topics, language="lv", answered=True, **PLAIN))
        session.add(RecordedCall(id="a", held_at=HELD, topics=[], **PLAIN))
        session.flush()
        for at, text in enumerate(texts):
            others: dict[str, Any] = {"started": -0.5, "answered": False, "confidence": 0.1} if at % 2 else {}
            turn = {"alternatives": [text], "entities": [{"entity": "place", "value": text}]}
            session.add(RecordedTurn(call_id="a" if at % 3 else "b", position=at, text=text, **turn, **others))


def in_database(name: str) -> list[dict[str, Any]]:
    table = TABLES[name]
    order = (table.held_at, table.id) if name == "calls" else (table.call_id, table.position)
    with session_scope() as session:
        return [dict(row._mapping) for row in session.execute(select(*table.__table__.columns).order_by(*order))]


def written(folder: Path, *formats: str, span: ReportDays = ReportDays()) -> list[Path]:  # noqa: B008 (it is frozen)
    with session_scope() as session:
        return write_exports(session, folder, formats, span)


def as_csv(value: Any) -> str:
    """A value as a CSV cell."""
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    guarded = isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t"))
    return f"'{value}" if guarded else str(value)


def read_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json_lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    ("kind", "read", "expected"),
    [
        ("csv", read_csv, as_csv),
        ("jsonl", read_json_lines, lambda value: value.isoformat() if isinstance(value, datetime) else value),
        (
            "parquet",
            lambda path: parquet.read_table(path).to_pylist(),
            lambda value: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value,
        ),
    ],
    ids=FORMATS,
)
def test_read_back_it_is_what_the_database_has(
    database: str,
    tmp_path: Path,
    name: str,
    kind: str,
    read: Callable[[Path], list[dict[str, Any]]],
    expected: Callable[[Any], Any],
) -> None:
    fill(TEXTS)
    written(tmp_path, kind)
    rows = [{column: expected(value) for column, value in row.items()} for row in in_database(name)]
    assert rows
    assert read(tmp_path / f"{name}.{kind}") == rows


def test_csv_has_no_byte_order_mark(database: str, tmp_path: Path) -> None:
    fill(TEXTS)
    written(tmp_path, "csv")
    assert (tmp_path / "turns.csv").read_bytes().startswith(b"id,call_id,position,")


def test_a_number_below_zero_is_no_formula(database: str, tmp_path: Path) -> None:
    fill(TEXTS)
    written(tmp_path, "csv")
    assert {row["started"] for row in read_csv(tmp_path / "turns.csv")} == {"", "-0.5"}


def test_parquet_has_types(database: str, tmp_path: Path) -> None:
    fill(TEXTS)
    written(tmp_path, "parquet")
    types = {field.name: str(field.type) for field in parquet.read_schema(tmp_path / "calls.parquet")}
    assert (types["held_at"], types["answered"], types["topics"]) == ("timestamp[us, tz=UTC]", "bool", "string")


def test_only_calls_of_the_span_and_their_turns_are_written(database: str, tmp_path: Path) -> None:
    fill(TEXTS)
    paths = written(tmp_path, *FORMATS, span=ReportDays(since=date(2026, 11, 26)))
    assert len(paths) == 6
    assert read_csv(tmp_path / "turns.csv") == read_json_lines(tmp_path / "calls.jsonl") == []
    assert parquet.read_table(tmp_path / "turns.parquet").num_rows == 0


def test_when_writing_fails_the_file_of_before_stays(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(TEXTS)
    before = {path: path.read_bytes() for path in written(tmp_path, "csv", "jsonl")}
    monkeypatch.setattr("bot.storage.table_files._cell", lambda value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        written(tmp_path, "csv", "jsonl")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_memory_stays_flat_with_20_000_turns(database: str, tmp_path: Path) -> None:
    turns = 20_000
    row = {"call_id": "a", "alternatives": [], "entities": [], "text": "Cik ilgi vēl nebūs elektrības? " * 10}
    with session_scope() as session:
        session.add(RecordedCall(id="a", held_at=HELD, topics=[], **PLAIN))
        session.flush()
        for begin in range(0, turns, 5_000):
            rows = [row | {"position": begin + number} for number in range(5_000)]
            session.execute(insert(RecordedTurn.__table__), rows)
    tracemalloc.start()
    try:
        written(tmp_path, *FORMATS)
        with session_scope() as session:
            collect(session, ReportDays())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12 * MEGABYTE  # 7 measured
    assert parquet.ParquetFile(tmp_path / "turns.parquet").metadata.num_rows == turns
    assert (tmp_path / "turns.jsonl").stat().st_size > 8 * MEGABYTE
