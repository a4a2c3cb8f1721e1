"""Requests for a person and complaints."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from actions.answers import answer_now
from actions.turn import CustomerAction, Outcome, Turn, say
from bot.handoff.store import open_request, record
from bot.knowledge.topics import topics
from bot.nlu.text import letters
from bot.storage.engine import session_scope

DETAILS = "complaint_details"
SURE_QUESTION = 0.8
# A short message of these intents is no complaint: the first leave the form, the others get the question again.
LEAVING = {"cancel", "deny", "goodbye"}
NO_COMPLAINT = {"greet", "affirm", "thank", "bot_challenge"}
SHORT = 4  # words


class ActionHandOver(CustomerAction):
    """Records that the customer wants a person; asking again gives the same reference number."""

    def name(self) -> str:
        return "action_hand_over"

    def answer(self, turn: Turn) -> Outcome:
        with session_scope() as session:
            reference = open_request(session, turn.conversation_id) or record(
                session,
                kind="person",
                conversation_id=turn.conversation_id,
                channel=turn.channel or "unknown",
                language=turn.language,
            )
        return Outcome([turn.fixed("utter_person_recorded", reference=reference)])


class ValidateComplaintForm(FormValidationAction):
    """A question asked in the middle of a complaint is answered, and the complaint goes on."""

    def name(self) -> str:
        return "validate_complaint_form"

    def validate_complaint_details(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """Take the text as the complaint, unless it leaves the form, says nothing, or surely asks something."""
        turn = Turn.of(tracker)
        if len(turn.text.split()) <= SHORT:
            if turn.intent in LEAVING:
                return {DETAILS: None, REQUESTED_SLOT: None}
            if turn.intent == "bot_challenge":
                say(dispatcher, turn, [turn.fixed("utter_bot_challenge")])
            if turn.intent in NO_COMPLAINT or letters(turn.text) == 0:
                return {DETAILS: None}
        if _surely_asks(turn):
            say(dispatcher, turn, [answer_now(turn, turn.intent, turn.entities("place"))])
            return {DETAILS: None}
        return {DETAILS: str(value).strip() or None}


def _surely_asks(turn: Turn) -> bool:
    confidence = (turn.parsed.get("intent") or {}).get("confidence", 0.0)
    is_question = turn.text.strip().endswith("?") or turn.text.startswith("/")
    return is_question and turn.intent in topics() and turn.intent.startswith("ask_") and confidence >= SURE_QUESTION


class ActionRecordComplaint(CustomerAction):
    """Records the complaint of the form and gives its reference number; without one, the form was left."""

    def name(self) -> str:
        return "action_record_complaint"

    def answer(self, turn: Turn) -> Outcome:
        if not turn.slots.get(DETAILS):
            return Outcome([turn.fixed("utter_cancelled")])
        with session_scope() as session:
            reference = record(
                session,
                kind="complaint",
                conversation_id=turn.conversation_id,
                channel=turn.channel or "unknown",
                language=turn.language,
                details=turn.slots.get(DETAILS),
            )
        return Outcome([turn.fixed("utter_complaint_recorded", reference=reference)], slots={DETAILS: None})
