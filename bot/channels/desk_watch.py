"""Looks at the desk for all in this process who follow what happens there: the website's streams, and Messenger.

One statement five times a second is enough for all of them; once a second while nobody waits for anything; none while
nobody follows.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sanic import Sanic

from bot.desk.desk_events import latest_number
from bot.desk.typing import number_and_typists
from bot.storage.deadline import in_time
from bot.storage.engine import single_statements

logger = logging.getLogger(__name__)
LOOK_AGAIN = 0.2  # seconds between two looks
LOOK_AGAIN_IDLE = 1.0  # while all who follow can wait
LOOK_AGAIN_AFTER_TROUBLE = 1.0
TYPING_EVERY = 3  # looks between two looks at who types
Typists = frozenset[tuple[str, str]]  # conversations with `bot.desk.typing.CUSTOMER` or an agent's id


@dataclass(frozen=True)
class Glance:
    """What one look found.

    Attributes:
        number: of the desk's latest event.
        typists: who types; None where it was not looked at.
    """

    number: int
    typists: Typists | None


class Follower:
    """One who follows; `DeskWatch.follow` makes it."""

    def __init__(self, hurry: asyncio.Event) -> None:
        self._hurry, self._new = hurry, asyncio.Event()
        self._glance: Glance | None = None
        self.can_wait = False

    async def next(self) -> Glance:
        """What the next look finds; of several that were missed, the latest."""
        while (glance := self._glance) is None:
            self._new.clear()
            await self._new.wait()
        self._glance = None
        return glance

    def wait_patiently(self, patiently: bool) -> None:
        """Say whether news may come within a second, or are to come at once."""
        if self.can_wait and not patiently:
            self._hurry.set()
        self.can_wait = patiently

    def show(self, glance: Glance) -> None:
        """Take what a look has found."""
        if glance.typists is None and self._glance:
            glance = Glance(glance.number, self._glance.typists)
        self._glance = glance
        self._new.set()


class DeskWatch:
    """Looks at the desk while anybody follows; one instance in each server, `watch_of`."""

    def __init__(self) -> None:
        self._followers: set[Follower] = set()
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def follow(self) -> Iterator[Follower]:
        """Follow what happens at the desk, beginning with a look that is made now."""
        follower = Follower(self._hurry)
        self._followers.add(follower)
        self._hurry.set()
        if self._task is None:
            self._task = asyncio.create_task(self._look_on())
        try:
            yield follower
        finally:
            self._followers.discard(follower)
            if not self._followers and self._task:
                self._task.cancel()
                self._task = None

    async def _look_on(self) -> None:
        looks = 0
        while True:
            self._hurry.clear()
            pause = LOOK_AGAIN_AFTER_TROUBLE
            try:
                glance = await in_time(look_at_desk, looks % TYPING_EVERY == 0)
                pause = LOOK_AGAIN_IDLE if all(each.can_wait for each in self._followers) else LOOK_AGAIN
                looks += 1
                for each in self._followers:
                    each.show(glance)
            except Exception as error:  # whatever it is, those who follow must not be left without news for ever
                logger.error("The desk cannot be looked at: %s.", type(error).__name__)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._hurry.wait()


def look_at_desk(with_typists: bool = True) -> Glance:
    """Look once, with one statement."""
    with single_statements() as session:
        if not with_typists:
            return Glance(latest_number(session), None)
        number, typists = number_and_typists(session, datetime.now(UTC))
        return Glance(number, frozenset(typists))


def watch_of(app: Sanic) -> DeskWatch:
    """The watch of a server, the same for all its channels."""
    if not hasattr(app.ctx, "desk_watch"):
        app.ctx.desk_watch = DeskWatch()
    watch: DeskWatch = app.ctx.desk_watch
    return watch
