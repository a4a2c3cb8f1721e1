"""Processes the inbox: each person's events in order, several persons concurrently; failures are retried later."""

import asyncio
import logging
import os
import secrets
import socket
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from bot import deadlines
from bot.channels.conversation import TurnFailed, seconds_since_an_answer
from bot.channels.desk_watch import DeskWatch
from bot.channels.messenger import inbox, outcomes
from bot.channels.messenger.desk_news import DeskNews
from bot.channels.messenger.desk_telling import DeskTelling
from bot.channels.messenger.event_answering import Turns
from bot.channels.messenger.graph import Graph, GraphError
from bot.channels.messenger.inbox import Task
from bot.channels.messenger.incoming import MessengerEventKind
from bot.channels.messenger.outcomes import OutboxItem
from bot.channels.messenger.sending import SEEN, WINDOW, Sending, note_not_sent, note_sent
from bot.channels.messenger.talking_with_people import give, is_for_a_person, is_held, keep_replies
from bot.channels.whom_it_is_for import heard, turn_was_urgent
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)
PERSONS = 32  # at once; most of the time they wait for Graph
LOOK_AGAIN = 1.0  # seconds between polls, for events that dead workers left
ANSWERED = frozenset({MessengerEventKind.TEXT, MessengerEventKind.POSTBACK, MessengerEventKind.ATTACHMENT})
SOON = timedelta(seconds=deadlines.MESSENGER_DELAY_TOLD)
# An event that fails for so long, while others succeed, fails by its own content (a poison message), not by a part.
GIVEN_UP_AFTER = timedelta(seconds=deadlines.MESSENGER_GIVEN_UP)
UNREADABLE = "it cannot be read with this server's key"


