"""Notices of what a parser leaves out of a readable file, so that nothing is dropped silently."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """Something that was left out, or interpreted differently. It quotes nothing that was said.

    Attributes:
        place: as of `MalformedTranscript`.
        reason: what was done and why, without a full stop.
        count: how often it occurred in the file; `place` is the first occurrence.
    """

    place: str
    reason: str
    count: int = 1

    def __str__(self) -> str:
        more = f" (and {self.count - 1} more)" if self.count > 1 else ""
        return f"{self.place}{more}: {self.reason}."


_noted: ContextVar[list[tuple[str, str]] | None] = ContextVar("noted", default=None)


@contextmanager
def collected() -> Iterator[list[Notice]]:
    """Collect the notices given to `note` within the block; the list is filled when the block ends."""
    found: list[tuple[str, str]] = []
    token = _noted.set(found)
    notices: list[Notice] = []
    try:
        yield notices
    finally:
        _noted.reset(token)
        counts = Counter(reason for _, reason in found)
        first = {reason: place for place, reason in reversed(found)}
        notices += [Notice(first[reason], reason, count) for reason, count in counts.items()]


def note(place: str, reason: str) -> None:
    """Report something that was left out to the collector of notices."""
    found = _noted.get()
    if found is not None:
        found.append((place, reason))
