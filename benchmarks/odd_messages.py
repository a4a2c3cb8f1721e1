"""How much one visitor who sends as many and as long unusual messages as allowed slows down the others on the website.

The baseline in the same run is the others without that visitor. Limited to `SECONDS` of each kind, from loopback
addresses.
"""

import asyncio
import math
import time
import uuid
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp

from benchmarks.databases import Databases
from benchmarks.load import QUESTIONS_EACH, REQUEST_TIMEOUT, Ask, information_questions, on_the_website
from benchmarks.outcome import Goal, Outcome
from benchmarks.times import spread
from bot.message_limits import MESSAGE_LIMIT
from harness.served import serve

SECONDS, WARM_UP, VISITORS, PAUSE = 15.0, 8.0, 4, 0.2  # the last: seconds between an answer and the next question
MESSAGES, IN_A_CONVERSATION = 59, 19  # a minute, one below the rate limit
MOST_TIMES = 2.0  # p95 with that visitor relative to p95 without
ATTACKER = "127.9.9.9"
LIMITS = {"BOT_LIMIT_CONVERSATION": "20", "BOT_LIMIT_ADDRESS": "60", "BOT_LIMIT_REQUESTS": "120", "BOT_LIMIT_WORK": ""}
LATVIAN = "aābcčdeēfgģhiījkķlļmnņoprsštuūvzž"


def _characters(first: int, last: int) -> Callable[[Random], str]:
    return lambda random: "".join(chr(random.randint(first, last)) for _ in range(MESSAGE_LIMIT))


def _words(random: Random) -> str:
    words = ("".join(random.choices(LATVIAN, k=random.randint(4, 8))) for _ in range(MESSAGE_LIMIT))
    return " ".join(words)[:MESSAGE_LIMIT]


KINDS: dict[str, Callable[[Random], str]] = {
    "emoji": _characters(0x1F300, 0x1F64F),
    "CJK": _characters(0x4E00, 0x9FFF),
    "commas": lambda random: "," * (MESSAGE_LIMIT - 4) + f"{random.random():.2f}",
    "letters and commas": lambda random: "".join(f"{random.choice(LATVIAN)}," for _ in range(MESSAGE_LIMIT // 2)),
    "combining marks": lambda random: "".join(random.choices("a\u0301\u0323\u0335\u0304", k=MESSAGE_LIMIT)),
    "words that are none": _words,
}


def run(_: Databases, tell: Callable[[str], None]) -> Outcome:
    """Measure the others alone, and then together with each kind."""
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        tell("Starting the assistant …")
        served = serve(Path(folder), BOT_AS_OF="2020-03-25", **LIMITS)
        try:
            asyncio.run(_beside(served.url, None, WARM_UP))
            found: dict[str, dict[str, Any]] = {}
            for name in ("nobody", *KINDS, "nobody again"):
                tell(f"{VISITORS} visitors beside {name} …")
                found[name] = asyncio.run(_beside(served.url, KINDS.get(name), SECONDS))
        finally:
            served.stop()
    alone = max(found["nobody"]["p95"], found["nobody again"]["p95"])
    return Outcome(
        columns=("beside", "others' p50, ms", "p95, ms", "p95 as without", "failed", "answers to him, by status"),
        rows=tuple(
            (
                name,
                f"{one['p50']:.1f}",
                f"{one['p95']:.1f}",
                f"× {one['p95'] / alone:.2f}",
                str(one["failed"]),
                ", ".join(f"{status}: {times}" for status, times in sorted(one["statuses"].items())) or "–",
            )
            for name, one in found.items()
        ),
        figures=found,
        goals=tuple(
            Goal(
                f"beside {name}: others' p95 at most × {MOST_TIMES:g}, nobody unanswered",
                f"× {found[name]['p95'] / alone:.2f}, {found[name]['failed']} unanswered",
                found[name]["p95"] <= MOST_TIMES * alone and not found[name]["failed"],
            )
            for name in KINDS
        ),
    )


async def _beside(url: str, odd: Callable[[Random], str] | None, seconds: float) -> dict[str, Any]:
    """The others' times in ms, how many of their questions failed, and the statuses that the odd visitor got."""
    questions = information_questions()  # loaded before the measurement starts
    until, times, failed = time.monotonic() + seconds, list[float](), Counter[bool]()
    addresses = (f"127.{number // 250 + 1}.{number % 250 + 1}.{int(time.time()) % 250 + 1}" for number in count())

    async def visitor(number: int) -> None:
        random = Random(number)  # noqa: S311 (no secret)
        while time.monotonic() < until:
            connector = aiohttp.TCPConnector(local_addr=(next(addresses), 0))
            async with aiohttp.ClientSession(connector=connector, timeout=REQUEST_TIMEOUT) as http:
                ask: Ask = await on_the_website(url)(http)
                for question in random.choices(questions, k=QUESTIONS_EACH):
                    if time.monotonic() >= until:
                        return
                    began = time.perf_counter()
                    failed[not await ask(question)] += 1
                    times.append((time.perf_counter() - began) * 1000)
                    await asyncio.sleep(PAUSE)

    statuses: Counter[str] = Counter()
    others = asyncio.gather(*map(visitor, range(VISITORS)))
    if odd:
        await asyncio.gather(others, _attack(url, odd, until, statuses))
    else:
        await others
    return {**spread(times or [math.inf]), "failed": failed[True], "statuses": dict(statuses)}


async def _attack(url: str, odd: Callable[[Random], str], until: float, statuses: Counter[str]) -> None:
    """Send messages at a constant rate, whether or not earlier ones are answered (open loop)."""
    random = Random(odd.__name__ + str(time.time()))  # noqa: S311 (never the same texts: answers are remembered)
    connector = aiohttp.TCPConnector(local_addr=(ATTACKER, 0))
    async with aiohttp.ClientSession(connector=connector, timeout=REQUEST_TIMEOUT) as http:
        sessions: list[str] = []

        async def send(number: int) -> None:
            if number % IN_A_CONVERSATION == 0:
                async with http.post(f"{url}session") as answer:
                    sessions.append((await answer.json())["session"])
            body = {"id": str(uuid.uuid4()), "text": odd(random)}
            try:
                async with http.post(
                    f"{url}messages", json=body, headers={"Authorization": f"Bearer {sessions[-1]}"}
                ) as answer:
                    await answer.read()
                    statuses[str(answer.status)] += 1
            except (aiohttp.ClientError, TimeoutError) as error:
                statuses[type(error).__name__] += 1

        sent: list[asyncio.Task[None]] = []
        for number in range(MESSAGES):
            if time.monotonic() >= until:
                break
            if number % IN_A_CONVERSATION == 0:
                await send(number)
            else:
                sent.append(asyncio.create_task(send(number)))
            await asyncio.sleep(60 / MESSAGES)
        await asyncio.gather(*sent)
