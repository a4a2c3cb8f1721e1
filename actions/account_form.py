"""Questions about the customer's own account: the form that verifies the customer's identity."""

from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.account_messages import asked_in, heard_in, questions_of
from actions.account_replies import STATEMENTS_FIRST, answers_beside, ended, outcome_of, said_first
from actions.confirming import asks_first
from actions.customer_action import CustomerAction
from actions.fact_answers import answered
from actions.interruptions import answer_in_between, is_short, is_sure, leaves, left_by
from actions.turn import Asked, Outcome, Slots, Turn
from bot.accounts.account_intents import QUESTIONS
from bot.accounts.dialogue import Dialogue
from bot.accounts.given_numbers import contract_numbers
from bot.accounts.reading_back import agreement
from bot.accounts.setup import account_source, delivery, shows_accounts, website
from bot.accounts.steps import DialogueStep
from bot.accounts.utterance import Utterance
from bot.accounts.waiting import Waiting
from bot.clock import today
from bot.domain_names import ALARMS, ActionName, EntityName, Intent, Slot
from bot.observing.current_turn import current_turn
from bot.replies.account_answers import code_message
from bot.replies.answer_composer import one_reply
from bot.replies.reply import Reply
from bot.storage.engine import session_scope

# In the middle of the form, these intents are handled by their own actions.
TAKEN_UP_BY: dict[str, ActionName] = {
    Intent.COMPLAIN: ActionName.COMPLAIN,
    Intent.REPORT_OUTAGE: ActionName.REPORT_OUTAGE,
    Intent.SIGN_OUT: ActionName.SIGN_OUT,
}
GIVES_UP = {*ALARMS, Intent.REQUEST_HUMAN, Intent.CANCEL, Intent.GOODBYE}


class ValidateAccountForm(FormValidationAction):
    """Never fills the slot: the message goes to the account dialogue, and the tracker stores none of it."""

    def name(self) -> str:
        return ActionName.VALIDATE_ACCOUNT_FORM

    def validate_account_details(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """Leave the slot empty, so that the form asks its own action every turn."""
        return {Slot.ACCOUNT_DETAILS: None}


class ActionAskAccountDetails(CustomerAction):
    """Each turn of the account form: asks for number and code, answers when the account is open, and ends the form."""

    def name(self) -> str:
        return ActionName.ASK_ACCOUNT_DETAILS

    def answer(self, turn: Turn) -> Outcome:
        begins = turn.slots.get(Slot.ACCOUNT_QUESTION) is None and turn.intent == Intent.REQUEST_PAYMENT_EXTENSION
        if begins and not contract_numbers(turn.text, turn.language) and (asking := asks_first(turn)):
            return ended(asking)
        if not shows_accounts(turn.channel):
            return _elsewhere(turn, asked_in(turn))
        questions, heard = questions_of(turn), heard_in(turn)
        if turn.slots.get(Slot.ACCOUNT_QUESTION) is None:
            return _begin(turn, questions, heard)
        # A message with a number or a code is for the form, whatever its intent.
        holds_answer = bool(heard.numbers or heard.codes or heard.choice or heard.takes_number_back)
        is_answer = holds_answer or _chooses_all(turn, heard) or _wishes(turn)
        is_answer = is_answer or (turn.by_ear and _answers_reading_back(turn, heard))
        if _ends(turn, is_answer=is_answer):
            return _left(turn)
        is_plain = is_sure(turn) or (turn.intent == Intent.SIGN_OUT and is_short(turn))
        if is_plain and turn.intent in TAKEN_UP_BY and not turn.is_doubtful and not is_answer:
            return _left(turn, next_action=TAKEN_UP_BY[turn.intent])
        return _go_on(turn, questions, heard, between=[] if is_answer else answer_in_between(turn))

    def when_failed(self, turn: Turn) -> Slots:
        """Keep the question and the form active: the next message continues it."""
        return {Slot.ACCOUNT_QUESTION: " ".join(questions_of(turn))}


def _ends(turn: Turn, *, is_answer: bool) -> bool:
    """Whether a message ends the form. Danger and despair do, even unsure ones, unless they come with the answer."""
    alarmed = turn.intent in ALARMS
    if is_answer:
        return alarmed and leaves(turn)
    return alarmed or leaves(turn)


def _begin(turn: Turn, questions: list[str], heard: Utterance) -> Outcome:
    before = answers_beside(turn)
    before += [said_first(turn, question) for question in questions if question in STATEMENTS_FIRST]
    with session_scope() as session:
        step = _dialogue(session, turn).begin(questions[-1], heard, today())
    return outcome_of(turn, questions, heard, step, before)


def _go_on(turn: Turn, questions: list[str], heard: Utterance, *, between: list[Reply]) -> Outcome:
    with session_scope() as session:
        dialogue = _dialogue(session, turn)
        if not dialogue.is_known:
            step = dialogue.begin(questions[-1], heard, today())
        elif between:
            step = _after_answer(turn, dialogue)
            between = [] if step.finished else between
        elif turn.intent in QUESTIONS and turn.intent not in questions and is_sure(turn):
            questions = [turn.intent]
            step = dialogue.ask_instead(turn.intent, heard, today())
        else:
            step = dialogue.go_on(heard, today())
    return outcome_of(turn, questions, heard, step, between)


def _after_answer(turn: Turn, dialogue: Dialogue) -> DialogueStep:
    """The form's next step after an interruption was answered."""
    reminder = dialogue.remind()
    if turn.intent == Intent.WITHOUT_NUMBER and dialogue.waits_for is Waiting.NUMBER:
        return dialogue.go_without()
    return DialogueStep() if turn.intent == Intent.HOLD_ON else DialogueStep(reminder)


def _answers_reading_back(turn: Turn, heard: Utterance) -> bool:
    """Whether a message confirms or rejects the number that was read back."""
    if turn.intent in GIVES_UP or (heard.agrees is None and agreement(turn.text, turn.language) is None):
        return False
    with session_scope() as session:
        return _dialogue(session, turn).reads_back


def _chooses_all(turn: Turn, heard: Utterance) -> bool:
    """Whether a message, whatever its intent, answers "all" to the question which contract is meant."""
    if not heard.wants_all:
        return False
    with session_scope() as session:
        return _dialogue(session, turn).waits_for is Waiting.CHOICE


def _wishes(turn: Turn) -> bool:
    """Whether a message, whatever its intent, names a day or a number of instalments where that was asked for."""
    if not (turn.entities(EntityName.DATE) or turn.entities(EntityName.INSTALMENTS)):
        return False
    with session_scope() as session:
        return _dialogue(session, turn).waits_for is Waiting.WISH


def _left(turn: Turn, *, next_action: str | None = None) -> Outcome:
    with session_scope() as session:
        _dialogue(session, turn).leave()
    return ended(Outcome([], next_action=next_action) if next_action else left_by(turn))


def _elsewhere(turn: Turn, questions: list[str]) -> Outcome:
    """For channels that show no accounts: what the announcement says, and where the customer can see the account."""
    outcome = answered(turn, Asked(questions[-1], []))
    further = turn.fixed("utter_account_on_website", website=website())
    outcome.replies = [one_reply([*answers_beside(turn), *outcome.replies, further], outcome.replies[-1].buttons)]
    return ended(outcome)


def _dialogue(session: Session, turn: Turn) -> Dialogue:
    now = current_turn()
    address = now.address if now else None
    return Dialogue(session, account_source(), delivery(), code_message, turn.conversation_id, address=address)
