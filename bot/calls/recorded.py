"""Stores recorded calls: each once, whatever files contain it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.calls.analysis import Row
from bot.calls.call_turns import Role
from bot.calls.identity import DIGITS, CallIdentity, keyed
from bot.calls.models import CORRECTION, RecordedCall, RecordedFile, RecordedTurn
from bot.figures.call_counts import call_counts
from bot.figures.counted_things import CountKey
from bot.figures.counting_rows import add_counts
from bot.storage.engine import session_scope


class Kept(StrEnum):
    """The result for a file's call: it is new, the file is known, or the call is known from another file."""

    NEW = "new"
    KNOWN = "known"
    AGAIN = "again"


def is_known(file: str, content: bytes) -> bool:
    """Whether a file was imported before."""
    # Before migration 0012 a call's id was the plain digest of its file.
    earlier = hashlib.sha256(content).hexdigest()[:DIGITS]
    with session_scope() as session:
        of_file = select(RecordedFile.id).where(RecordedFile.id == file)
        of_call = select(RecordedCall.id).where(RecordedCall.id == earlier, RecordedCall.words.is_(None))
        return any(session.execute(query).first() is not None for query in (of_file, of_call))


def keep(
    file: str, call: Row | None, turns: tuple[Row, ...], words: CallIdentity | None, name: str, twin: str | None
) -> Kept:
    """Store the call of a file in one transaction; or only that the file is another one of a known call.

    Args:
        file: see `bot.calls.identity.file_id`.
        call, turns, words: None or empty where the call is in `twin`.
        name: of the recording.
        twin: the id of another file with the same call.
    """
    try:
        with session_scope() as session:
            known = _call_of(session, twin) if twin else None
            if call is not None and words is not None:
                known = _same_call(session, words, name)
            if known is None and call is not None and words is not None:
                row = {**call, **_identity(words, name), "imported_at": datetime.now(UTC)}
                session.execute(insert(RecordedCall), [row])
                session.execute(insert(RecordedTurn), list(turns))
                session.execute(insert(RecordedFile), [{"id": file, "call_id": call["id"]}])
                add_counts(session, counts_of(row, turns))
                return Kept.NEW
            if known is not None:
                session.execute(insert(RecordedFile), [{"id": file, "call_id": known}])
    except IntegrityError:  # the same file twice, or a concurrent import was first
        return Kept.KNOWN
    return Kept.AGAIN


def counts_of(call: Mapping[str, Any], turns: Iterable[Mapping[str, Any]]) -> Counter[CountKey]:
    """What the figures count of a call, by its rows."""
    of_customer = [
        (str(turn["intent"]), [(one["entity"], one["value"]) for one in turn["entities"]])
        for turn in turns
        if turn["intent"] and turn["role"] != Role.AGENT
    ]
    return call_counts(call["held_at"], call["language"], of_customer)


def stored_call_counts(session: Session, since: datetime | None = None) -> Iterator[Counter[CountKey]]:
    """What the figures count of each call that is stored, held at `since` or later; corrections are no calls."""
    calls = select(RecordedCall.id, RecordedCall.held_at, RecordedCall.language)
    calls = calls.where(RecordedCall.source != CORRECTION).order_by(RecordedCall.held_at)
    row = RecordedTurn
    for call in session.execute(calls.where(RecordedCall.held_at >= since) if since else calls).all():
        of_it = select(row.role, row.intent, row.entities).where(row.call_id == call.id)
        yield counts_of(call._mapping, [turn._mapping for turn in session.execute(of_it)])


def _identity(words: CallIdentity, name: str) -> Row:
    return {"name": _name(name), "words": _words(words), "begins": words.begins, "ends": words.ends}


def _same_call(session: Session, words: CallIdentity, name: str) -> str | None:
    """The id of a stored call with the same name, words and times."""
    known = select(RecordedCall).where(RecordedCall.words == _words(words), RecordedCall.name == _name(name))
    for each in session.execute(known.order_by(RecordedCall.imported_at)).scalars():
        if words.is_of(words.digest, each.begins, each.ends):
            return str(each.id)
    return None


def _call_of(session: Session, file: str) -> str | None:
    found = session.execute(select(RecordedFile.call_id).where(RecordedFile.id == file)).scalar_one_or_none()
    return None if found is None else str(found)


def _words(words: CallIdentity) -> str:
    return keyed(words.digest.encode())


def _name(name: str) -> str:
    return keyed(name.encode(errors="replace"))
