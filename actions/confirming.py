"""Irreversible actions: done at once when the intent is certain; otherwise the customer is asked to confirm first."""

from dataclasses import replace

from actions.conversation_repair import ActionOfferPerson, was_about_account
from actions.conversing import continued
from actions.customer_action import CustomerAction
from actions.fact_answers import answered, has_open_account, says_how
from actions.turn import Asked, Outcome, Turn
from bot.domain_names import ActionName, Aspect, Form, Intent, PendingQuestion, Slot
from bot.words.question_form import QuestionForm, asks_for_it, asks_whether_possible

# For each intent: the confirming question, and the pending question that "yes" and "no" then answer.
CONFIRMED_BY: dict[str, tuple[str, PendingQuestion]] = {
    Intent.GOODBYE: ("utter_confirm_goodbye", PendingQuestion.GOODBYE),
    Intent.REQUEST_HUMAN: ("utter_confirm_person", PendingQuestion.PERSON),
    Intent.COMPLAIN: ("utter_confirm_complaint", PendingQuestion.COMPLAIN),
    Intent.REQUEST_PAYMENT_EXTENSION: ("utter_confirm_extension", PendingQuestion.REQUEST_PAYMENT_EXTENSION),
}


def asks_first(turn: Turn) -> Outcome | None:
    """The question whether the guessed intent is right; None where it is certain.

    A customer who was just asked and answers with unfamiliar words again is not asked a second time.
    """
    if turn.intent == Intent.REQUEST_PAYMENT_EXTENSION:
        return _asks_of_extension(turn)
    if not turn.is_doubtful:
        return None
    if turn.intent == Intent.GOODBYE and turn.medium is None:  # on a call, the line would be cut
        return continued(turn) or Outcome([turn.fixed(f"utter_{Intent.THANK}")])
    question, pending = CONFIRMED_BY[turn.intent]
    if turn.slots.get(Slot.PENDING_QUESTION) in {pending, PendingQuestion.CLARIFY}:
        return ActionOfferPerson().answer(turn)
    return Outcome([turn.fixed(question)], pending_question=pending)


def _asks_of_extension(turn: Turn) -> Outcome | None:
    tells = says_how(turn)
    if tells and has_open_account(turn):
        return None  # "can I pay by 10 April?": the account tells, and the wish is confirmed before it is recorded
    wonders = turn.asks in (QuestionForm.WHETHER, QuestionForm.OPEN) and not asks_for_it(turn.text)
    possible = asks_whether_possible(turn.text) or wonders
    return _whether_possible(turn) if possible or (turn.is_doubtful and not tells) else None


def _whether_possible(turn: Turn) -> Outcome | None:
    """What is known about paying later, with the offer to record the wish; None where that was offered just now."""
    if turn.is_button or turn.slots.get(Slot.PENDING_QUESTION) == PendingQuestion.REQUEST_PAYMENT_EXTENSION:
        return None
    if meant := continued(turn):
        return meant
    told = answered(turn, Asked(Intent.ASK_PAYMENT_DELAY, [], Aspect.DEFERRAL, turn.asks))
    return replace(told, pending_question=PendingQuestion.REQUEST_PAYMENT_EXTENSION)


class ActionGoodbye(CustomerAction):
    """Says goodbye to a customer who leaves."""

    def name(self) -> str:
        return ActionName.GOODBYE

    def answer(self, turn: Turn) -> Outcome:
        if asking := asks_first(turn):
            return asking
        left = [turn.fixed("utter_left_off")] if was_about_account(turn) else []
        return Outcome(left, next_action=ActionName.UTTER_GOODBYE)


class ActionPerson(CustomerAction):
    """Hands over to a person."""

    def name(self) -> str:
        return ActionName.PERSON

    def answer(self, turn: Turn) -> Outcome:
        return asks_first(turn) or Outcome([], next_action=ActionName.HAND_OVER)


class ActionExtension(CustomerAction):
    """Starts the account form for a customer who has confirmed that they want to pay later."""

    def name(self) -> str:
        return ActionName.EXTENSION

    def answer(self, turn: Turn) -> Outcome:
        return Outcome([], slots={Slot.TOPIC: Intent.REQUEST_PAYMENT_EXTENSION}, next_action=Form.ACCOUNT)
