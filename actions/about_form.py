"""Talk about the account form outside it: "wait", "I have no number", "why do you need it?", "a new code"."""

from actions.conversation_repair import ActionClarify, was_about_account
from actions.conversing import ConversingAction
from actions.turn import Outcome, Turn
from bot.domain_names import ActionName, Form, Intent, Slot

# Outside the form, words like these mostly mean something else ("by text message perhaps?", "where do I look?").
ONLY_IN_FORM = frozenset({Intent.HOLD_ON, Intent.RESEND_CODE})


class ActionAboutForm(ConversingAction):
    """Answers at once after a reply of the account dialogue; anywhere else, the conversation so far decides first."""

    def name(self) -> str:
        return ActionName.ABOUT_FORM

    def answer(self, turn: Turn) -> Outcome:
        return _about_form(turn) if was_about_account(turn) else super().answer(turn)

    def answer_alone(self, turn: Turn) -> Outcome:
        misread = turn.intent in ONLY_IN_FORM and turn.slots.get(Slot.TOPIC) and not turn.is_button
        return ActionClarify().answer_alone(turn) if misread else _about_form(turn)


def _about_form(turn: Turn) -> Outcome:
    if turn.intent == Intent.RESEND_CODE:
        return Outcome([], next_action=Form.ACCOUNT)
    return Outcome([turn.fixed(f"utter_{turn.intent}")])
