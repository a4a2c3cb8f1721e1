"""A load generator: concurrent customers who each send the next question once the last one is answered."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import aiohttp

from benchmarks.times import spread
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from bot.training.sentences import GROUPS, held_out

QUESTIONS_EACH = 10  # then a new customer starts
REQUEST_TIMEOUT = aiohttp.ClientTimeout(total=30)
Ask = Callable[[str], Awaitable[bool]]  # one question of a conversation; whether it was answered
Open = Callable[[aiohttp.ClientSession], Awaitable[Ask]]  # a new conversation


@dataclass
class Load:
    """The result: milliseconds of each turn, failed turns, and the duration in seconds."""

    times: list[float] = field(default_factory=list)
    failed: int = 0
    seconds: float = 0.0

    def figures(self) -> dict[str, float]:
        """{"count", "p50", "p95", "longest" in ms, "per_second", "failed"}."""
        return {**spread(self.times), "per_second": len(self.times) / self.seconds, "failed": self.failed}


def information_questions() -> list[str]:
    """Every sentence of the test sets that asks for information, in both languages."""
    names = [name for group in GROUPS for name in group.intents]
    return [one.text for name in names for one in held_out(name) if one.label.startswith("ask_")]


def put_on(opened: Open, conversations: int, seconds: float, warm_up: float = 3.0) -> Load:
    """Run so many concurrent conversations for so many seconds; the warm-up does not count."""
    return asyncio.run(_hold(opened, conversations, seconds, warm_up))


async def _hold(opened: Open, conversations: int, seconds: float, warm_up: float) -> Load:
    load, questions = Load(), information_questions()
    counted_from = time.monotonic() + warm_up
    until = counted_from + seconds

    # Each from its own IP address, as real customers: the assistant limits messages by address.
    addresses = (f"127.0.{number // 250 + 1}.{number % 250 + 1}" for number in count())

    async def line(number: int) -> None:
        random = Random(number)  # noqa: S311 (no secret)
        while time.monotonic() < until:
            connector = aiohttp.TCPConnector(local_addr=(next(addresses), 0))
            async with aiohttp.ClientSession(connector=connector, timeout=REQUEST_TIMEOUT) as http:
                ask = await opened(http)
                await _person(ask, random.choices(questions, k=QUESTIONS_EACH), counted_from, until, load)

    await asyncio.gather(*map(line, range(conversations)))
    load.seconds = time.monotonic() - counted_from
    return load


async def _person(ask: Ask, questions: list[str], counted_from: float, until: float, load: Load) -> None:
    for question in questions:
        began = time.perf_counter()
        if time.monotonic() >= until:
            return
        answered = False
        with suppress(aiohttp.ClientError, TimeoutError):
            answered = await ask(question)
        if time.monotonic() >= counted_from:
            load.times.append((time.perf_counter() - began) * 1000)
            load.failed += not answered


def on_the_website(url: str) -> Open:
    """Conversations with the assistant over its web channel; an apology is no answer.

    Args:
        url: of the chat, with a slash at its end.
    """
    apologies = [catalogues()[language].variant("utter_unavailable").text for language in LANGUAGES]

    async def opened(http: aiohttp.ClientSession) -> Ask:
        async with http.post(f"{url}session") as answer:
            bearer = {"Authorization": f"Bearer {(await answer.json())['session']}"}

        async def ask(question: str) -> bool:
            body = {"id": str(uuid.uuid4()), "text": question}
            async with http.post(f"{url}messages", json=body, headers=bearer) as answer:
                text = await answer.text()
                return answer.status == 200 and "event: reply" in text and not any(sorry in text for sorry in apologies)

        return ask

    return opened


def over_rest(url: str) -> Open:
    """Conversations with any Rasa server over its `rest` channel."""

    async def opened(http: aiohttp.ClientSession) -> Ask:
        sender = str(uuid.uuid4())

        async def ask(question: str) -> bool:
            body: dict[str, Any] = {"sender": sender, "message": question}
            async with http.post(url, json=body) as answer:
                await answer.read()
                return answer.status == 200

        return ask

    return opened
