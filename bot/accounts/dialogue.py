"""From a question about an account to its answer: contract number, code, which contract, which wish.

Knows nothing of Rasa and of wordings: gives back keys of replies with their values. What it remembers between two
messages is kept in the database, because a tracker must not hold contract numbers.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bot import metrics
from bot.accounts.account import status_of
from bot.accounts.extension import INSTALMENTS, Problem, wish_of
from bot.accounts.masking import masked
from bot.accounts.numbers import contract_numbers, in_figures, one_time_codes
from bot.accounts.senders import CodeMessage, Delivery
from bot.accounts.source import AccountSource, ExtensionWish
from bot.accounts.verification import Check, Verification
from bot.accounts.verification_models import AccountDialogue
from bot.nlu.text import fold

EXTENSION = "request_payment_extension"
# Intents that only an account answers.
QUESTIONS = frozenset(
    {"check_account_status", "check_invoice", "check_payment_received", EXTENSION, "report_disconnected"}
)
MOST_AGAIN = 2  # times that the same thing is asked again
FORGOTTEN_AFTER = timedelta(minutes=15)
MOST_CHOICES = 9


class Waiting(StrEnum):
    """What a dialogue waits for."""

    NUMBER = "number"
    CODE = "code"
    CHOICE = "choice"
    WISH = "wish"


@dataclass(frozen=True)
class Heard:
    """What a customer said.

    Attributes:
        language: lv or en, of the answer.
        dates, instalments, amounts: how they want to pay, as far as was said by now (see `wish_of`).
        again: whether they ask to be told, or to be sent a code, again.
    """

    text: str
    language: str
    dates: Sequence[str] = ()
    instalments: Sequence[str] = ()
    amounts: Sequence[str] = ()
    again: bool = False

    @cached_property
    def numbers(self) -> list[str]:
        """The contract numbers in it."""
        return contract_numbers(self.text, self.language)

    @cached_property
    def codes(self) -> list[str]:
        """The one-time codes in it."""
        return one_time_codes(self.text, self.language)


@dataclass(frozen=True)
class Said:
    """A reply's key in the catalogue and its placeholders' values."""

    key: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What to say, and whether the dialogue is over.

    Attributes:
        answer_for: the contract whose account answers the question now; None where there is nothing to answer from.
        record: a wish to record once this dialogue's own transaction is over (SQLite has one writer at a time).
    """

    replies: tuple[Said, ...]
    finished: bool = False
    answer_for: str | None = None
    record: ExtensionWish | None = None


ComposeCode = Callable[[str, str, str], CodeMessage]  # code, language, recipient


