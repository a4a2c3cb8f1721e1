"""No power: a fault, or disconnected?"""

from dataclasses import asdict, replace

from actions.conversing import ConversingAction
from actions.customer_action import CustomerAction
from actions.fact_answers import answered
from actions.turn import Outcome, Slots, Turn
from bot.accounts.account_intents import QUESTIONS as ACCOUNT_QUESTIONS
from bot.clock import today
from bot.domain_names import ActionName, Form, Intent, PendingQuestion, Slot
from bot.knowledge.facts_on_day import FactStatus
from bot.replies.answer_composer import one_reply
from bot.replies.catalogue import catalogues
from bot.replies.dated_facts import dated_facts
from bot.replies.fixed_replies import fixed
from bot.replies.reply import Reply
from bot.storage.engine import session_scope
from bot.words.lexicon import yes_or_no

FAULTS_LINE = "faults_line"


def with_faults_line(turn: Turn, key: str) -> Reply:
    """A reply that tells whom to call about faults, from the fact that is valid today."""
    with session_scope() as session:
        fact = dated_facts(session, [FAULTS_LINE], today())[FAULTS_LINE]
    text = fact.texts[turn.language] if fact.status is FactStatus.IN_FORCE and fact.texts else ""
    reply = fixed(key, turn.language, turn.medium, faults_line=text)
    return replace(reply, sources=(fact.source,) if fact.source and text else ())


class ActionReportOutage(ConversingAction):
    """Names the fault line at once and asks the one question that distinguishes a fault from a disconnection."""

    def name(self) -> str:
        return ActionName.REPORT_OUTAGE

    def answer_alone(self, turn: Turn) -> Outcome:
        if turn.slots.get(Slot.PENDING_QUESTION) == PendingQuestion.OUTAGE:
            # "Yes, the whole stairwell is dark": classified as no power, but also an answer to the question.
            match yes_or_no(turn.text, turn.language):
                case True:
                    return ActionOutageArea().answer(turn)
                case False:
                    return ActionOutageSingle().answer(turn)
        if any(asked.intent in ACCOUNT_QUESTIONS for asked in turn.questions):
            return Outcome([], next_action=Form.ACCOUNT)  # which names the fault line first
        texts = catalogues()[turn.language]
        reply = with_faults_line(turn, "utter_outage_ask")
        buttons = (texts.button("neighbours_too"), texts.button("only_me"))
        asking = replace(reply, buttons=buttons)
        other = next((asked for asked in turn.questions if asked.intent != Intent.REPORT_OUTAGE), None)
        if other is None:
            slots: Slots = {Slot.TOPIC: Intent.REPORT_OUTAGE, Slot.ALSO: None}
            return Outcome([asking], slots=slots, pending_question=PendingQuestion.OUTAGE)
        # The other question is answered first, so that the assistant's own question comes last.
        before = answered(turn, other)
        return Outcome(
            [one_reply([*before.replies, asking], buttons)],
            slots={**(before.slots or {}), Slot.TOPIC: Intent.REPORT_OUTAGE, Slot.ALSO: [asdict(other)]},
            pending_question=PendingQuestion.OUTAGE,
        )


class ActionOutageArea(CustomerAction):
    """Others are without power too: a fault or an outage in the grid."""

    def name(self) -> str:
        return ActionName.OUTAGE_AREA

    def answer(self, turn: Turn) -> Outcome:
        return Outcome([with_faults_line(turn, "utter_outage_area")])


class ActionOutageSingle(CustomerAction):
    """Only this customer is without power: fuses, a fault, or disconnected."""

    def name(self) -> str:
        return ActionName.OUTAGE_SINGLE

    def answer(self, turn: Turn) -> Outcome:
        return Outcome([with_faults_line(turn, "utter_outage_single")])