class Worker:
    """One server's worker; `wake` it when events have come."""

    def __init__(self, turns: Turns, graph: Graph, watch: DeskWatch) -> None:
        self._turns, self._sending = turns, Sending(graph, turns.settings.held_for)
        self._telling, self._news_of_desk = DeskTelling(graph), DeskNews(graph, watch, self.wake_now)
        self.name = f"{socket.gethostname()[:24]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._news = asyncio.Event()
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start, with the events that earlier workers left."""
        await in_time(inbox.release_all)
        await self._news_of_desk.start()
        self._loops = [asyncio.create_task(self._work()), asyncio.create_task(self._hold_claims())]

    async def stop(self) -> None:
        """Claim nothing more, and give running work a moment to finish."""
        for loop in self._loops:
            loop.cancel()
        await self._news_of_desk.stop()
        if self._at_work:
            await asyncio.wait(self._at_work.values(), timeout=deadlines.MESSENGER_STOP)
        for task in self._at_work.values():
            task.cancel()

    def wake(self) -> None:
        """Events have come; they are processed when they have settled (`SETTLE`)."""
        asyncio.get_running_loop().call_later(inbox.SETTLE.total_seconds(), self._news.set)

    def wake_now(self) -> None:
        """Events have come that need not settle."""
        self._news.set()

    async def _work(self) -> None:
        while True:
            self._news.clear()
            try:
                while len(self._at_work) < PERSONS and (person := await self._claim()):
                    task = asyncio.create_task(self._serve(person))
                    self._at_work[person] = task
                    task.add_done_callback(lambda _, person=person: self._gone(person))  # type: ignore[misc]
            except (SQLAlchemyError, OSError) as error:
                logger.error("The inbox of Messenger cannot be read: %s.", type(error).__name__)
                await asyncio.sleep(LOOK_AGAIN)
            try:
                async with asyncio.timeout(LOOK_AGAIN):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _claim(self) -> str | None:
        return await in_time(inbox.claim, self.name, datetime.now(UTC))

    def _gone(self, person: str) -> None:
        self._at_work.pop(person, None)
        self._news.set()

    async def _hold_claims(self) -> None:
        while True:
            await asyncio.sleep(deadlines.MESSENGER_CLAIM_RENEWAL)
            try:
                if self._at_work:
                    await in_time(inbox.hold, self.name, list(self._at_work), datetime.now(UTC))
            except (SQLAlchemyError, OSError) as error:
                logger.error("Claims of Messenger cannot be renewed: %s.", type(error).__name__)

    async def _serve(self, person: str) -> None:
        """Process a person's events until there are none, or one must be retried later."""
        rest, task = None, None
        try:
            while rest is None and (task := await in_time(inbox.begin_next, person, datetime.now(UTC))):
                rest = await self._try(task)
        except (SQLAlchemyError, OSError) as error:
            logger.error("An event of Messenger cannot be processed: %s.", type(error).__name__)
            rest = outcomes.SHORTEST
            if task:
                self._turns.thinking.survived.add(task.id)
        finally:
            await asyncio.shield(self._release(person, rest))

    async def _release(self, person: str, rest: timedelta | None) -> None:
        try:
            await in_time(inbox.release, self.name, person, datetime.now(UTC), rest)
        except (SQLAlchemyError, OSError) as error:  # the claim expires by itself
            logger.error("A claim of Messenger cannot be ended: %s.", type(error).__name__)

    async def _try(self, task: Task) -> timedelta | None:
        """Process one event; returns the back-off where it has failed, else None."""
        if task.content is None:
            await in_time(outcomes.set_aside, task.id, UNREADABLE)
            return None
        try:
            if task.kind is MessengerEventKind.DESK:
                rest = await self._telling.tell(task)
                self._news_of_desk.typing.hidden(task.thread.person)
                return rest
            await self._answer(task)
        except TurnFailed:
            return await self._later(task)
        except GraphError as error:
            return await self._not_sent(task, error)
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:
            logger.error("An event of Messenger failed: %s.", type(error).__name__)
            if task.kind is not MessengerEventKind.DESK:
                return await self._later(task)
            await in_time(outcomes.set_aside, task.id, type(error).__name__)
        return None

    async def _answer(self, task: Task) -> None:
        """Answer one event, or give it to the person who holds the conversation."""
        if await self._is_given(task):
            return
        if task.tries >= outcomes.MOST_TRIES:
            await self._give_up(task, f"its server died with it {task.tries} times")
            return
        if not task.replied:
            items = await self._items(task)
            await in_time(partial(keep_replies, task, items, is_urgent=turn_was_urgent()))
        problem = None
        for reply_id, item in await in_time(outcomes.unsent, task.id):
            if await self._is_given(task):  # a person has come, and the assistant says no more
                return
            problem = await self._sending.send(task, item) or problem
            await note_sent(reply_id)
        await in_time(outcomes.finish, task.id, problem)

    async def _is_given(self, task: Task) -> bool:
        """Give a message to the person who holds the conversation; returns whether it is done with that."""
        if not is_for_a_person(task) or not await in_time(is_held, task.thread.conversation):
            return False
        sounds = await heard(self._turns.said(task, task.content or {}))
        if not await in_time(partial(give, task, is_urgent=sounds.is_urgent, understood=sounds.understood)):
            return False
        await in_time(outcomes.finish, task.id)
        if task.kind in ANSWERED:
            await self._sending.show_interest(task, SEEN)
        return True

    async def _later(self, task: Task) -> timedelta | None:
        """An event cannot be answered now; returns the back-off, None where it is given up."""
        now = datetime.now(UTC)
        age = now - task.received_at
        if now - task.thread.heard_at > WINDOW:
            await in_time(note_not_sent, task)
            await in_time(outcomes.set_aside, task.id, "not answered within 24 hours")
            return None
        if age > GIVEN_UP_AFTER and seconds_since_an_answer() < deadlines.OTHERS_ANSWERED:
            await self._give_up(task, "it fails again and again, while others are answered")
            return None
        rest = outcomes.pause(age)
        await in_time(outcomes.later, task.id, outcomes.UNANSWERED)
        if age + rest > SOON and await in_time(outcomes.may_tell_of_delay, task.id):
            await self._say(task, "messenger_delayed")
        return rest

    async def _give_up(self, task: Task, problem: str) -> None:
        """Make an event that cannot be answered a dead letter ('bot messenger inbox' shows it); tell the person."""
        await self._say(task, "utter_unavailable")
        await in_time(outcomes.set_aside, task.id, problem)

    async def _say(self, task: Task, key: str) -> None:
        """Send a notice that is not an answer; where that fails too, it is dropped."""
        if task.kind not in ANSWERED | {MessengerEventKind.STANDBY} or await in_time(is_held, task.thread.conversation):
            return
        try:
            await self._sending.send(task, await self._turns.in_known_languages(task, key))
        except GraphError as error:
            logger.error("A person in Messenger could not be told %s: %s.", key, error)

    async def _not_sent(self, task: Task, error: GraphError) -> timedelta | None:
        """Handle a refusal of Graph; returns the back-off, None where a retry is useless."""
        now = datetime.now(UTC)
        is_over = now - task.thread.heard_at > WINDOW
        if is_over:
            await in_time(note_not_sent, task)
        if is_over or not error.temporary:
            await in_time(outcomes.set_aside, task.id, str(error))
            return None
        await in_time(outcomes.later, task.id, str(error))
        return max(outcomes.pause(now - task.received_at), timedelta(seconds=error.pause))

    async def _items(self, task: Task) -> list[OutboxItem]:
        """The items to send; meanwhile the person sees the message as seen, and the typing indicator."""
        interest = asyncio.create_task(self._show_interest(task))
        try:
            return await self._turns.items(task)
        finally:
            # A typing indicator that arrives after the answer would stay.
            await asyncio.wait({interest}, timeout=deadlines.MESSENGER_INTEREST)
            interest.cancel()

    async def _show_interest(self, task: Task) -> None:
        is_held = task.thread.held_until and task.at < task.thread.held_until
        is_over = datetime.now(UTC) - task.thread.heard_at > WINDOW
        if not is_held and not is_over and not task.problem and task.kind in ANSWERED:
            await self._sending.show_interest(task)
