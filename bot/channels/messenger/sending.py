"""Sends replies, and knows which of Graph's refusals are not failures."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.messenger import inbox, outcomes
from bot.channels.messenger.event_answering import GIVE_AWAY
from bot.channels.messenger.graph import (
    HELD_ELSEWHERE,
    NOT_AVAILABLE,
    TOO_LATE,
    Graph,
    GraphError,
    suppress_one_of,
)
from bot.channels.messenger.inbox import Task
from bot.channels.messenger.outcomes import OutboxItem
from bot.handoff.handoff_requests import Origin, note_unsent
from bot.known_channels import MESSENGER
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

WINDOW = timedelta(hours=24)  # after a person's last message; Meta allows no replies later
SEEN = ("mark_seen",)  # the sender actions for a message that is not answered by the assistant
ANSWERING = (*SEEN, "typing_on")
LOOK_AGAIN = 1.0  # seconds between tries while the database is unreachable


class Sending:
    """Sends through one page's Graph API."""

    def __init__(self, graph: Graph, held_for: timedelta) -> None:
        """
        Args:
            held_for: how long people hold the thread when it is passed to them.
        """
        self._graph, self._held_for = graph, held_for

    async def send(self, task: Task, item: OutboxItem) -> str | None:
        """Send one item; returns the problem where a retry is useless, else None.

        Raises:
            GraphError: it was not sent.
        """
        recipient = {"recipient": {"id": task.thread.person}}
        if GIVE_AWAY in item:
            with suppress_one_of(HELD_ELSEWHERE):
                await self._graph.post(f"me/{GIVE_AWAY}", {**recipient, "target_app_id": item[GIVE_AWAY]})
            await self._leave_to_others(task)
            return None
        if datetime.now(UTC) - task.thread.heard_at > WINDOW:
            await in_time(note_not_sent, task)
            return "not sent: more than 24 hours after the person wrote"
        try:
            body = {**recipient, "messaging_type": "RESPONSE", "message": item["message"]}
            await self._graph.post("me/messages", body)
        except GraphError as error:
            if error.is_one_of(HELD_ELSEWHERE):
                await self._leave_to_others(task)
            elif error.is_one_of(TOO_LATE):
                await in_time(note_not_sent, task)
            elif not error.is_one_of(NOT_AVAILABLE):
                raise
            return str(error)
        return None

    async def _leave_to_others(self, task: Task) -> None:
        until = datetime.now(UTC) + self._held_for
        await in_time(inbox.hold_thread, task.thread.person, until)

    async def show_interest(self, task: Task, actions: tuple[str, ...] = ANSWERING) -> None:
        """Show the message as seen, and the typing indicator; failures are ignored."""
        for action in actions:
            try:
                body = {"recipient": {"id": task.thread.person}, "sender_action": action}
                await self._graph.post("me/messages", body, tries=1)
            except GraphError:
                return


async def note_sent(reply_id: int) -> None:
    """Note that an item was sent, retrying while the database is gone: else the next worker would send it again."""
    for _ in range(int(inbox.CLAIM.total_seconds() / LOOK_AGAIN)):
        try:
            return await in_time(outcomes.sent, reply_id)
        except (SQLAlchemyError, OSError):
            await asyncio.sleep(LOOK_AGAIN)
    return await in_time(outcomes.sent, reply_id)


def note_not_sent(task: Task) -> None:
    """Note it for the staff, with the request for a person: here an answer could not be sent."""
    thread = task.thread
    with session_scope() as session:
        note_unsent(session, Origin(thread.conversation, MESSENGER.name, thread.language or LANGUAGES[0]))
