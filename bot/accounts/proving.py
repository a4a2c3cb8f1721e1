"""Verification, from a contract number to an open account: the number (read back after speech) and the code."""

from collections.abc import Callable

from bot.accounts.code_limits import Limit
from bot.accounts.masking import masked
from bot.accounts.reading_back import verdict
from bot.accounts.senders import CodeMessage, Delivery
from bot.accounts.source import AccountSource
from bot.accounts.steps import MOST_AGAIN, DialogueStep, KeyedReply, again, ends, says
from bot.accounts.utterance import Utterance
from bot.accounts.verification import Check, Verification
from bot.accounts.verification_models import AccountDialogue
from bot.accounts.waiting import Waiting
from bot.domain_names import Intent
from bot.observing import metrics

BY_KEYS = "utter_account_number_by_keys"  # the last resort on the phone (DTMF), where the number is not recognised
TAKEN, LOCKED = "taken", "locked"
REQUESTED = (TAKEN, LOCKED, *Limit)  # outcomes of a request for a code, as the metric's labels
ComposeCode = Callable[[str, str, str], CodeMessage]  # code, language, recipient


def ask_number(state: AccountDialogue | None) -> KeyedReply:
    """The question for the contract number."""
    wishes = state is not None and state.question == Intent.REQUEST_PAYMENT_EXTENSION
    return KeyedReply("utter_extension_ask_number" if wishes else "utter_account_ask_number")


def read_back(number: str) -> KeyedReply:
    """The question whether a number was heard correctly."""
    return KeyedReply("utter_account_number_heard", {"number": number})


class Proof:
    """Handles the messages of a dialogue that waits for a number or for a code."""

    def __init__(
        self,
        source: AccountSource,
        delivery: Delivery,
        compose: ComposeCode,
        verification: Verification,
        address: str | None,
    ) -> None:
        self._source, self._delivery, self._compose = source, delivery, compose
        self._verification, self._address = verification, address

    def number(self, state: AccountDialogue, heard: Utterance) -> DialogueStep:
        """Handle the answer to the question for the number, or to a number that was read back."""
        if state.contract_number:
            return self._read_back(state, heard)
        if heard.numbers:
            return self.given(state, heard.numbers[0], heard)
        by_keys = heard.by_ear and state.asked_again == MOST_AGAIN - 1
        return again(state, KeyedReply(BY_KEYS) if by_keys else ask_number(state))

    def given(self, state: AccountDialogue, number: str, heard: Utterance) -> DialogueStep:
        """Handle a contract number: one from speech is read back first, before any look-up."""
        if not heard.by_ear:
            return self._send_code(state, number, heard)
        state.contract_number, state.waiting_for = number, Waiting.NUMBER
        return DialogueStep((read_back(number),))

    def code(self, state: AccountDialogue, heard: Utterance) -> DialogueStep | None:
        """Handle the answer to the question for the code; None where it has opened the account."""
        if heard.numbers:
            return self.given(state, heard.numbers[0], heard)
        if heard.codes:  # whatever the intent
            return self._tried(state, heard.codes[0])
        # "Yes" requests a code only where one was offered; "ok" to a code that was just sent must not invalidate it.
        offered = not self._verification.has_code(state.contract_number, state.conversation_id)
        if heard.again or (heard.agrees and offered):
            return self._send_code(state, state.contract_number, heard)
        if heard.takes_number_back:
            state.contract_number, state.waiting_for, state.asked_again = None, Waiting.NUMBER, 0
            return DialogueStep((ask_number(state),))
        return says("utter_account_ask_code") if heard.agrees else again(state, KeyedReply("utter_account_ask_code"))

    def _tried(self, state: AccountDialogue, code: str) -> DialogueStep | None:
        """Try a code: the reply to a wrong one; None where it has opened the account."""
        found = self._verification.check(state.contract_number, state.conversation_id, code)
        metrics.VERIFICATIONS.labels(found.result.value).inc()
        match found.result:
            case Check.OPENED:
                state.asked_again = 0
                return None
            case Check.WRONG:
                return says("utter_account_code_wrong", tries=found.tries)
            case Check.USED_UP:
                return says("utter_account_code_used_up")
            case Check.EXPIRED:
                return says("utter_account_code_expired")
        # Whoever guesses codes for one contract may be at the computer of a customer whose account is open.
        self._verification.close(state.conversation_id)
        return ends("utter_account_locked", wait=found.wait)

    def _read_back(self, state: AccountDialogue, heard: Utterance) -> DialogueStep:
        """Handle the answer to a number that was read back: yes, no, or the right number."""
        if heard.numbers and not heard.by_ear:
            return self._send_code(state, heard.numbers[0], heard)
        said = verdict(state.contract_number, heard.text, heard.language, heard.agrees)
        if said.is_right:
            return self._send_code(state, state.contract_number, heard)
        if said.is_right is False:
            return self._misheard(state, said.instead)
        question = read_back(state.contract_number)
        return DialogueStep((question,)) if heard.again else again(state, question)

    def _misheard(self, state: AccountDialogue, corrected: str | None) -> DialogueStep:
        """The number was misheard: read the corrected one back, or else ask for the number again."""
        state.contract_number = corrected
        state.asked_again += 1
        if state.asked_again > MOST_AGAIN:
            return ends("utter_account_give_up")
        if corrected:
            return says("utter_account_number_corrected", number=corrected)
        return says(BY_KEYS if state.asked_again == MOST_AGAIN else "utter_account_number_again")

    def _send_code(self, state: AccountDialogue, number: str, heard: Utterance) -> DialogueStep:
        contact = self._source.contact(number)
        recipient = self._delivery.recipient(contact.phone, contact.email) if contact else None
        known = recipient is not None
        requested = self._verification.request(number, state.conversation_id, known=known, address=self._address)
        metrics.CODES.labels(requested.full or (LOCKED if requested.locked else TAKEN)).inc()
        # Composed for every number (timing attack): the response time must not reveal whether anything is sent.
        message = self._compose(requested.code or "", contact.language if contact else heard.language, recipient or "")
        if requested.code and recipient:
            self._delivery.deliver(message)
        if requested.locked:
            return ends("utter_account_locked", wait=requested.locked)
        if requested.full and not requested.has_valid:
            return ends("utter_account_no_code", wait=requested.wait)
        state.contract_number, state.waiting_for, state.asked_again = number, Waiting.CODE, 0
        if requested.full:
            return says("utter_account_no_further_code", wait=requested.wait)
        shown = masked(recipient, number, phones=self._delivery.phones, emails=self._delivery.emails)
        return says("utter_account_code_sent", recipient=shown)
