"""Both databases, with the same data, for the benchmarks that need them."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select, text

from benchmarks import customers
from bot.accounts.models import Contract
from bot.knowledge.fact_store import bring_in
from bot.knowledge.validation import load_folder
from bot.schema.upgrading import upgrade
from bot.storage.engine import engine_for, session_scope, take_your_time
from harness.throwaway_postgres import postgres


@dataclass(frozen=True)
class Filled:
    """A database with the facts and the invented customers.

    Attributes:
        contracts: how many there are; see `customers.contract_number`.
        seconds: how long filling took.
    """

    url: str
    contracts: int
    seconds: float


class Databases:
    """An SQLite file and a PostgreSQL server with durable commits (fsync); created lazily."""

    def __init__(self, until: ExitStack, tell: Callable[[str], None]) -> None:
        self._until, self._tell = until, tell

    @cached_property
    def filled(self) -> dict[str, Filled]:
        """By name: SQLite, PostgreSQL."""
        folder = self._until.enter_context(TemporaryDirectory(prefix="benchmarks-"))
        urls = {
            "SQLite": f"sqlite:///{Path(folder) / 'assistant.db'}",
            "PostgreSQL": self._until.enter_context(postgres(durable=True)),
        }
        return {name: self._fill(name, url) for name, url in urls.items()}

    def _fill(self, name: str, url: str) -> Filled:
        self._tell(f"Filling {name} with {customers.CUSTOMERS:,} customers …")
        began = time.perf_counter()
        upgrade(url)
        self._until.callback(engine_for(url).dispose)
        with session_scope(url) as session:
            take_your_time(session)
            bring_in(session, load_folder())
            customers.fill(session.connection())
            contracts = session.execute(select(func.count()).select_from(Contract)).scalar_one()
            session.execute(text("ANALYZE"))  # as both databases do automatically over time
        return Filled(url, contracts, time.perf_counter() - began)
