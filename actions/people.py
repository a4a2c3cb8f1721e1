"""Requests for a person and complaints."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from actions.answers import answer_now, answered
from actions.dialogue import ActionRepeat
from actions.interruptions import DANGER, answer_in_between, is_short, is_sure, leaves
from actions.turn import CustomerAction, Outcome, Turn, say
from bot.handoff.store import record, request_person
from bot.nlu.text import letters
from bot.replies.reply import Reply
from bot.storage.engine import session_scope

DETAILS = "complaint_details"
# No complaint in the middle of the complaint form. A long message counts as one, unless its intent is sure.
SAYING_NOTHING = {"greet", "affirm", "thank"}
TELLING = 8  # words; an opening that long ("I waited for an hour and then …") belongs to the complaint


class ActionHandOver(CustomerAction):
    """Records that the customer wants a person; asking again gives the same reference number."""

    def name(self) -> str:
        return "action_hand_over"

    def answer(self, turn: Turn) -> Outcome:
        with session_scope() as session:
            reference = request_person(session, turn.origin, details=None if turn.is_button else turn.text)
        return Outcome([turn.fixed("utter_person_recorded", reference=reference)])


class ValidateComplaintForm(FormValidationAction):
    """Takes the complaint. What else is said in the middle of it is answered, and the complaint goes on or is left."""

    def name(self) -> str:
        return "validate_complaint_form"

    def validate_complaint_details(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """The text as the complaint, unless it leaves the form, interrupts it, or says nothing."""
        turn = Turn.of(tracker)
        if leaves(turn):
            return {DETAILS: None, REQUESTED_SLOT: None}  # Rasa's way to end a form; action_end_complaint answers
        interruption = _answer_in_between(turn) if is_short(turn) or is_sure(turn) else []
        if turn.intent == DANGER:
            interruption = [answer_now(turn, DANGER, [])]  # perhaps a complaint, perhaps danger: both are served
        say(dispatcher, turn, interruption)
        nothing = is_short(turn) and (turn.intent in SAYING_NOTHING or letters(turn.text) == 0)
        taken = not nothing and (not interruption or turn.intent == DANGER)
        return {DETAILS: str(value).strip() if taken else None}


def _answer_in_between(turn: Turn) -> list[Reply]:
    """The answer to what is surely something else than a complaint."""
    if turn.intent == "repeat":
        return ActionRepeat().answer(turn).replies
    if turn.intent.startswith("ask_") and not (turn.is_button or turn.text.strip().endswith("?")):
        return []  # what a complaint tells may sound like a question
    return answer_in_between(turn)


def _opening(turn: Turn) -> str:
    """The message that opened the complaint form, where it tells something already; else nothing."""
    opening = said = ""
    for event in turn.events:
        if event.get("event") == "user":
            said = event.get("text") or ""
        elif event.get("event") == "active_loop" and event.get("name"):
            opening = said
    return opening if len(opening.split()) > TELLING else ""


class ActionEndComplaint(CustomerAction):
    """Ends the complaint form: recorded with a reference number, or left for danger, a person or nothing."""

    def name(self) -> str:
        return "action_end_complaint"

    def when_failed(self, turn: Turn) -> dict[str, Any]:
        """No complaint; else the next form would be full from the beginning."""
        return {DETAILS: None}

    def answer(self, turn: Turn) -> Outcome:
        if not turn.slots.get(DETAILS):
            match turn.intent:
                case "report_danger":
                    return answered(turn, DANGER, [])
                case "request_human":
                    return ActionHandOver().answer(turn)
            return Outcome([turn.fixed("utter_cancelled")])
        details = "\n".join(part for part in (_opening(turn), turn.slots.get(DETAILS)) if part)
        with session_scope() as session:
            reference = record(session, "complaint", turn.origin, details=details)
        return Outcome([turn.fixed("utter_complaint_recorded", reference=reference)], slots={DETAILS: None})
