"""Answering a visitor's message once, even if the visitor disconnects before the answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot import deadlines
from bot.accounts.choice_buttons import is_choice
from bot.accounts.opened import Opened
from bot.accounts.signed_in import open_accounts_of
from bot.channels.buttons import Buttons
from bot.channels.claims import Claim, settled
from bot.channels.conversation import Handler, TrackerReader, apology, converse
from bot.channels.intake import CustomerText, Payload, UserInput
from bot.channels.web import web_turns
from bot.channels.web.limits import Limits
from bot.channels.web.private_replies import just_said
from bot.channels.web.shown import ShownButton, ShownReply, ShownRequest, ShownSource, TurnContent
from bot.channels.web.visitors import Visitor
from bot.channels.whom_it_is_for import heard, turn_was_urgent
from bot.channels.work import WorkAllowance, set_aside
from bot.known_channels import WEB
from bot.observing.current_turn import current_turn
from bot.replies.reply import Reply
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)
KEEP_AGAIN, KEEP_TRIES = 1.0, 60  # seconds between retries of storing, and how many; the visitor has the answer already
Event = tuple[str, ShownReply | dict[str, bool] | dict[str, int]]  # a server-sent event: its name and its data
Result = TypeVar("Result")
NOT_KEPT = {"again": True}


@dataclass(frozen=True)
class VisitorMessage:
    """What a visitor sent: its id, the input for Rasa, and the text that the visitor sees."""

    id: str
    given: UserInput
    said: str


class Answering:
    """Answers the website's messages; one instance for all, since it keeps references to the running turns."""

    def __init__(self, handle: Handler, read_tracker: TrackerReader, buttons: Buttons, limits: Limits) -> None:
        self._handle, self._read_tracker, self._buttons, self._limits = handle, read_tracker, buttons, limits
        self._work = WorkAllowance(limits.work)
        self._running: set[asyncio.Task[Any]] = set()  # asyncio itself keeps only weak references to tasks

    async def take(self, visitor: Visitor, message: VisitorMessage, address: str) -> AsyncIterator[Event]:
        """Take a message and give the events of its answer: `reply` for each, and `done`.

        `done` says {"again": true} where nothing was stored; the client may then send the same message again.

        Raises:
            TooMany: the visitor sent too many messages, or messages that cost too much CPU time.
            Ended: the conversation is over.
        """
        taken = set_aside(message.said) if isinstance(message.given, CustomerText) else 0.0
        wait = await self._work.take(address, taken)
        is_new = False
        try:
            begun = await in_time(web_turns.begin, visitor, message.id, address, self._limits, wait)
            is_new = begun.before is None
        except (SQLAlchemyError, OSError) as error:
            logger.error("A message of the website cannot be taken: %s.", type(error).__name__)
            return self._not_kept(visitor, message)
        finally:
            if not is_new and not wait:
                await self._work.settle(address, taken, 0.0)
        if begun.before:
            return self._again(visitor, message, begun.before)
        return self._answer(visitor, message, address, taken, is_person_wanted=begun.is_person_wanted)

    async def finish(self, *_: Any) -> None:
        """At shutdown, let running turns finish within a turn's deadline, also those of disconnected visitors."""
        if self._running:  # storing retries that still wait for the database are given up
            await asyncio.wait(self._running, timeout=deadlines.TURN + deadlines.ANSWER_KEPT)

    async def _answer(
        self, visitor: Visitor, message: VisitorMessage, address: str, taken: float, *, is_person_wanted: bool
    ) -> AsyncIterator[Event]:
        # A task of its own goes on when the visitor disconnects, so that a resent message finds its answer.
        work = self._counted(visitor, message, address, taken, is_person_wanted=is_person_wanted)
        content = await asyncio.shield(self._in_background(work))
        for reply in content["replies"] if content else ():
            yield "reply", just_said(reply)
        yield "done", _end_of(content) if content else NOT_KEPT

    async def _counted(
        self, visitor: Visitor, message: VisitorMessage, address: str, taken: float, *, is_person_wanted: bool
    ) -> TurnContent | None:
        """What was stored; None where a person may hold the conversation, and that cannot be known now."""
        if is_person_wanted:
            try:
                if given := await self._given(visitor, message):
                    return given
            except (SQLAlchemyError, OSError) as error:
                logger.error("It cannot be known who answers a message: %s.", type(error).__name__)
                return None
        content = await self._converse(visitor, message, address, is_person_wanted=is_person_wanted)
        turn = current_turn()
        if turn and turn.worked is not None:  # work that missed its deadline is done all the same
            await self._work.settle(address, taken, turn.worked * 1000)
        return content

    async def _given(self, visitor: Visitor, message: VisitorMessage) -> TurnContent | None:
        """Give a message to the person who holds the conversation; None where the assistant answers it."""
        if not await in_time(web_turns.is_held, visitor):
            return None
        sounds = await heard(message.given)
        give = partial(web_turns.give, is_urgent=sounds.is_urgent, understood=sounds.understood)
        return await in_time(give, visitor, message.id, _content(message))

    async def _converse(
        self, visitor: Visitor, message: VisitorMessage, address: str, *, is_person_wanted: bool
    ) -> TurnContent | None:
        replies = await converse(
            self._handle,
            self._read_tracker,
            said=message.given,
            conversation_id=visitor.conversation,
            channel=WEB,
            language=visitor.language,
            address=address,
            message_id=message.id,
        )
        about = await _open_now(visitor) if any(reply.private for reply in replies) else []
        numbered = enumerate(replies)
        outgoing = (self._outgoing(visitor, f"{message.id}/{n}", reply, about) for n, reply in numbered)
        content = _content(message, *outgoing)
        # Stored before it is sent: a visitor who has seen it finds it in the history, whatever happens meanwhile.
        if kept := await self._keep(visitor, message, content):
            return kept
        self._in_background(self._keep_later(visitor, message, content))
        # A reply that is not stored is sent all the same, unless a person may have come meanwhile.
        is_person_wanted |= any("request" in reply for reply in content["replies"])
        return None if is_person_wanted else content

    def _in_background(self, work: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _keep_later(self, visitor: Visitor, message: VisitorMessage, content: TurnContent) -> None:
        for _ in range(KEEP_TRIES):
            await asyncio.sleep(KEEP_AGAIN)
            if await self._keep(visitor, message, content):
                return

    async def _keep(self, visitor: Visitor, message: VisitorMessage, content: TurnContent) -> TurnContent | None:
        """What was stored; None where the database failed."""
        end = partial(web_turns.end, is_urgent=turn_was_urgent())
        try:
            return await in_time(end, visitor, message.id, content, deadline=deadlines.ANSWER_KEPT)
        except (SQLAlchemyError, OSError) as error:
            logger.error("An answer of the website cannot be stored: %s.", type(error).__name__)
            return None

    async def _again(
        self, visitor: Visitor, message: VisitorMessage, before: Claim[TurnContent]
    ) -> AsyncIterator[Event]:
        """The replies to a message that was delivered before, as soon as they are there."""
        content = before.answer
        try:
            content = (await settled(before, web_turns.look, visitor, message.id)).answer
            if content is None:
                content = await in_time(web_turns.end, visitor, message.id, self._apologised(visitor, message))
        except (SQLAlchemyError, OSError) as error:
            logger.error("A message of the website cannot be looked up: %s.", type(error).__name__)
        for reply in content["replies"] if content else ():
            yield "reply", reply
        # Without content it may be answered, or a person may have it: nothing is said, and the client asks again.
        yield "done", _end_of(content) if content else NOT_KEPT

    async def _not_kept(self, visitor: Visitor, message: VisitorMessage) -> AsyncIterator[Event]:
        for reply in self._apologised(visitor, message)["replies"]:
            yield "reply", reply
        yield "done", NOT_KEPT

    def _apologised(self, visitor: Visitor, message: VisitorMessage) -> TurnContent:
        sorry = apology([visitor.language] if visitor.language else None)
        return _content(message, self._outgoing(visitor, f"{message.id}/0", sorry))

    def _outgoing(self, visitor: Visitor, reply_id: str, reply: Reply, about: Sequence[str] = ()) -> ShownReply:
        """A reply in the JSON shape that clients get and that is stored."""
        sign = partial(self._buttons.reference, visitor.conversation)
        shown = ShownReply(
            id=reply_id,
            text=reply.text,
            sources=[ShownSource(title=link.title, url=link.url) for link in reply.links],
            language=reply.language,
            buttons=[ShownButton(title=one.title, button=sign(one.payload, one.title)) for one in reply.buttons],
            at=_now(),
        )
        if reply.private:
            shown["accounts"] = [*about]
        if reply.closes:
            shown["accounts_closed"] = True
        if reply.request:
            shown["request"] = ShownRequest(reference=reply.request.reference.number, kind=reply.request.kind)
        return shown


async def _open_now(visitor: Visitor) -> list[str]:
    """The accounts that an answer is about; where they cannot be read, the answer is never shown again."""
    try:
        opened: Opened = await in_time(open_accounts_of, visitor.conversation, deadline=deadlines.ANSWER_KEPT)
    except (SQLAlchemyError, OSError) as error:
        logger.error("The open accounts cannot be read: %s.", type(error).__name__)
        return []
    return sorted(opened.contracts)


def _content(message: VisitorMessage, *replies: ShownReply) -> TurnContent:
    content: TurnContent = {"said": message.said, "at": _now(), "replies": [*replies]}
    if isinstance(message.given, Payload) and is_choice(message.given.text):
        content["chose"] = True
    return content


def _end_of(content: TurnContent) -> dict[str, int]:
    """The data of `done`: the message's number at the desk, where a person got it."""
    return {"number": content["number"]} if "number" in content else {}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
