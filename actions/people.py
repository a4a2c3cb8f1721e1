"""Requests for a person and complaints."""

from typing import Any, ClassVar

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import REQUESTED_SLOT

from actions.answers import answer_now, answered
from actions.dialogue import ActionChangeLanguage, ActionRepeat
from actions.turn import CustomerAction, Outcome, Turn, say
from bot.handoff.store import open_request, record
from bot.knowledge.topics import topics
from bot.nlu.text import letters
from bot.replies.reply import Reply
from bot.storage.engine import session_scope

DETAILS = "complaint_details"
DANGER, PERSON = "report_danger", "request_human"
# What is no complaint in the middle of the complaint form. A long message counts as one, unless its intent is sure.
LEAVING = {"cancel", "deny", "goodbye"}
SAYING_NOTHING = {"greet", "affirm", "thank"}
SHORT = 4  # words
SURE = 0.8
TELLING = 8  # words; an opening that long ("I waited for an hour and then …") belongs to the complaint


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
                details=None if turn.is_button else turn.text,
            )
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
        short = len(turn.text.split()) <= SHORT
        sure = short or turn.confidence >= SURE
        if (short and turn.intent in LEAVING) or (sure and turn.intent in {DANGER, PERSON}):
            return {DETAILS: None, REQUESTED_SLOT: None}  # Rasa's way to end a form; action_end_complaint answers
        interruption = _answer_in_between(turn) if sure else []
        if turn.intent == DANGER:
            interruption = [answer_now(turn, DANGER, [])]  # perhaps a complaint, perhaps danger: both are served
        say(dispatcher, turn, interruption)
        nothing = short and (turn.intent in SAYING_NOTHING or letters(turn.text) == 0)
        taken = not nothing and (not interruption or turn.intent == DANGER)
        return {DETAILS: str(value).strip() if taken else None}


def _answer_in_between(turn: Turn) -> list[Reply]:
    """The answer to what is surely something else than a complaint."""
    match turn.intent:
        case "help" | "bot_challenge":
            return [turn.fixed(f"utter_{turn.intent}")]
        case "repeat":
            return ActionRepeat().answer(turn).replies
        case "change_language":
            return ActionChangeLanguage().answer(turn).replies[:1]
    asks = turn.text.strip().endswith("?") or turn.is_button
    if asks and turn.intent.startswith("ask_") and turn.intent in topics() and turn.confidence >= SURE:
        return [answer_now(turn, turn.intent, turn.entities("place"))]
    return []


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

    slots_on_failure: ClassVar[dict[str, Any]] = {DETAILS: None}  # else the next form would be full from the beginning

    def name(self) -> str:
        return "action_end_complaint"

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
            reference = record(
                session,
                kind="complaint",
                conversation_id=turn.conversation_id,
                channel=turn.channel or "unknown",
                language=turn.language,
                details=details,
            )
        return Outcome([turn.fixed("utter_complaint_recorded", reference=reference)], slots={DETAILS: None})
