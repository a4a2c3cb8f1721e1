"""An action that answers a customer: what comes before its own answer, and what is said when it fails."""

import asyncio
import logging
from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from actions.desk_replies import about_request
from actions.turn import Event, Outcome, Slots, Turn, say
from bot import deadlines
from bot.domain_names import Slot
from bot.observing import metrics
from bot.observing.error_place import place_of
from bot.replies.asked_source import source_again
from bot.replies.reply import Reply

logger = logging.getLogger(__name__)


class CustomerAction(Action, ABC):
    """An action that answers a customer. When it fails, the reply is an apology with the number to call."""

    @abstractmethod
    def answer(self, turn: Turn) -> Outcome:
        """Decide what to say."""

    def _answer(self, turn: Turn) -> Outcome:
        again = None if turn.form else source_again(turn.text, turn.sources, turn.language)
        if again:
            return Outcome([Reply(again)], pending_question=turn.slot_text(Slot.PENDING_QUESTION))
        return about_request(turn) or self.answer(turn)

    def when_failed(self, turn: Turn) -> Slots:
        """Slots to set when answering failed, so that no later turn continues something half done."""
        return {}

    async def run(  # type: ignore[override]  # rasa_sdk awaits a coroutine as well
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[Event]:
        """rasa_sdk's entry point."""
        turn = Turn.of(tracker)
        try:
            # In a thread: a database that hangs must block neither other customers nor this one's apology.
            outcome = await asyncio.wait_for(asyncio.to_thread(self._answer, turn), deadlines.ACTION)
        except Exception as error:
            # The exception's own text may quote what the customer wrote, so only its kind and place are logged.
            metrics.failed(error)
            kind, place = type(error).__name__, place_of(error)
            logger.error("%s failed: %s at %s; the customer was told to call 8400.", self.name(), kind, place)
            sorry = replace(turn.fixed("utter_unavailable"), failed=True)
            outcome = Outcome([sorry], slots=self.when_failed(turn))
        say(dispatcher, turn, outcome.replies)
        slots = {str(Slot.PENDING_QUESTION): outcome.pending_question} | (outcome.slots or {})
        events = [SlotSet(name, value) for name, value in slots.items() if turn.slots.get(name) != value]
        if outcome.ends_form:
            events.append(SlotSet(REQUESTED_SLOT, None))  # Rasa's way to end a form
        if outcome.next_action:
            events.append(FollowupAction(outcome.next_action))
        return events
