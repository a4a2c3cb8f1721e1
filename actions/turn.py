"""What every action needs to know of a turn, and how it answers."""

import asyncio
import logging
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from bot import metrics
from bot.error_place import place_of
from bot.handoff.store import Origin
from bot.nlu.signals import QUESTIONS
from bot.replies.answers import fixed
from bot.replies.language import of_conversation, of_session
from bot.replies.reply import Reply, medium, rasa_message

logger = logging.getLogger(__name__)
Event = dict[str, Any]
PENDING = "pending_question"
DEADLINE = 2.2  # seconds; whatever is down, the customer hears so within three


@dataclass(frozen=True)
class Asked:
    """A question of a message: its intent and the places that it names (ids, or names of other towns)."""

    intent: str
    places: list[str]


@dataclass(frozen=True)
class Turn:
    """One message of a customer and what the conversation knows.

    Attributes:
        language: lv or en, to answer in.
        channel: Rasa's name of the input channel.
        medium: "phone" for the ear, None for the eye.
        parsed: the parse result of the latest message.
        form: the form that is being filled in, if any.
    """

    language: str
    channel: str | None
    medium: str | None
    conversation_id: str
    parsed: dict[str, Any]
    slots: dict[str, Any]
    events: list[dict[str, Any]]
    form: str | None = None

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        """Read a turn from rasa_sdk's tracker."""
        users = [event for event in reversed(tracker.events) if event.get("event") == "user"]
        turns = [event.get("parse_data") or {} for event in users]
        channel = tracker.get_latest_input_channel()
        return cls(
            language=of_conversation(turns, of_session(event.get("metadata") for event in users)),
            channel=channel,
            medium=medium(channel),
            conversation_id=tracker.sender_id,
            parsed=dict(tracker.latest_message or {}),
            slots=dict(tracker.slots),
            events=list(tracker.events),
            form=tracker.active_loop_name,
        )

    @property
    def origin(self) -> Origin:
        """Where a request for a person comes from."""
        return Origin(self.conversation_id, self.channel or "unknown", self.language)

    @property
    def intent(self) -> str:
        """The latest message's intent."""
        return str((self.parsed.get("intent") or {}).get("name"))

    @property
    def confidence(self) -> float:
        """How sure the latest message's intent is, 0 to 1."""
        return float((self.parsed.get("intent") or {}).get("confidence") or 0.0)

    @property
    def is_button(self) -> bool:
        """Whether the latest message is a button that we offered (free text never begins like one)."""
        return self.text.startswith("/")

    @property
    def text(self) -> str:
        """The latest message's text."""
        return str(self.parsed.get("text") or "")

    def entities(self, kind: str, within: tuple[int, int] | None = None) -> list[str]:
        """The latest message's values of an entity, in order, each once; those that begin within some characters."""
        found = [e for e in self.parsed.get("entities") or [] if e.get("entity") == kind]
        if within is not None:
            found = [e for e in found if within[0] <= e["start"] < within[1]]
        return list(dict.fromkeys(str(e["value"]) for e in found))

    @property
    def questions(self) -> list[Asked]:
        """The questions of a message that asks two; empty for a message that asks one."""
        return [
            Asked(str(question["intent"]), self.entities("place", (question["start"], question["end"])))
            for question in self.parsed.get(QUESTIONS) or []
        ]

    def fixed(self, key: str, **values: Any) -> Reply:
        """A reply from the catalogue in this turn's language and medium."""
        return fixed(key, self.language, self.medium, **values)


@dataclass
class Outcome:
    """What an action says, and the slots that it sets.

    Attributes:
        pending_question: what the outcome asks; otherwise it is cleared.
        ends_form: whether the form that the action asks for is over.
        next_action: an action that goes on from here, in the same turn.
    """

    replies: list[Reply]
    slots: dict[str, Any] | None = None
    pending_question: str | None = None
    ends_form: bool = False
    next_action: str | None = None


class CustomerAction(Action, ABC):
    """An action that answers a customer. When it fails, the customer hears so, with the number to call."""

    @abstractmethod
    def answer(self, turn: Turn) -> Outcome:
        """Decide what to say."""

    def when_failed(self, turn: Turn) -> dict[str, Any]:
        """Slots to set when answering failed, so that nothing half done is taken up again later."""
        return {}

    async def run(  # type: ignore[override]  # rasa_sdk awaits a coroutine as well
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """rasa_sdk's entry point."""
        turn = Turn.of(tracker)
        try:
            # In a thread: a database that hangs must hold up neither other customers nor this one's apology.
            outcome = await asyncio.wait_for(asyncio.to_thread(self.answer, turn), DEADLINE)
        except Exception as error:
            # The exception's own text may quote what the customer wrote, so only its kind and place are logged.
            metrics.failed(error)
            kind, place = type(error).__name__, place_of(error)
            logger.error("%s failed: %s at %s; the customer was given 8400.", self.name(), kind, place)
            outcome = Outcome([turn.fixed("utter_unavailable")], slots=self.when_failed(turn))
        say(dispatcher, turn, outcome.replies)
        slots = {PENDING: outcome.pending_question} | (outcome.slots or {})
        events = [SlotSet(name, value) for name, value in slots.items() if turn.slots.get(name) != value]
        if outcome.ends_form:
            events.append(SlotSet(REQUESTED_SLOT, None))  # Rasa's way to end a form
        if outcome.next_action:
            events.append(FollowupAction(outcome.next_action))
        return events


def say(dispatcher: CollectingDispatcher, turn: Turn, replies: list[Reply]) -> None:
    """Hand replies to Rasa in the form that fits the turn's channel."""
    for reply in replies:
        dispatcher.utter_message(**rasa_message(reply, turn.language, turn.channel))
