"""Handles one event: the replies to it, and who holds the thread afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from rasa.shared.core.events import UserUttered

from bot.channels.buttons import Buttons
from bot.channels.conversation import TrackerReader, languages_of
from bot.channels.conversation_language import conversation_language
from bot.channels.handover import request_in, wants_a_person
from bot.channels.intake import UserInput, customer_text
from bot.channels.messenger import inbox, outcomes
from bot.channels.messenger.graph import NO_ROUTING, Graph, suppress_one_of
from bot.channels.messenger.inbox import Task
from bot.channels.messenger.incoming import OURS, SOONEST, EventContent, MessengerEventKind
from bot.channels.messenger.outcomes import OutboxItem
from bot.channels.messenger.outgoing import messages
from bot.channels.messenger.profile import GET_STARTED, STARTS, is_beginning, menu_payload
from bot.channels.messenger.settings import MessengerSettings
from bot.channels.messenger.talking_with_people import leave_people, wants_the_assistant
from bot.channels.messenger.thinking import Thinking
from bot.channels.messenger.unanswered_messages import REFUSING, Refusals
from bot.observing.current_turn import current_turn
from bot.replies.catalogue import catalogues
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time

GIVE_AWAY: Final = "pass_thread_control"


@dataclass(frozen=True)
class Turns:
    """Computes the answers to events. The serving Rasa agent reads trackers."""

    thinking: Thinking
    read_tracker: TrackerReader
    buttons: Buttons
    graph: Graph
    settings: MessengerSettings
    refusals: Refusals = field(default_factory=Refusals)

    async def items(self, task: Task) -> list[OutboxItem]:
        """What is to be sent for an event: {"message": …} and {"pass_thread_control": app}, in order.

        Raises:
            TurnFailed: the answer cannot be computed now.
            GraphError: a thread could not be taken.
        """
        content, person = task.content or {}, task.thread.person
        match task.kind:
            case MessengerEventKind.PERSON_SPOKE if await self._is_automatic(task):
                await in_time(outcomes.note_automatic, task.id)
            case MessengerEventKind.PERSON_SPOKE | MessengerEventKind.TAKEN:
                await in_time(inbox.hold_thread, person, task.at + self.settings.held_for)
            case MessengerEventKind.GIVEN:
                await in_time(inbox.hold_thread, person, None)
            case MessengerEventKind.ASKED_FOR if content.get("app"):
                await in_time(inbox.hold_thread, person, task.at + self.settings.held_for)
                return [{GIVE_AWAY: content["app"]}]
            case MessengerEventKind.REFERRAL:
                await self._choose_language(task)
            case MessengerEventKind.STANDBY:
                return await self._standby(task, content)
            case MessengerEventKind.TEXT | MessengerEventKind.POSTBACK | MessengerEventKind.ATTACHMENT if (
                not self._is_held(task)
            ):
                return await self._answer(task, content)
            case MessengerEventKind.TEXT | MessengerEventKind.POSTBACK if wants_the_assistant(content):
                return await self._return(task)
        return []

    def _is_held(self, task: Task) -> bool:
        return task.thread.held_until is not None and task.at < task.thread.held_until

    async def _is_automatic(self, task: Task) -> bool:
        if self._is_held(task):  # a person is there, and may write at the same moment as the customer
            return False
        heard = await in_time(inbox.last_heard, task.thread.person, task.at)
        return heard is not None and task.at - heard < SOONEST

    async def _standby(self, task: Task, content: EventContent) -> list[OutboxItem]:
        """Others hold the thread: the assistant is silent, unless it is asked for, or nobody has answered for long."""
        if wants_the_assistant(content):
            await self._take(task)
            return await self._return(task)
        if task.thread.held_until is None:  # it is not known since when, so count from now on
            await in_time(inbox.hold_thread, task.thread.person, task.at + self.settings.held_for)
            return []
        if self._is_held(task):
            return []
        await self._take(task)
        answer = await self._answer(task, content)  # where it fails, the whole event is retried
        await in_time(inbox.hold_thread, task.thread.person, None)
        return answer

    async def _take(self, task: Task) -> None:
        with suppress_one_of(NO_ROUTING):
            await self.graph.post("me/take_thread_control", {"recipient": {"id": task.thread.person}})

    async def _return(self, task: Task) -> list[OutboxItem]:
        await in_time(inbox.hold_thread, task.thread.person, None)
        if await in_time(leave_people, task.thread.conversation):
            return []  # the desk's event tells it
        return self._fixed("messenger_returned", await self._language(task))

    async def _answer(self, task: Task, content: EventContent) -> list[OutboxItem]:
        if wants_the_assistant(content):
            return await self._return(task)
        if task.kind is MessengerEventKind.ATTACHMENT:
            refused = self._fixed("messenger_attachment", await self._language(task))
            return self.refusals.unsaid(task.thread.person, task.at, refused)
        if "ref" in content:
            await self._choose_language(task)
        began = datetime.now(UTC)
        language = _language_of(content.get("ref")) or task.thread.language
        replies = await self.thinking.replies(task, self.said(task, content), language)
        turn = current_turn()
        handed_over = self.settings.inbox_app and wants_a_person(
            await self.read_tracker(task.thread.conversation), began
        )
        others, reference = request_in(replies) if handed_over else (replies, "")
        items: list[OutboxItem] = [
            {"message": message} for reply in others for message in messages(reply, self._reference(task))
        ]
        if handed_over:
            # The thread is passed after the message that announces it.
            items += self._fixed("messenger_handed_over", await self._language(task), reference=reference)
            items.append({GIVE_AWAY: self.settings.inbox_app})
        elif turn and turn.intent in REFUSING:
            return self.refusals.unsaid(task.thread.person, task.at, items)
        return items

    def said(self, task: Task, content: EventContent) -> UserInput:
        """The input for Rasa: the payload of our choice, the start of a conversation, else the text."""
        payload, said = content.get("payload"), content.get("text") or content.get("title") or ""
        pressed = self.buttons.pressed(task.thread.conversation, payload)
        chosen = pressed[0] if pressed else menu_payload(payload)
        if not chosen and (payload or task.kind is MessengerEventKind.POSTBACK) and is_beginning(payload or "", said):
            chosen = STARTS[GET_STARTED]
        return chosen or customer_text(said)

    def _reference(self, task: Task) -> Callable[[str, str], str]:
        return lambda payload, title: self.buttons.reference(task.thread.conversation, payload, title)

    async def _choose_language(self, task: Task) -> None:
        language = _language_of((task.content or {}).get("ref"))
        if language:
            await in_time(inbox.speak, task.thread.person, language)

    async def _language(self, task: Task) -> str:
        """The conversation's language, else that of the link that led here, else Latvian."""
        tracker = await self.read_tracker(task.thread.conversation)
        if tracker and any(isinstance(event, UserUttered) for event in tracker.events):
            return conversation_language(tracker)
        return _language_of((task.content or {}).get("ref")) or task.thread.language or LANGUAGES[0]

    async def in_known_languages(self, task: Task, key: str) -> OutboxItem:
        """A text of the catalogue, in both languages where the person's is not known; works while parts are down."""
        known = await languages_of(self.read_tracker, task.thread.conversation, task.thread.language)
        texts = [catalogues()[language].variant(key).text for language in known or LANGUAGES]
        return {"message": {"text": "\n\n".join(texts), "metadata": OURS}}

    @staticmethod
    def _fixed(key: str, language: str, **values: str) -> list[OutboxItem]:
        text = catalogues()[language].variant(key).text.format(**values)
        return [{"message": {"text": text, "metadata": OURS}}]


def _language_of(ref: object) -> str | None:
    """The language in the `ref` of a link such as m.me/elektrum?ref=en."""
    return next((language for language in LANGUAGES if ref in (language, f"lang={language}")), None)