class Dialogue:
    """One conversation's dialogue about an account, in one database session."""

    def __init__(
        self,
        session: Session,
        source: AccountSource,
        delivery: Delivery,
        compose: ComposeCode,
        conversation_id: str,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._session, self._source, self._delivery, self._compose = session, source, delivery, compose
        self._conversation_id, self._clock = conversation_id, clock
        self._verification = Verification(session, clock)

    def begin(self, question: str, heard: Heard, today: date) -> Step:
        """The first message: a question, perhaps with the contract number in it."""
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
            return self._send_code(state, numbers[0], heard)
        if len(opened) == 1 or numbers:
            return self._ready(state, numbers[0] if numbers else opened[0], heard, today)
        if opened:
            state.waiting_for = Waiting.CHOICE
            return Step((self._choices(opened),))
        if self._verification.is_locked(self._conversation_id):
            return self._finish("utter_account_locked")
        return Step((self._ask_number(state),))

    def go_on(self, heard: Heard, today: date) -> Step:
        """A further message; where the dialogue was left for long, it is over."""
        state = self._state()
        if state is None:
            return self._finish("utter_account_begin_again")
        state.updated_at = self._clock()
        if heard.again and state.waiting_for != Waiting.CODE:
            return Step((self.reminder(),))
        match state.waiting_for:
            case Waiting.CODE:
                return self._code(state, heard, today)
            case Waiting.CHOICE:
                return self._choice(state, heard, today)
            case Waiting.WISH:
                return self._ready(state, state.contract_number, heard, today)
        numbers = heard.numbers
        return self._send_code(state, numbers[0], heard) if numbers else self._again(state, self._ask_number(state).key)

    @property
    def is_known(self) -> bool:
        """Whether the conversation has a dialogue, however old; one that could not be begun has none."""
        return self._session.get(AccountDialogue, self._conversation_id) is not None

    def ask_instead(self, question: str, heard: Heard, today: date) -> Step:
        """Another question in the middle: what is being proven or chosen goes on, for that question."""
        state = self._state()
        if state is None or state.waiting_for in {Waiting.NUMBER, Waiting.WISH}:
            return self.begin(question, heard, today)
        state.question, state.updated_at = question, self._clock()
        return Step((self.reminder(),))

    def reminder(self) -> Said:
        """What the dialogue is waiting for, said once more after something else was answered in between."""
        state = self._state()
        match state.waiting_for if state else None:
            case Waiting.CODE:
                return Said("utter_account_ask_code")
            case Waiting.CHOICE:
                return self._choices(self._verification.opened(self._conversation_id))
            case Waiting.WISH:
                return Said(Problem.MISSING.value)
        return self._ask_number(state)

    @staticmethod
    def _ask_number(state: AccountDialogue | None) -> Said:
        wishes = state is not None and state.question == EXTENSION
        return Said("utter_extension_ask_number" if wishes else "utter_account_ask_number")

    def leave(self) -> None:
        """Forget the dialogue; what is opened stays open."""
        state = self._session.get(AccountDialogue, self._conversation_id)
        if state is not None:
            self._session.delete(state)
            self._session.flush()

    def _state(self) -> AccountDialogue | None:
        state = self._session.get(AccountDialogue, self._conversation_id)
        return state if state and state.updated_at > self._clock() - FORGOTTEN_AFTER else None

    def _send_code(self, state: AccountDialogue, number: str, heard: Heard) -> Step:
        contact = self._source.contact(number)
        recipient = self._delivery.recipient(contact.phone, contact.email) if contact else None
        requested = self._verification.request(number, self._conversation_id, known=recipient is not None)
        if requested.locked:
            return self._finish("utter_account_locked")
        # Composed for every number, since the time of an answer must not tell whether anything is sent.
        message = self._compose(requested.code or "", contact.language if contact else heard.language, recipient or "")
        if requested.code and recipient:
            self._delivery.deliver(message)
        state.contract_number, state.waiting_for, state.asked_again = number, Waiting.CODE, 0
        shown = masked(recipient, number, phones=self._delivery.phones, emails=self._delivery.emails)
        return Step((Said("utter_account_code_sent", {"recipient": shown}),))

    def _code(self, state: AccountDialogue, heard: Heard, today: date) -> Step:
        numbers = heard.numbers
        if numbers or heard.again:
            return self._send_code(state, numbers[0] if numbers else state.contract_number, heard)
        if not heard.codes:
            return self._again(state, "utter_account_ask_code")
        found = self._verification.check(state.contract_number, self._conversation_id, heard.codes[0])
        metrics.VERIFICATIONS.labels(found.value).inc()
        match found:
            case Check.OPENED:
                state.asked_again = 0
                return self._ready(state, state.contract_number, heard, today)
            case Check.WRONG:
                return Step((Said("utter_account_code_wrong"),))
            case Check.EXPIRED:
                return Step((Said("utter_account_code_expired"),))
        return self._finish("utter_account_locked")

    def _choices(self, opened: list[str]) -> Said:
        lines = "\n".join(f"{place}. {address}" for place, address in enumerate(self._addresses(opened).values(), 1))
        return Said("utter_account_choose", {"contracts": lines})

    def _addresses(self, opened: list[str]) -> dict[str, str]:
        """The addresses that are offered, by contract."""
        accounts = {number: self._source.account(number) for number in opened[:MOST_CHOICES]}
        return {number: account.address for number, account in accounts.items() if account}

    def _choice(self, state: AccountDialogue, heard: Heard, today: date) -> Step:
        opened = self._verification.opened(self._conversation_id)
        numbers = heard.numbers
        if numbers and numbers[0] not in opened:
            return self._send_code(state, numbers[0], heard)
        chosen = numbers[0] if numbers else _chosen(self._addresses(opened), heard)
        if chosen is None:
            return self._again(state, "utter_account_choose_again")
        return self._ready(state, chosen, heard, today)

    def _ready(self, state: AccountDialogue, number: str, heard: Heard, today: date) -> Step:
        """The account is open: answer, or ask for the wish."""
        if state.question != EXTENSION:
            return self._finish(answer_for=number)
        account = self._source.account(number)
        if account is None:
            return self._finish("utter_account_gone")
        asked = state.waiting_for == Waiting.WISH
        wish = wish_of(
            number,
            status_of(account, today),
            today,
            dates=heard.dates,
            # A bare number is the latest answer; what was said of instalments before may have been refused.
            instalments=(_bare_number(heard) if asked else ()) or heard.instalments,
            amounts=heard.amounts,
        )
        if wish is Problem.NOTHING_OWED:
            return self._finish(wish.value)
        if isinstance(wish, Problem):
            state.contract_number, state.waiting_for = number, Waiting.WISH
            return self._again(state, wish.value) if asked else Step((Said(wish.value),))
        return self._finish(record=wish)

    def _again(self, state: AccountDialogue, key: str) -> Step:
        state.asked_again += 1
        return Step((Said(key),)) if state.asked_again <= MOST_AGAIN else self._finish("utter_account_give_up")

    def _finish(
        self, key: str | None = None, *, answer_for: str | None = None, record: ExtensionWish | None = None
    ) -> Step:
        self.leave()
        return Step((Said(key),) if key else (), finished=True, answer_for=answer_for, record=record)


def _bare_number(heard: Heard) -> list[str]:
    """A number of one or two digits that is the whole answer: so many instalments."""
    said = in_figures(heard.text, heard.language).strip(" .,!")
    return [said] if said.isdecimal() and len(said) <= len(str(max(INSTALMENTS))) else []


def _chosen(addresses: dict[str, str], heard: Heard) -> str | None:
    """The contract that a part of one address, or else a place in the list, names."""
    figures = re.findall(r"\d+", in_figures(heard.text, heard.language, ordinals=True))
    said = set(re.findall(r"\w+", fold(heard.text)))
    words = {number: set(re.findall(r"\w+", fold(address))) for number, address in addresses.items()}
    shared = set.intersection(*words.values()) if words else set()
    fitting = [number for number, own in words.items() if (own - shared) & said]
    if len(fitting) == 1 and not said <= set(figures):  # a number by itself is a place
        return fitting[0]
    places = dict(zip(map(str, range(1, len(addresses) + 1)), addresses, strict=True))
    named = list(dict.fromkeys(places[figure] for figure in figures if figure in places))
    return named[0] if len(named) == 1 else None
