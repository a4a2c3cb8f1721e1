"""Works the inbox: each person's events in order, several persons at once, and what fails again later."""

import asyncio
import logging
import os
import secrets
import socket
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.messenger import inbox
from bot.channels.messenger.graph import Graph, GraphError
from bot.channels.messenger.inbox import Item, Task
from bot.channels.messenger.turns import CHANNEL, GIVE_AWAY, Turns
from bot.handoff.store import Origin, note_unsent
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
PERSONS = 32  # at once; most of their time is Graph's
LOOK_AGAIN = 1.0  # seconds; for what other workers have left
BEAT = 5.0  # seconds between renewals of the claims
WINDOW = timedelta(hours=24)  # after a person has written; later nothing may be sent
NOT_TO_BE_REACHED = 551  # "This person isn't available right now"
INTEREST = 1.0  # seconds that the answer waits for it
GRACE = 5.0  # seconds for what is under way when the server stops


class Worker:
    """One server's worker. `wake` it when something has come."""

    def __init__(self, turns: Turns, graph: Graph) -> None:
        self._turns, self._graph = turns, graph
        self.name = f"{socket.gethostname()[:24]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._news = asyncio.Event()
        self._at_work: dict[str, asyncio.Task[None]] = {}
        self._loops: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin, with what was left by whoever worked before."""
        await in_time(inbox.release_all)
        self._loops = [asyncio.create_task(self._work()), asyncio.create_task(self._hold_claims())]

    async def stop(self) -> None:
        """Take up nothing more, and give what is under way a moment."""
        for loop in self._loops:
            loop.cancel()
        if self._at_work:
            await asyncio.wait(self._at_work.values(), timeout=GRACE)
        for task in self._at_work.values():
            task.cancel()

    def wake(self) -> None:
        """Something has come; it is taken up when it has settled."""
        asyncio.get_running_loop().call_later(inbox.SETTLE.total_seconds(), self._news.set)

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
                await asyncio.wait_for(self._news.wait(), LOOK_AGAIN)
            except TimeoutError:
                continue

    async def _claim(self) -> str | None:
        return await in_time(inbox.claim, self.name, datetime.now(UTC))

    def _gone(self, person: str) -> None:
        self._at_work.pop(person, None)
        self._news.set()

    async def _hold_claims(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                if self._at_work:
                    await in_time(inbox.hold, self.name, list(self._at_work), datetime.now(UTC))
            except (SQLAlchemyError, OSError) as error:
                logger.error("Claims of Messenger cannot be renewed: %s.", type(error).__name__)

    async def _serve(self, person: str) -> None:
        """Work a person's events until there are none, or one must be tried again later."""
        rest = None
        try:
            while rest is None and (task := await in_time(inbox.begin_next, person, datetime.now(UTC))):
                rest = await self._try(task)
        except (SQLAlchemyError, OSError) as error:
            logger.error("An event of Messenger cannot be worked: %s.", type(error).__name__)
            rest = inbox.PAUSES[0]
        finally:
            await asyncio.shield(self._release(person, rest))

    async def _release(self, person: str, rest: timedelta | None) -> None:
        try:
            await in_time(inbox.release, self.name, person, datetime.now(UTC), rest)
        except (SQLAlchemyError, OSError) as error:  # the claim runs out by itself
            logger.error("A claim of Messenger cannot be ended: %s.", type(error).__name__)

    async def _try(self, task: Task) -> timedelta | None:
        """Work one event; gives back how long to rest where it has failed."""
        if task.content is None:  # it was set aside, or cannot be read with this server's key
            await in_time(inbox.fail, task.id, "unreadable or set aside", True)
            return None
        try:
            if not task.replied:
                await in_time(inbox.keep_replies, task.id, await self._items(task))
            problem = None
            for reply_id, item in await in_time(inbox.unsent, task.id):
                problem = await self._send(task, item) or problem
                await in_time(inbox.sent, reply_id)
            await in_time(inbox.finish, task.id, problem)
        except GraphError as error:
            rest = await in_time(inbox.fail, task.id, str(error), not error.temporary)
            return rest or None
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:
            logger.error("An event of Messenger failed: %s.", type(error).__name__)
            return await in_time(inbox.fail, task.id, type(error).__name__) or None
        return None

    async def _items(self, task: Task) -> list[Item]:
        """What is to be sent; meanwhile the person sees that the message was seen and is being answered."""
        interest = asyncio.create_task(self._show_interest(task))
        try:
            return await self._turns.items(task)
        finally:
            # An indicator that comes after the answer would stay.
            await asyncio.wait({interest}, timeout=INTEREST)
            interest.cancel()

    async def _show_interest(self, task: Task) -> None:
        """That it was seen, and that an answer is being written; of no weight when it fails."""
        if task.thread.held_until and task.at < task.thread.held_until:
            return
        for action in ("mark_seen", "typing_on"):
            try:
                body = {"recipient": {"id": task.thread.person}, "sender_action": action}
                await self._graph.post("me/messages", body, tries=1)
            except GraphError:
                return

    async def _send(self, task: Task, item: Item) -> str | None:
        """Send one item; gives back the problem where it is of no use to try again.

        Raises:
            GraphError: it was not sent.
        """
        recipient = {"recipient": {"id": task.thread.person}}
        if GIVE_AWAY in item:
            await self._graph.post(f"me/{GIVE_AWAY}", {**recipient, "target_app_id": item[GIVE_AWAY]})
            await in_time(inbox.hold_thread, task.thread.person, datetime.now(UTC) + self._turns.settings.held_for)
            return None
        if datetime.now(UTC) - task.thread.heard_at > WINDOW:
            await in_time(_note_unsent, task)
            return "not sent: more than 24 hours after the person wrote"
        try:
            body = {**recipient, "messaging_type": "RESPONSE", "message": item["message"]}
            await self._graph.post("me/messages", body)
        except GraphError as error:
            if error.code != NOT_TO_BE_REACHED:
                raise
            return str(error)
        return None


def _note_unsent(task: Task) -> None:
    """Whoever looks at the requests for a person learns that here an answer could not be sent."""
    thread = task.thread
    with session_scope() as session:
        note_unsent(session, Origin(thread.conversation, CHANNEL, thread.language or LANGUAGES[0]))
