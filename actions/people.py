"""Requests for a person and complaints."""

from dataclasses import replace
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from actions.confirming import asks_first
from actions.conversation_repair import ActionRepeat
from actions.customer_action import CustomerAction
from actions.desk_replies import answers_here, leave_number, recorded, state_of_request, with_request
from actions.fact_answers import answer_now
from actions.interruptions import SURE, answer_in_between, is_short, is_sure, leaves, left_by
from actions.turn import Asked, Outcome, Slots, Turn, say
from bot.desk.desk_requests import found, of_conversation
from bot.desk.kinds import OPEN_STATES, RequestKind
from bot.domain_names import ALARMS, ActionName, Form, Intent, PendingQuestion, Slot
from bot.handoff.handoff_requests import record, request_person
from bot.knowledge.topics import topics
from bot.nlu.complaints import asks_about_complaints
from bot.replies.reply import Reply
from bot.storage.engine import session_scope
from bot.words.text import letters

# These intents are no complaint while the complaint form is active. A long message counts as a complaint unless its
# intent is certain.
SAYING_NOTHING = {Intent.GREET, Intent.AFFIRM, Intent.THANK, Intent.UNSURE}
TELLING = 8  # words; an opening that long ("I waited for an hour and then …") belongs to the complaint


class ActionHandOver(CustomerAction):
    """Records that the customer wants a person; asking again gives the same reference number."""

    def name(self) -> str:
        return ActionName.HAND_OVER

    def answer(self, turn: Turn) -> Outcome:
        with session_scope() as session:
            open_ones = {
                each.reference for each in of_conversation(session, turn.conversation_id) if each.state in OPEN_STATES
            }
            reference = request_person(session, turn.origin, details=None if turn.is_button else turn.text)
            kind = found(session, reference).kind
            if answers_here(turn) and reference in open_ones:
                reply, *_ = state_of_request(session, turn, reference)
            else:
                reply = recorded(session, turn, reference)
        return Outcome([replace(with_request(reply, reference, kind), handover=reference)])


class ActionComplain(CustomerAction):
    """Starts the complaint form; a question about complaints is answered instead, with the offer to start it."""

    def name(self) -> str:
        return ActionName.COMPLAIN

    def answer(self, turn: Turn) -> Outcome:
        if not turn.is_button and asks_about_complaints(turn.text, turn.language):
            return Outcome([turn.fixed("utter_about_complaints")], pending_question=PendingQuestion.COMPLAIN)
        # A customer who was asked whether they want to complain, and now complains, is asked for the complaint.
        asking = asks_first(turn) if turn.slots.get(Slot.PENDING_QUESTION) != PendingQuestion.COMPLAIN else None
        return asking or Outcome([], next_action=Form.COMPLAINT)


class ValidateComplaintForm(FormValidationAction):
    """Takes the complaint. Interruptions are answered, and the form continues or ends."""

    def name(self) -> str:
        return ActionName.VALIDATE_COMPLAINT_FORM

    def validate_complaint_details(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """The text as the complaint, unless it leaves the form, interrupts it, or says nothing."""
        turn = Turn.of(tracker)
        if leaves(turn):
            return {Slot.COMPLAINT_DETAILS: None, REQUESTED_SLOT: None}  # ends the form; action_end_complaint answers
        interruption = _answer_in_between(turn) if is_short(turn) or is_sure(turn) else []
        if turn.intent in ALARMS:
            # It may be a complaint or a report of danger: both are handled.
            interruption = [answer_now(turn, Asked(turn.intent, []))]
        say(dispatcher, turn, interruption)
        nothing = is_short(turn) and (turn.intent in SAYING_NOTHING or turn.is_doubtful or letters(turn.text) == 0)
        taken = not nothing and (not interruption or turn.intent in ALARMS)
        return {Slot.COMPLAINT_DETAILS: str(value).strip() if taken else None}


def _answer_in_between(turn: Turn) -> list[Reply]:
    """The answer to a message that is certainly not a complaint."""
    if turn.intent == Intent.REPEAT:
        return ActionRepeat().answer(turn).replies
    if turn.intent in topics() and not (turn.is_button or turn.text.strip().endswith("?")):
        return []  # part of a complaint may sound like a question
    return answer_in_between(turn, likely=SURE)


def _opening(turn: Turn) -> str:
    """The message that opened the complaint form, where it already contains the complaint; else nothing."""
    opening = said = ""
    for event in turn.events:
        if event.get("event") == "user":
            said = event.get("text") or ""
        elif event.get("event") == "active_loop" and event.get("name"):
            opening = said
    return opening if len(opening.split()) > TELLING else ""


class ActionEndComplaint(CustomerAction):
    """Ends the complaint form: recorded with a reference number, left for danger or for a person, or cancelled."""

    def name(self) -> str:
        return ActionName.END_COMPLAINT

    def when_failed(self, turn: Turn) -> Slots:
        """Clear the complaint; otherwise the next form would start already filled."""
        return {Slot.COMPLAINT_DETAILS: None}

    def answer(self, turn: Turn) -> Outcome:
        if not turn.slots.get(Slot.COMPLAINT_DETAILS):
            return left_by(turn)
        details = "\n".join(part for part in (_opening(turn), turn.slot_text(Slot.COMPLAINT_DETAILS)) if part)
        with session_scope() as session:
            reference = record(session, RequestKind.COMPLAINT, turn.origin, details=details)
        reply = turn.fixed("utter_complaint_recorded", reference=reference)
        # A complaint can be answered only if there is a way to reach the customer.
        reply = replace(reply, text=" ".join(filter(None, (reply.text, leave_number(turn)))))
        asked = with_request(reply, reference, RequestKind.COMPLAINT)
        return Outcome([asked], slots={Slot.COMPLAINT_DETAILS: None})
