"""How long a purge of many conversations takes, and how long it delays writers: `python -m benchmarks.purging`."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from bot.erasure.erasing import purge
from bot.schema.tables import ConversationEvent
from bot.schema.upgrading import upgrade
from bot.storage.engine import session_scope
from harness.throwaway_postgres import postgres

OLD, YOUNG, EVENTS = 100_000, 25_000, 8  # conversations, and events of each
AT_ONCE = 5_000
DATA = '{"event": "user", "text": "' + "x" * 400 + '"}'


@contextmanager
def _sqlite() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'purging.db'}"


@contextmanager
def _postgres() -> Iterator[str]:
    with postgres(durable=True) as url:
        yield url


def _fill(url: str, now: float) -> None:
    upgrade(url)
    for first in range(0, OLD + YOUNG, AT_ONCE):
        rows = [
            {"sender_id": f"web-{n}", "position": at, "type_name": "user", "timestamp": _time(n, now), "data": DATA}
            for n in range(first, first + AT_ONCE)
            for at in range(EVENTS)
        ]
        with session_scope(url) as session:
            session.execute(insert(ConversationEvent.__table__), rows)


def _time(number: int, now: float) -> float:
    return now - (100 * 86400 if number < OLD else 0)


def _measure(url: str, now: datetime) -> tuple[int, float, list[float]]:
    done, waits = threading.Event(), []

    def talk() -> None:
        number = 0
        while not done.is_set():
            began = time.perf_counter()
            with session_scope(url) as session:
                event = {"sender_id": "talking", "position": number, "type_name": "user", "timestamp": now.timestamp()}
                session.add(ConversationEvent(**event, data=DATA))
            waits.append(time.perf_counter() - began)
            number += 1
            time.sleep(0.01)

    thread = threading.Thread(target=talk)
    thread.start()
    began = time.perf_counter()
    try:
        erased = purge(lambda: session_scope(url), now - timedelta(days=30), "30d", "benchmark", now)
        return erased["events"], time.perf_counter() - began, waits
    finally:
        done.set()
        thread.join()


def main() -> None:
    """Purge on both databases with a concurrent writer, and print the times."""
    databases: dict[str, Callable[[], AbstractContextManager[str]]] = {"SQLite": _sqlite, "PostgreSQL": _postgres}
    for name, database in databases.items():
        with database() as url:
            now = datetime.now(UTC)
            _fill(url, now.timestamp())
            events, seconds, waits = _measure(url, now)
            middle, most, longest = (sorted(waits)[int((len(waits) - 1) * part)] * 1000 for part in (0.5, 0.99, 1))
            print(
                f"{name}: {events:,} of {(OLD + YOUNG) * EVENTS:,} events erased in {seconds:.1f} s;"
                f" {len(waits)} writes beside it took {middle:.0f} ms in the middle, {most:.0f} ms (p99),"
                f" {longest:.0f} ms at most"
            )


if __name__ == "__main__":
    main()
