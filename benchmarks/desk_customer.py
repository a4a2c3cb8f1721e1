"""A customer at the desk, over HTTP as the widget does it: asks for a person, follows the events, writes, goes back."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp

from benchmarks.desk_log import CUSTOMER, DeskLog

ASKS, WRITES = "Gribu runāt ar cilvēku", "Vai rēķinu varu samaksāt nākamnedēļ?"
PAUSE = (5.0, 15.0)  # seconds before each message
EXCHANGES = 6  # messages of a customer, each answered, in a conversation
ANSWERED_WITHIN = 60.0  # seconds; then the customer goes on
AGAIN_AFTER = 0.5
ASKS_AGAIN = 3.0  # seconds until somebody who was told to ring instead asks once more
SETTLES = 2.0  # seconds for what was sent to each other just when the conversation ended
GRACE = 10.0  # seconds for what is under way at the end
BRIEF = aiohttp.ClientTimeout(total=30)
LASTING = aiohttp.ClientTimeout(total=None, sock_read=40)
TROUBLE = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass
class DeskCustomer:
    """One conversation.

    Attributes:
        url: of the chat, with a slash at its end.
        number: of the conversation.
        over: set when no more is to be written.
    """

    http: aiohttp.ClientSession
    url: str
    number: int
    log: DeskLog
    over: asyncio.Event
    random: Random
    _bearer: dict[str, str] = field(default_factory=dict)
    _latest: int = 0
    _taken: asyncio.Event = field(default_factory=asyncio.Event)
    _answered: asyncio.Event = field(default_factory=asyncio.Event)
    _is_done: bool = False

    async def talk(self) -> None:
        """Hold the conversation, from the first message to the way back to the assistant."""
        async with self.http.post(f"{self.url}session", timeout=BRIEF) as answer:
            self._bearer = {"Authorization": f"Bearer {(await answer.json())['session']}"}
        await self._ask()
        following = asyncio.create_task(self._follow())
        try:
            await _either(self._taken, self.over)
            for _ in range(EXCHANGES):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.over.wait(), self.random.uniform(*PAUSE))
                if self.over.is_set():
                    break
                await self._tell("typing")
                self._answered.clear()
                await self._write()
                with suppress(TimeoutError):
                    await asyncio.wait_for(_either(self._answered, self.over), ANSWERED_WITHIN)
            else:
                await self._tell("back")
                self._is_done = True
                await asyncio.sleep(SETTLES)
        finally:
            await self._end(following)

    async def _ask(self) -> None:
        """Ask for a person until there is a request."""
        while not self.over.is_set():
            began = time.perf_counter()
            for name, data in await self._say(ASKS):
                if name == "reply" and data.get("request"):
                    self.log.asked[data["request"]["reference"]] = began
                    return
                if name == "done" and data.get("number"):
                    return  # a person took it before the assistant had answered
            self.log.again["no request was recorded"] += 1
            await asyncio.sleep(ASKS_AGAIN)

    async def _write(self) -> None:
        text = self.log.written(CUSTOMER, self.number, WRITES)
        if any(name == "reply" for name, _ in await self._say(text)):
            self.log.withdrawn(text)
            self.log.again["no person held it, the assistant answered"] += 1

    async def _end(self, following: "asyncio.Task[None]") -> None:
        """Stop following, at the end once what is under way has come."""
        if self.over.is_set():
            await asyncio.sleep(GRACE)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    async def _say(self, text: str) -> list[tuple[str, Any]]:
        """Send a message until it is answered, with the same id."""
        body = {"id": str(uuid.uuid4()), "text": text}
        while True:
            try:
                async with self.http.post(
                    f"{self.url}messages", json=body, headers=self._bearer, timeout=BRIEF
                ) as answer:
                    answer.raise_for_status()
                    events = [(name, data) async for name, data, _ in events_of(answer)]
                if events and events[-1][0] == "done" and not events[-1][1].get("again"):
                    return events
                self.log.again["cut off"] += 1
            except TROUBLE as error:
                self.log.again[f"message: {told(error)}"] += 1
            await asyncio.sleep(AGAIN_AFTER)

    async def _tell(self, path: str) -> None:
        try:
            async with self.http.post(f"{self.url}desk/{path}", headers=self._bearer, timeout=BRIEF) as answer:
                answer.raise_for_status()
        except TROUBLE as error:
            self.log.again[f"{path}: {told(error)}"] += 1

    async def _follow(self) -> None:
        while not self._is_done:
            headers = {**self._bearer, "Last-Event-ID": str(self._latest)}
            try:
                async with self.http.get(f"{self.url}desk/events", headers=headers, timeout=LASTING) as answer:
                    answer.raise_for_status()
                    async for name, data, number in events_of(answer):
                        if name == "said":
                            self._hear(data, number)
            except TROUBLE as error:
                self.log.again[f"customer's stream: {told(error)}"] += 1
            await asyncio.sleep(AGAIN_AFTER)

    def _hear(self, data: dict[str, Any], number: int) -> None:
        self._latest = max(self._latest, number)
        if data.get("event") == "taken":
            self._taken.set()
        if data["from"] == "person":
            self.log.read(data["text"])
            self._answered.set()


async def events_of(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, Any, int]]:
    """The server-sent events of an answer: name, data, number (0 without one)."""
    name, number = "", 0
    async for line in answer.content:
        field_name, _, value = line.decode().rstrip("\n").partition(": ")
        if field_name == "event":
            name = value
        elif field_name == "id":
            number = int(value)
        elif field_name == "data":
            yield name, json.loads(value), number
            number = 0


async def _either(*events: asyncio.Event) -> None:
    """Wait until one of them is set."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def told(error: BaseException) -> str:
    return f"status {error.status}" if isinstance(error, aiohttp.ClientResponseError) else type(error).__name__
