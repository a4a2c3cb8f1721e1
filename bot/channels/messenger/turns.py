"""What one event asks for: the replies to it, and who holds the thread afterwards."""

from asyncio import Semaphore
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rasa.shared.core.events import UserUttered

from bot.channels.buttons import Buttons
from bot.channels.conversation import Handler, TrackerReader, converse
from bot.channels.handover import request_in, wants_a_person
from bot.channels.intake import customer_text
from bot.channels.messenger import inbox
from bot.channels.messenger.graph import Graph
from bot.channels.messenger.inbox import Item, Task
from bot.channels.messenger.incoming import OURS, Kind
from bot.channels.messenger.outgoing import messages
from bot.channels.messenger.profile import TO_ASSISTANT, menu_payload
from bot.channels.messenger.settings import MessengerSettings
from bot.replies.catalogue import catalogues
from bot.replies.nlg import conversation_language
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time

CHANNEL = "messenger"
# Turns at once. They take the processor, so more answer nobody sooner, and deliveries are acknowledged in between.
THINKING = 2
GIVE_AWAY = "pass_thread_control"


@dataclass(frozen=True)
class Turns:
    """Works out answers. Handling and reading are Rasa's, of the agent that serves."""

    handle: Handler
    read_tracker: TrackerReader
    buttons: Buttons
    graph: Graph
    settings: MessengerSettings
    thinking: Semaphore = field(default_factory=lambda: Semaphore(THINKING))

    async def items(self, task: Task) -> list[Item]:
        """What is to be sent for an event: {"message": …} and {"pass_thread_control": app}, in order."""
        content, person = task.content or {}, task.thread.person
        match task.kind:
            case Kind.PERSON_SPOKE | Kind.TAKEN:
                await in_time(inbox.hold_thread, person, task.at + self.settings.held_for)
            case Kind.GIVEN:
                await in_time(inbox.hold_thread, person, None)
            case Kind.ASKED_FOR if content.get("app"):
                await in_time(inbox.hold_thread, person, task.at + self.settings.held_for)
                return [{GIVE_AWAY: content["app"]}]
            case Kind.REFERRAL:
                await self._choose_language(task)
            case Kind.STANDBY:
                return await self._standby(task, content)
            case Kind.TEXT | Kind.POSTBACK | Kind.ATTACHMENT if not self._is_held(task):
                return await self._answer(task, content)
            case Kind.TEXT | Kind.POSTBACK if self._wants_the_assistant(content):
                return await self._return(task)
        return []

    def _is_held(self, task: Task) -> bool:
        return task.thread.held_until is not None and task.at < task.thread.held_until

    async def _standby(self, task: Task, content: dict[str, Any]) -> list[Item]:
        """Others hold the thread: the assistant is silent, unless it is called, or nobody has answered for long."""
        if self._wants_the_assistant(content):
            await self._take(task)
            return await self._return(task)
        if task.thread.held_until is None:  # since when is not known, so from now on
            await in_time(inbox.hold_thread, task.thread.person, task.at + self.settings.held_for)
            return []
        if self._is_held(task):
            return []
        await self._take(task)
        await in_time(inbox.hold_thread, task.thread.person, None)
        return await self._answer(task, content)

    async def _take(self, task: Task) -> None:
        await self.graph.post("me/take_thread_control", {"recipient": {"id": task.thread.person}})

    async def _return(self, task: Task) -> list[Item]:
        await in_time(inbox.hold_thread, task.thread.person, None)
        return self._fixed("messenger_returned", await self._language(task))

    @staticmethod
    def _wants_the_assistant(content: dict[str, Any]) -> bool:
        said = str(content.get("text", "")).strip(" .!„”\"'").casefold()
        titles = {catalogues()[language].titles["to_assistant"].casefold() for language in LANGUAGES}
        return content.get("payload") == TO_ASSISTANT or said in titles

    async def _answer(self, task: Task, content: dict[str, Any]) -> list[Item]:
        if self._wants_the_assistant(content):
            return await self._return(task)
        if task.kind is Kind.ATTACHMENT or not (content.get("text") or content.get("payload")):
            return self._fixed("messenger_attachment", await self._language(task))
        if "ref" in content:
            await self._choose_language(task)
        began = datetime.now(UTC)
        async with self.thinking:
            replies = await converse(
                self.handle,
                self.read_tracker,
                text=self._said(task.thread.conversation, content),
                conversation_id=task.thread.conversation,
                channel=CHANNEL,
                language=_language_of(content.get("ref")) or task.thread.language,
            )
        handed_over = self.settings.inbox_app and wants_a_person(
            await self.read_tracker(task.thread.conversation), began
        )
        others, reference = request_in(replies) if handed_over else (replies, "")
        items: list[Item] = [
            {"message": message} for reply in others for message in messages(reply, self._reference(task))
        ]
        if handed_over:
            # The thread may be passed only after what is said of it.
            items += self._fixed("messenger_handed_over", await self._language(task), reference=reference)
            items.append({GIVE_AWAY: self.settings.inbox_app})
        return items

    def _said(self, conversation: str, content: dict[str, Any]) -> str:
        """What Rasa is told: what a choice of ours means, else what was said."""
        payload = content.get("payload")
        pressed = self.buttons.pressed(conversation, payload)
        if pressed:
            return pressed[0]
        chosen = menu_payload(payload)
        return chosen or customer_text(content.get("text") or content.get("title") or "")

    def _reference(self, task: Task) -> Any:
        return lambda payload, title: self.buttons.reference(task.thread.conversation, payload, title)

    async def _choose_language(self, task: Task) -> None:
        language = _language_of((task.content or {}).get("ref"))
        if language:
            await in_time(inbox.speak, task.thread.person, language)

    async def _language(self, task: Task) -> str:
        """Of the conversation, else of the link that led here, else Latvian."""
        tracker = await self.read_tracker(task.thread.conversation)
        if tracker and any(isinstance(event, UserUttered) for event in tracker.events):
            return conversation_language(tracker)
        return _language_of((task.content or {}).get("ref")) or task.thread.language or LANGUAGES[0]

    @staticmethod
    def _fixed(key: str, language: str, **values: str) -> list[Item]:
        text = catalogues()[language].variant(key).text.format(**values)
        return [{"message": {"text": text, "metadata": OURS}}]


def _language_of(ref: object) -> str | None:
    """The language in the `ref` of a link such as m.me/elektrum?ref=en."""
    return next((language for language in LANGUAGES if ref in (language, f"lang={language}")), None)
