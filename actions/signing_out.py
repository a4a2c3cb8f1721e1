"""Signing out: closes the accounts that are open in a conversation when the customer asks for it or cancels."""

from dataclasses import replace

from actions.customer_action import CustomerAction
from actions.turn import Outcome, Turn
from bot.accounts.given_numbers import contract_numbers
from bot.accounts.signed_in import close_accounts
from bot.domain_names import ActionName, Form, Slot
from bot.replies.reply import Reply

FORGOTTEN: dict[str, None] = {Slot.ACCOUNT_QUESTION: None, Slot.ACCOUNT_WISH: None, Slot.TOPIC: None}


class ActionSignOut(CustomerAction):
    """Closes the accounts of the conversation and says so."""

    def name(self) -> str:
        return ActionName.SIGN_OUT

    def answer(self, turn: Turn) -> Outcome:
        if contract_numbers(turn.text, turn.language):  # "show account 9001…" is a question
            return Outcome([], next_action=Form.ACCOUNT)
        was_open = close_accounts(turn.conversation_id)
        key = "utter_signed_out" if was_open else "utter_signed_out_already"
        # Even if no account was still open: earlier account replies must not stay on the screen.
        return Outcome([replace(turn.fixed(key), closes=True)], slots=dict(FORGOTTEN))


class ActionCancel(CustomerAction):
    """Cancels. A customer who cancels while an account is open is told that it is now closed."""

    def name(self) -> str:
        return ActionName.CANCEL

    def answer(self, turn: Turn) -> Outcome:
        cancelled = turn.fixed("utter_cancelled")
        if not close_accounts(turn.conversation_id):
            return Outcome([cancelled])
        closed: Reply = replace(turn.fixed("utter_signed_out"), closes=True)
        return Outcome([closed], slots=dict(FORGOTTEN))
