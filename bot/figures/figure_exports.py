"""The figures as a file: sums of days, or one row for each conversation without its id and its words."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.figures.folding import bounds
from bot.figures.models import ConversationFacts, FigureDay
from bot.figures.reading import FiguresAsked, sums
from bot.storage.table_files import FORMATS, Row

CHUNK = 5_000  # rows in memory at a time
MOST = 500_000  # rows of a file
KINDS = ("csv", "parquet")
DAYS = list(FigureDay.__table__.columns)
FACTS = [column for column in ConversationFacts.__table__.columns if column.name != "conversation_id"]


def exported(session: Session, asked: FiguresAsked, kind: str, *, conversations: bool = False) -> bytes:
    """The content of a file of one of `KINDS`, in the order of time.

    Raises:
        KeyError: another kind.
        ImportError: Parquet needs pyarrow, which is not installed.
    """
    columns = FACTS if conversations else DAYS
    rows = _conversations(session, asked) if conversations else _days(session, asked)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        with FORMATS[kind](path, columns) as write:
            for some in rows:
                write(some)
        return path.read_bytes()


def _days(session: Session, asked: FiguresAsked) -> Iterator[list[Row]]:
    names = tuple(column.name for column in DAYS[:-1])
    rows = sorted((*one.by, one.count) for one in sums(session, asked, names))
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _conversations(session: Session, asked: FiguresAsked) -> Iterator[list[Row]]:
    begins, ends = bounds(asked.first, asked.last)
    row = ConversationFacts
    wanted: Any = select(*FACTS).where(row.begun_at >= begins, row.begun_at < ends).order_by(row.begun_at).limit(MOST)
    wanted = wanted.where(row.channel == asked.channel) if asked.channel is not None else wanted
    wanted = wanted.where(row.language == asked.language) if asked.language is not None else wanted
    for some in session.execute(wanted, execution_options={"yield_per": CHUNK}).partitions():
        yield [tuple(one) for one in some]
