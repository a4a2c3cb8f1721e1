"""The account dialogue, from a question to its answer: contract number, code, choice of contract, payment wish.

Independent of Rasa and of wordings: it returns keys of replies with their values. Its state between two messages is
stored in the database, because a tracker must not contain contract numbers.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from bot.accounts.account_status import AccountStatus, status_of
from bot.accounts.choosing import MOST_CHOICES, choices, choices_again, chosen
from bot.accounts.extension import INSTALMENTS, WishProblem, wish_of
from bot.accounts.proving import ComposeCode, Proof, ask_number, read_back
from bot.accounts.senders import Delivery
from bot.accounts.source import AccountSource, ExtensionWish
from bot.accounts.steps import DialogueStep, KeyedReply, again, ends, says
from bot.accounts.utterance import Utterance
from bot.accounts.verification import Verification
from bot.accounts.verification_models import AccountDialogue
from bot.accounts.waiting import Waiting, state_of
from bot.domain_names import Intent
from bot.words.spoken_digits import in_figures


class Dialogue:
    """The account dialogue of one conversation, in one database session."""

    def __init__(
        self,
        session: Session,
        source: AccountSource,
        delivery: Delivery,
        compose: ComposeCode,
        conversation_id: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        address: str | None = None,
    ) -> None:
        """
        Args:
            address: where the customer writes or calls from, as a keyed hash; None where it is unknown.
        """
        self._session, self._source = session, source
        self._conversation_id, self._clock = conversation_id, clock
        self._verification = Verification(session, clock)
        self._proof = Proof(source, delivery, compose, self._verification, address)

    def begin(self, question: str, heard: Utterance, today: date) -> DialogueStep:
        """Handle the first message: a question, perhaps with the contract number in it."""
        return self._over(self._begin(question, heard, today))

    def go_on(self, heard: Utterance, today: date) -> DialogueStep:
        """Handle the next message; a dialogue that was idle for too long has expired."""
        return self._over(self._go_on(heard, today))

    def ask_instead(self, question: str, heard: Utterance, today: date) -> DialogueStep:
        """Handle another question during the dialogue: verification or choice continues, for the new question."""
        state = self._state()
        if state is None or state.waiting_for in {Waiting.NUMBER, Waiting.WISH}:
            return self.begin(question, heard, today)
        state.question, state.updated_at = question, self._clock()
        return DialogueStep(self.remind())

    @property
    def reads_back(self) -> bool:
        """Whether a number from speech was read back, and the dialogue waits for a yes or no."""
        state = self._state()
        return state is not None and state.waiting_for == Waiting.NUMBER and state.contract_number is not None

    @property
    def is_known(self) -> bool:
        """Whether the conversation has a dialogue, however old; false where starting one failed."""
        return self._session.get(AccountDialogue, self._conversation_id) is not None

    def remind(self) -> tuple[KeyedReply, ...]:
        """Repeat what the dialogue waits for, after an interruption was answered."""
        state = self._state()
        if state is None:
            return (ask_number(state),)
        state.updated_at = self._clock()
        match state.waiting_for:
            case Waiting.CODE:
                return (KeyedReply("utter_account_ask_code"),)
            case Waiting.CHOICE:
                return self._choices(state)
            case Waiting.WISH:
                return (KeyedReply(WishProblem.MISSING.value),)
        return (read_back(state.contract_number) if state.contract_number else ask_number(state),)

    @property
    def waits_for(self) -> Waiting | None:
        """What the dialogue asked for last."""
        state = self._state()
        return Waiting(state.waiting_for) if state else None

    def go_without(self) -> DialogueStep:
        """The customer lacks the number and was told what to do; after too many such answers the dialogue ends."""
        state = self._state()
        return self._over(again(state)) if state else DialogueStep()

    def leave(self) -> None:
        """Delete the dialogue; opened accounts stay open."""
        state = self._session.get(AccountDialogue, self._conversation_id)
        if state is not None:
            self._session.delete(state)
            self._session.flush()

    def _over(self, step: DialogueStep) -> DialogueStep:
        if step.finished:
            self.leave()
        return step

    def _state(self) -> AccountDialogue | None:
        return state_of(self._session, self._conversation_id, self._clock())

    def _begin(self, question: str, heard: Utterance, today: date) -> DialogueStep:
        state = self._session.merge(
            AccountDialogue(
                conversation_id=self._conversation_id,
                question=question,
                waiting_for=Waiting.NUMBER,
                contract_number=None,
                asked_again=0,
                updated_at=self._clock(),
            )
        )
        opened = self._verification.opened(self._conversation_id)
        numbers = heard.numbers
        if numbers and numbers[0] not in opened:
            return self._proof.given(state, numbers[0], heard)
        if numbers or opened:
            return self._opened(state, numbers, opened, heard, today)
        if locked := self._verification.locked_for(self._conversation_id):
            return ends("utter_account_locked", wait=locked)
        is_signed_in = self._verification.is_signed_in(self._conversation_id)
        return says("utter_account_signed_in_without") if is_signed_in else DialogueStep((ask_number(state),))

    def _opened(
        self, state: AccountDialogue, numbers: list[str], opened: list[str], heard: Utterance, today: date
    ) -> DialogueStep:
        """A question while accounts are open: about the named one, the only one, or all; otherwise ask which one."""
        if numbers:
            return self._ready(state, numbers[0], heard, today)
        wants_all = _asks_for_all(state, heard)
        if len(opened) == 1:
            step = self._ready(state, opened[0], heard, today)
            return replace(step, afterwards=(KeyedReply("utter_account_only_one"),)) if wants_all else step
        if wants_all:
            return self._for_all(opened)
        state.waiting_for = Waiting.CHOICE
        return DialogueStep(self._choices(state))

    def _go_on(self, heard: Utterance, today: date) -> DialogueStep:
        state = self._state()
        if state is None:
            return ends("utter_account_begin_again")
        state.updated_at = self._clock()
        is_answer = state.waiting_for in {Waiting.CODE, Waiting.CHOICE} or self.reads_back
        if (heard.again or heard.agrees) and not is_answer:
            return DialogueStep(self.remind())
        match state.waiting_for:
            case Waiting.CODE:
                step = self._proof.code(state, heard)
                return step or self._ready(state, state.contract_number, heard, today)
            case Waiting.CHOICE:
                return self._choice(state, heard, today)
            case Waiting.WISH:
                return self._wish(state, heard, today)
        return self._proof.number(state, heard)

    def _wish(self, state: AccountDialogue, heard: Utterance, today: date) -> DialogueStep:
        opened, named = self._verification.opened(self._conversation_id), heard.numbers[:1]
        if named and named[0] not in opened:
            return self._proof.given(state, named[0], heard)
        if named or state.contract_number in opened:
            return self._ready(state, named[0] if named else state.contract_number, heard, today)
        return self._begin(state.question, heard, today)  # closed meanwhile: verify again

    def _choice(self, state: AccountDialogue, heard: Utterance, today: date) -> DialogueStep:
        opened = self._verification.opened(self._conversation_id)
        numbers = heard.numbers
        if numbers and numbers[0] not in opened:
            return self._proof.given(state, numbers[0], heard)
        if not opened:  # closed meanwhile
            return self._begin(state.question, heard, today)
        if not numbers and _asks_for_all(state, heard):
            return self._for_all(opened)
        number = numbers[0] if numbers else chosen(self._source, opened, heard)
        if number is None and (heard.again or heard.agrees):
            return DialogueStep(self._choices(state))
        if number is None:
            offers_all = state.question != Intent.REQUEST_PAYMENT_EXTENSION
            return again(state, choices_again(self._source, opened, offers_all=offers_all))
        return self._ready(state, number, heard, today)

    def _choices(self, state: AccountDialogue) -> tuple[KeyedReply, ...]:
        opened = self._verification.opened(self._conversation_id)
        return choices(self._source, opened, offers_all=state.question != Intent.REQUEST_PAYMENT_EXTENSION)

    @staticmethod
    def _for_all(opened: list[str]) -> DialogueStep:
        """The answer for all open accounts, up to the most that one reply can list."""
        rest = (KeyedReply("utter_account_choose_more"),) if len(opened) > MOST_CHOICES else ()
        return DialogueStep(finished=True, answer_for=tuple(opened[:MOST_CHOICES]), afterwards=rest)

    def _ready(self, state: AccountDialogue, number: str, heard: Utterance, today: date) -> DialogueStep:
        """The account is open: answer, or ask for the payment wish."""
        if state.question != Intent.REQUEST_PAYMENT_EXTENSION:
            return DialogueStep(finished=True, answer_for=(number,))
        account = self._source.account(number)
        if account is None:
            return ends("utter_account_gone")
        asked = state.waiting_for == Waiting.WISH
        status = status_of(account, today)
        wish = wish_of(
            number,
            status,
            today,
            dates=heard.dates,
            # A bare number is the latest answer; instalments that were named earlier may have been refused.
            instalments=(_bare_number(heard) if asked else ()) or heard.instalments,
            amounts=heard.amounts,
        )
        if wish is WishProblem.NOTHING_OWED:
            return ends(wish.value)
        if isinstance(wish, WishProblem):
            state.contract_number, state.waiting_for = number, Waiting.WISH
            return again(state, KeyedReply(wish.value)) if asked else DialogueStep((KeyedReply(wish.value),))
        return DialogueStep(finished=True, record=wish, afterwards=_left_out(status, wish))


def _asks_for_all(state: AccountDialogue, heard: Utterance) -> bool:
    """Whether the customer asks about all contracts; a wish to pay later is always for one contract."""
    return heard.wants_all and state.question != Intent.REQUEST_PAYMENT_EXTENSION


def _left_out(status: AccountStatus, wish: ExtensionWish) -> tuple[KeyedReply, ...]:
    """The amount to be paid that the wish does not include, which the customer must not think is postponed."""
    rest = status.owed - wish.amount
    if rest <= 0:
        return ()
    if wish.amount == status.overdue and status.next_due:
        return (KeyedReply("utter_extension_left_out", {"amount": rest, "due": status.next_due.invoice.due_on}),)
    return (KeyedReply("utter_extension_left_out_some", {"amount": rest}),)


def _bare_number(heard: Utterance) -> list[str]:
    """A number of one or two digits that is the whole answer: the number of instalments."""
    said = in_figures(heard.text, heard.language).strip(" .,!")
    return [said] if said.isdecimal() and len(said) <= len(str(max(INSTALMENTS))) else []
