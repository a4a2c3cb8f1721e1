"""Customers and agents who talk at once, on the topology, over HTTP and server-sent events.

Each customer asks for a person, follows the events, writes six messages, each after 5 to 15 seconds and answered by the
agent after as long, goes back to the assistant, and is followed by the next customer. Both sides are noted as typing.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from random import Random
from urllib.parse import urlsplit

import aiohttp

from benchmarks.databases import Databases
from benchmarks.desk_agent import DeskAgent
from benchmarks.desk_customer import DeskCustomer
from benchmarks.desk_log import AGENT, CUSTOMER, DeskLog
from benchmarks.outcome import Goal, Outcome
from bot.keys.signing import signing_key
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import add_account
from bot.staff.staff_sessions import begin_session
from bot.storage.engine import session_scope
from harness.topology import Topology

MOST_MS = 500  # p95 from sending to seeing
ASKED_MS = 2000  # until an agent hears of a request
ARRIVING = 30.0  # seconds in which all customers come
SHOWN = {CUSTOMER: "customer to agent", AGENT: "agent to customer", "asked": "asked until an agent hears"}


@dataclass(frozen=True)
class DeskLoad:
    """How many of each at once, and for how long."""

    customers: int = 200
    agents: int = 20
    minutes: float = 10.0

    def run(self, _: Databases, tell: Callable[[str], None]) -> Outcome:
        """Let them talk."""
        tell("Starting the topology …")
        # Sessions of agents are made here, with the servers' key.
        with Topology({"BOT_SIGNING_KEY": signing_key()}, durable=True) as topology:
            tokens = _tokens(topology, self.agents)
            tell(f"{self.customers} customers and {self.agents} agents talk for {self.minutes:g} minutes …")
            log = asyncio.run(self._hold(topology, tokens))
        return _outcome(log)

    async def _hold(self, topology: Topology, tokens: list[str]) -> DeskLog:
        log, over, numbers = DeskLog(), asyncio.Event(), count(1)
        port, host = urlsplit(topology.url).port, urlsplit(topology.console_url).netloc
        at_once = -(-self.customers // self.agents)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            agents = [
                DeskAgent(http, f"http://127.0.0.1:{port}", host, token, at_once, log, over, Random(number))  # noqa: S311
                for number, token in enumerate(tokens)
            ]
            working = [asyncio.create_task(agent.work()) for agent in agents]
            await asyncio.sleep(1)

            async def line(place: int) -> None:
                random = Random(1000 + place)  # noqa: S311 (no secret)
                await asyncio.sleep(random.uniform(0, ARRIVING))
                while not over.is_set():
                    await DeskCustomer(http, topology.url, next(numbers), log, over, random).talk()

            lines = [asyncio.create_task(line(place)) for place in range(self.customers)]
            with suppress(TimeoutError):  # an error of anybody ends it at once
                await asyncio.wait_for(_first_error(*working, *lines), self.minutes * 60)
            over.set()
            await asyncio.gather(*lines)
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
        return log


async def _first_error(*tasks: "asyncio.Task[None]") -> None:
    """Wait for an error, and raise it."""
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()


def _tokens(topology: Topology, agents: int) -> list[str]:
    with session_scope(topology.environment["DATABASE_URL"]) as session:
        accounts = [
            add_account(session, f"agent{number}", f"Aģents {number}", [StaffRole.AGENT]) for number in range(agents)
        ]
        return [begin_session(session, account.id) for account in accounts]


def _spread(times: list[float]) -> dict[str, float]:
    """{"count", "p50", "p95", "p99", "longest"} of milliseconds."""
    ordered = sorted(times) or [float("nan")]
    at = {f"p{part}": ordered[min(int(len(ordered) * part / 100), len(ordered) - 1)] for part in (50, 95, 99)}
    return {"count": len(times), **at, "longest": ordered[-1]}


def _outcome(log: DeskLog) -> Outcome:
    times = {who: _spread(log.milliseconds(who)) for who in (CUSTOMER, AGENT)}
    times["asked"] = _spread(log.milliseconds_until_noticed())
    wrong = {"lost": len(log.lost), "doubled": len(log.doubled), "out of order": len(log.disordered)}
    unheard = len(log.asked) - int(times["asked"]["count"])
    figures = {**times, **wrong, "sent": len(log.sent), "unheard": unheard, "again": dict(log.again)}
    slowest = max(times[who]["p95"] for who in (CUSTOMER, AGENT))
    asked = times["asked"]["p95"]
    return Outcome(
        columns=("the desk", "count", "p50, ms", "p95, ms", "p99, ms", "longest, ms"),
        rows=(
            *(
                (SHOWN[name], f"{one['count']:.0f}", *(f"{one[each]:.0f}" for each in ("p50", "p95", "p99", "longest")))
                for name, one in times.items()
            ),
            *((name, str(number), "", "", "", "") for name, number in wrong.items()),
            ("sent again", str(sum(log.again.values())), "", "", "", ""),
        ),
        figures=figures,
        goals=(
            Goal(f"from sending to seeing: p95 below {MOST_MS} ms", f"{slowest:.0f} ms", slowest < MOST_MS),
            Goal(f"a request is heard of: p95 below {ASKED_MS} ms", f"{asked:.0f} ms", asked < ASKED_MS),
            *(Goal(f"no message {name}", str(number), number == 0) for name, number in wrong.items()),
            Goal("every request is heard of", str(unheard), unheard == 0),
        ),
    )
