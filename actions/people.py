"""Requests for a person and complaints."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import answer_now
from actions.turn import CustomerAction, Outcome, Turn, say
from bot.handoff.store import open_request, record
from bot.knowledge.topics import topics
from bot.storage.engine import session_scope

DETAILS = "complaint_details"
SURE_QUESTION = 0.8


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
        """Take the text as the complaint, unless it surely asks something that a topic answers."""
        turn = Turn.of(tracker)
        confidence = (turn.parsed.get("intent") or {}).get("confidence", 0.0)
        is_question = turn.text.strip().endswith("?") or turn.text.startswith("/")
        if is_question and turn.intent in topics() and turn.intent.startswith("ask_") and confidence >= SURE_QUESTION:
            say(dispatcher, turn, [answer_now(turn, turn.intent, turn.entities("place"))])
            return {DETAILS: None}
        return {DETAILS: str(value).strip() or None}


class ActionRecordComplaint(CustomerAction):
    """Records the complaint of the form and gives its reference number."""

    def name(self) -> str:
        return "action_record_complaint"

    def answer(self, turn: Turn) -> Outcome:
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
