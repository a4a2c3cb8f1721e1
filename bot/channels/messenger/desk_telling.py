"""Tells customers what happens at the desk: what the person writes, and in a short text who comes and goes."""

from datetime import UTC, datetime, timedelta

from bot.channels.messenger import inbox, outcomes
from bot.channels.messenger.graph import (
    HELD_ELSEWHERE,
    NO_ROUTING,
    NOT_AVAILABLE,
    TOO_LATE,
    Graph,
    GraphError,
    suppress_one_of,
)
from bot.channels.messenger.inbox import Task
from bot.channels.messenger.incoming import EventContent
from bot.channels.messenger.outcomes import OutboxItem
from bot.channels.messenger.outgoing import messages
from bot.channels.messenger.profile import TO_ASSISTANT
from bot.channels.messenger.sending import WINDOW, note_sent
from bot.desk.kinds import DeskEventKind
from bot.desk.undelivered import NotSentBecause, not_sent
from bot.replies.catalogue import Button, catalogues
from bot.replies.reply import Reply
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

# After a person's last message; within it people may still write, with a tag that says so (Send API, message tags).
PEOPLES_WINDOW = timedelta(days=7)
# Two people are talking: what the customer writes meanwhile waits for the desk as long as this.
LONGEST_REST = timedelta(seconds=5)
RESPONSE = {"messaging_type": "RESPONSE"}
OF_PEOPLE = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
TEXTS = {
    DeskEventKind.TAKEN: "messenger_taken",
    DeskEventKind.HANDED_ON: "messenger_handed_on",
    DeskEventKind.AGENT_LOST: "messenger_agent_lost",
    DeskEventKind.RETURNED: "messenger_returned",
    DeskEventKind.CLOSED: "messenger_closed",
}
# After these the assistant answers again.
ENDS = frozenset({DeskEventKind.RETURNED, DeskEventKind.CLOSED})
# With these the way back to the assistant is offered.
OFFERS_RETURN = frozenset({DeskEventKind.TAKEN, DeskEventKind.HANDED_ON})


def told(content: EventContent) -> list[OutboxItem]:
    """What a customer is told of an event of the desk."""
    kind = DeskEventKind(content["happened"])
    if kind == DeskEventKind.AGENT_SAID:
        reply = Reply(content.get("text", ""))
    else:
        texts = catalogues()[content["language"]]
        text = texts.variant(TEXTS[kind]).text.format(name=content.get("name", ""))
        back = (Button(texts.titles["to_assistant"], TO_ASSISTANT),) if kind in OFFERS_RETURN else ()
        reply = Reply(text, back)
    return [{"message": message} for message in messages(reply, lambda payload, _: payload)]


class DeskTelling:
    """Tells through one page's Graph API; each item once (`bot.channels.messenger.outcomes`)."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    async def tell(self, task: Task) -> timedelta | None:
        """Tell one event of the desk; returns the back-off where it is to be tried again, else None."""
        problem = None
        try:
            if not task.replied:
                await in_time(outcomes.keep_replies, task.id, told(task.content or {}))
            for reply_id, item in await in_time(outcomes.unsent, task.id):
                problem = await self._send(task, item)
                if problem:
                    break
                await note_sent(reply_id)
        except GraphError as error:
            return await self._later(task, error)
        if (task.content or {}).get("happened") in ENDS:
            await in_time(inbox.hold_thread, task.thread.person, None)  # also if somebody wrote in the page's inbox
        await in_time(outcomes.finish, task.id, problem)
        return None

    async def _later(self, task: Task, error: GraphError) -> timedelta:
        await in_time(outcomes.later, task.id, str(error))
        rest = min(outcomes.pause(datetime.now(UTC) - task.received_at), LONGEST_REST)
        return max(rest, timedelta(seconds=error.pause))

    async def _send(self, task: Task, item: OutboxItem) -> str | None:
        """Send one item; returns the problem where a retry is useless, else None. The agent is told then.

        Raises:
            GraphError: it was not sent, and a retry may succeed.
        """
        age = datetime.now(UTC) - task.thread.heard_at
        is_of_people = _is_of_people(task)
        if age > (PEOPLES_WINDOW if is_of_people else WINDOW):
            return await self._give_up(task, NotSentBecause.TOO_LATE)
        try:
            await self._post(task, item, OF_PEOPLE if age > WINDOW else RESPONSE)
        except GraphError as error:
            if error.temporary:
                raise
            late = error.is_one_of(TOO_LATE)
            if late and is_of_people and age <= WINDOW:  # Meta's clock counts, and it has just become too late by it
                return await self._send_late(task, item)
            away = NotSentBecause.NOT_REACHABLE if error.is_one_of(NOT_AVAILABLE) else NotSentBecause.REFUSED
            return await self._give_up(task, NotSentBecause.TOO_LATE if late else away, str(error))
        return None

    async def _give_up(self, task: Task, because: NotSentBecause, problem: str | None = None) -> str:
        """Note for the agents that what one of them wrote is not sent; returns the problem."""
        if _is_of_people(task):
            await in_time(_note, int((task.content or {})["number"]), because)
        return problem or f"not sent: {because}"

    async def _send_late(self, task: Task, item: OutboxItem) -> str | None:
        try:
            await self._post(task, item, OF_PEOPLE)
        except GraphError as error:
            if error.temporary:
                raise
            return await self._give_up(task, NotSentBecause.TOO_LATE, str(error))
        return None

    async def _post(self, task: Task, item: OutboxItem, kind: dict[str, str]) -> None:
        body = {"recipient": {"id": task.thread.person}, **kind, "message": item["message"]}
        try:
            await self._graph.post("me/messages", body)
        except GraphError as error:
            if not error.is_one_of(HELD_ELSEWHERE):
                raise
            # Another app of the page, such as its inbox, has the thread; the person at the desk needs it now.
            with suppress_one_of(NO_ROUTING):
                await self._graph.post("me/take_thread_control", {"recipient": {"id": task.thread.person}})
            await in_time(inbox.hold_thread, task.thread.person, None)
            await self._graph.post("me/messages", body)


def _is_of_people(task: Task) -> bool:
    return (task.content or {}).get("happened") == DeskEventKind.AGENT_SAID


def _note(number: int, because: NotSentBecause) -> None:
    with session_scope() as session:
        not_sent(session, number, because)
