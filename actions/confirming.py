"""Irreversible actions: done at once when the intent is certain; otherwise the customer is asked to confirm first."""

from actions.conversation_repair import ActionOfferPerson
from actions.turn import CustomerAction, Outcome, Turn
from bot.domain_names import ActionName, Form, Intent, PendingQuestion, Slot

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
    if not turn.is_doubtful:
        return None
    question, pending = CONFIRMED_BY[turn.intent]
    if turn.slots.get(Slot.PENDING_QUESTION) in {pending, PendingQuestion.CLARIFY}:
        return ActionOfferPerson().answer(turn)
    return Outcome([turn.fixed(question)], pending_question=pending)


class ActionGoodbye(CustomerAction):
    """Says goodbye to a customer who leaves."""

    def name(self) -> str:
        return ActionName.GOODBYE

    def answer(self, turn: Turn) -> Outcome:
        return asks_first(turn) or Outcome([], next_action=ActionName.UTTER_GOODBYE)


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
