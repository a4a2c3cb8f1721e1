"""An agent at the desk, over HTTP as the console's pages do it: hears of requests, takes them, reads, answers."""

import asyncio
import html
import re
import time
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

import aiohttp

from benchmarks.desk_customer import AGAIN_AFTER, BRIEF, LASTING, PAUSE, TROUBLE, events_of, told
from benchmarks.desk_log import AGENT, DeskLog, conversation_in

WRITES = "Jā, to var. Rēķina termiņu pagarinām."
HESITATES = 0.5  # seconds at most before a request is taken
TYPES = 2.0  # seconds before an answer is sent
_EVENT = re.compile(r'data-number="(\d+)" data-kind="(\w+)"(.*?)</li>', re.DOTALL)
_TEXT = re.compile(r'<p class="text"[^>]*>(.*?)</p>', re.DOTALL)
_FORM_TOKEN = re.compile(r'name="form-token" content="([^"]+)"')
_PERSON = re.compile(r'name="person" content="(\d+)"')
PACE = 1.0  # seconds at least between two looks at a list, as the pages do it (`paced`)
OF_LISTS = {"requested", "agent_lost", "taken", "handed_on", "returned", "closed"}


@dataclass
class _PacedList:
    """A list on a page, which is asked for at once and then at most once in `PACE`."""

    ask: Callable[[], Awaitable[str]]
    _is_asked: bool = False
    _is_looking: bool = False

    async def look(self) -> None:
        """Ask for it; while it is asked for already, once more afterwards."""
        self._is_asked = True
        if self._is_looking:
            return
        self._is_looking = True
        while self._is_asked:
            self._is_asked = False
            await self.ask()
            await asyncio.sleep(PACE)
        self._is_looking = False


@dataclass
class DeskAgent:
    """One agent with one open page.

    Attributes:
        address: where the console is connected to; `host` is the host that it is asked for.
        token: of a session.
        at_once: conversations that are held at most.
        over: set when no more is to be taken or written.
    """

    http: aiohttp.ClientSession
    address: str
    host: str
    token: str
    at_once: int
    log: DeskLog
    over: asyncio.Event
    random: Random
    _form_token: str = ""
    _id: int = 0
    _latest: int = 0
    _mine: set[str] = field(default_factory=set)
    _waiting: dict[str, None] = field(default_factory=dict)
    _read_to: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    _reading: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _tasks: set["asyncio.Task[object]"] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._queue_list = _PacedList(lambda: self._get("/desk/list"))
        self._mine_list = _PacedList(lambda: self._get("/desk/mine?current="))

    async def work(self) -> None:
        """Work until cancelled."""
        page = await self._get("/desk")
        found, person = _FORM_TOKEN.search(page), _PERSON.search(page)
        if not found or not person:
            raise RuntimeError("The console does not let the agent in.")
        self._form_token, self._id = html.unescape(found[1]), int(person[1])
        try:
            while True:
                try:
                    await self._listen()
                except TROUBLE as error:
                    self.log.again[f"agent's stream: {told(error)}"] += 1
                await asyncio.sleep(AGAIN_AFTER)
        finally:
            for task in self._tasks:
                task.cancel()

    async def _listen(self) -> None:
        url = f"{self.address}/desk/stream?after={self._latest}"
        async with self.http.get(url, headers=self._headers, timeout=LASTING) as answer:
            answer.raise_for_status()
            async for name, data, number in events_of(answer):
                if name == "beat":
                    self._begin(self._post("/desk/beat", active="1"))
                elif name == "desk" and number > self._latest:
                    self._latest = number
                    self._hear(data["kind"], data["reference"], data["agent"])

    def _hear(self, kind: str, reference: str, agent: int | None) -> None:
        if kind in OF_LISTS and (reference in self._mine or agent == self._id):
            self._begin(self._mine_list.look())
        if kind == "customer_said" and reference in self._mine:
            self._begin(self._read(reference))
        elif kind in {"requested", "agent_lost"}:
            self.log.noticed.setdefault(reference, time.perf_counter())
            self._waiting[reference] = None
            self._begin(self._take())
        elif kind == "taken":
            self._waiting.pop(reference, None)
        elif kind in {"returned", "closed"}:
            self._mine.discard(reference)
            self._begin(self._take())
        if kind in OF_LISTS:
            self._begin(self._queue_list.look())

    async def _take(self) -> None:
        """Take what waits."""
        await asyncio.sleep(self.random.uniform(0, HESITATES))
        while self._waiting and len(self._mine) < self.at_once and not self.over.is_set():
            reference = next(iter(self._waiting))
            del self._waiting[reference]
            self._mine.add(reference)  # by the time of the answer the customer may have written
            if await self._post(f"/desk/{reference}/take") == 204:
                await self._read(reference)
            else:
                self._mine.discard(reference)  # a colleague was faster

    async def _read(self, reference: str) -> None:
        async with self._reading[reference]:
            page = await self._get(f"/desk/{reference}/events?after={self._read_to[reference]}")
            for number, kind, rest in _EVENT.findall(page):
                self._read_to[reference] = max(int(number), self._read_to[reference])
                text = _TEXT.search(rest)
                if kind == "customer_said" and text:
                    self.log.read(html.unescape(text[1]), self._id)
                    self._begin(self._answer(reference, conversation_in(text[1])))

    async def _answer(self, reference: str, conversation: int) -> None:
        pause = self.random.uniform(*PAUSE)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), pause)
        if self.over.is_set() or reference not in self._mine:
            return
        await self._post(f"/desk/{reference}/typing")
        await asyncio.sleep(TYPES)
        if reference not in self._mine:
            return
        text, client_id = self.log.written(AGENT, conversation, WRITES), str(uuid.uuid4())
        while (status := await self._post(f"/desk/{reference}/say", text=text, client_id=client_id)) != 204:
            if status == 409:  # the customer went back to the assistant: the agent is told, nothing was sent
                self.log.withdrawn(text)
                return
            await asyncio.sleep(AGAIN_AFTER)

    async def _get(self, path: str) -> str:
        while True:
            try:
                async with self.http.get(self.address + path, headers=self._headers, timeout=BRIEF) as answer:
                    answer.raise_for_status()
                    return await answer.text()
            except TROUBLE as error:
                self.log.again[f"GET of an agent: {told(error)}"] += 1
            await asyncio.sleep(AGAIN_AFTER)

    async def _post(self, path: str, **form: str) -> int:
        """The status; 0 where there was no answer."""
        headers = {**self._headers, "Origin": f"http://{self.host}"}
        data = {"form_token": self._form_token, **form}
        try:
            async with self.http.post(self.address + path, data=data, headers=headers, timeout=BRIEF) as answer:
                if answer.status not in {204, 409}:
                    self.log.again[f"POST of an agent: status {answer.status}"] += 1
                return answer.status
        except TROUBLE as error:
            self.log.again[f"POST of an agent: {told(error)}"] += 1
            return 0

    @property
    def _headers(self) -> dict[str, str]:
        return {"Host": self.host, "Cookie": f"staff={self.token}; language=lv", "X-Fetched": "1"}

    def _begin(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
