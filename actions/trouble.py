"""No power: a fault, or disconnected?"""

from actions.answers import ACCOUNT_FORM, ALSO, TOPIC, answered
from actions.turn import PENDING, CustomerAction, Outcome, Turn
from bot.accounts.dialogue import QUESTIONS as ACCOUNT_QUESTIONS
from bot.clock import today
from bot.knowledge.store import Status, look_up
from bot.nlu.lexicon import yes_or_no
from bot.replies.answers import fixed, one_reply
from bot.replies.catalogue import catalogues
from bot.replies.reply import Reply
from bot.storage.engine import session_scope

REPORT, OUTAGE = "report_outage", "outage"
FAULTS_LINE = "faults_line"


def with_faults_line(turn: Turn, key: str) -> Reply:
    """A reply that tells whom to call about faults, as the fact stands today."""
    with session_scope() as session:
        fact = look_up(session, [FAULTS_LINE], today())[FAULTS_LINE]
    text = fact.texts[turn.language] if fact.status is Status.IN_FORCE and fact.texts else ""
    reply = fixed(key, turn.language, turn.medium, faults_line=text)
    return Reply(reply.text, reply.buttons, (fact.source,) if fact.source and text else ())


class ActionReportOutage(CustomerAction):
    """Names the fault line at once and asks the one question that tells a fault from a disconnection."""

    def name(self) -> str:
        return "action_report_outage"

    def answer(self, turn: Turn) -> Outcome:
        if turn.slots.get(PENDING) == OUTAGE:
            # "Yes, the whole stairwell is dark": understood as no power, and an answer to the question all the same.
            match yes_or_no(turn.text, turn.language):
                case True:
                    return ActionOutageArea().answer(turn)
                case False:
                    return ActionOutageSingle().answer(turn)
        if any(asked.intent in ACCOUNT_QUESTIONS for asked in turn.questions):
            return Outcome([], next_action=ACCOUNT_FORM)  # which names the fault line first
        texts = catalogues()[turn.language]
        reply = with_faults_line(turn, "utter_outage_ask")
        buttons = (texts.button("affirm", "neighbours_too"), texts.button("deny", "only_me"))
        asking = Reply(reply.text, buttons, reply.sources)
        other = next((asked for asked in turn.questions if asked.intent != REPORT), None)
        if other is None:
            return Outcome([asking], slots={TOPIC: REPORT, ALSO: None}, pending_question=OUTAGE)
        # The other question is answered first, so that what the assistant asks stands last.
        before = answered(turn, other.intent, other.places)
        return Outcome(
            [one_reply([*before.replies, asking], buttons)],
            slots={**(before.slots or {}), TOPIC: REPORT, ALSO: {"intent": other.intent, "places": other.places}},
            pending_question=OUTAGE,
        )


class ActionOutageArea(CustomerAction):
    """Others are without power too: a fault or an outage in the grid."""

    def name(self) -> str:
        return "action_outage_area"

    def answer(self, turn: Turn) -> Outcome:
        return Outcome([with_faults_line(turn, "utter_outage_area")])


class ActionOutageSingle(CustomerAction):
    """Only this customer is without power: fuses, a fault, or disconnected."""

    def name(self) -> str:
        return "action_outage_single"

    def answer(self, turn: Turn) -> Outcome:
        return Outcome([with_faults_line(turn, "utter_outage_single")])
