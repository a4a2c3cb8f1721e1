"""The account form's replies: from its dialogue, from account data, and to other questions of the same message."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from actions.account_messages import recorded_wish, wish_in
from actions.fact_answers import answer_now
from actions.turn import Outcome, Turn
from bot.accounts.account_intents import QUESTIONS
from bot.accounts.choice_buttons import payload_of
from bot.accounts.extension import WishProblem
from bot.accounts.masking import masked_address, spoken_address, told_apart
from bot.accounts.setup import account_source
from bot.accounts.source import ExtensionWish
from bot.accounts.steps import DialogueStep, KeyedReply
from bot.accounts.utterance import ALL, Utterance
from bot.clock import today
from bot.domain_names import Intent, Slot
from bot.handoff.handoff_requests import note_extension, request_person
from bot.knowledge.follow_ups import topic_of
from bot.knowledge.topics import topics
from bot.replies.account_answers import account_answer
from bot.replies.answer_composer import STATEMENTS_OF_TWO, answer, one_reply
from bot.replies.catalogue import Button, catalogues
from bot.replies.catalogue_file import TITLE_LIMIT
from bot.replies.formats import SpokenDate, counted_text, money_text, wait_text
from bot.replies.reply import Reply
from bot.storage.engine import session_scope, single_statements
from bot.words.reference import Reference

# Said before asking for the number, so that customers who never give it hear it too.
STATEMENTS_FIRST: dict[str, int] = {Intent.REPORT_DISCONNECTED: STATEMENTS_OF_TWO, Intent.REQUEST_PAYMENT_EXTENSION: 1}
# Dialogue replies that reveal account data; every answer from an account does so anyway. A number read back is the
# caller's own.
TELL_OF_AN_ACCOUNT = {
    "utter_account_number_heard",
    "utter_account_number_corrected",
    WishProblem.NOTHING_OWED.value,
    WishProblem.TOO_MUCH.value,
    "utter_extension_left_out",
    "utter_extension_left_out_some",
}
COUNTED = {"tries"}  # placeholders whose noun agrees with the count
LOCKED = "utter_account_locked"  # this reply also closes all accounts of the conversation


def outcome_of(turn: Turn, questions: list[str], heard: Utterance, step: DialogueStep, before: list[Reply]) -> Outcome:
    """The replies of a step, after the replies in `before`."""
    replies = [*before, *(_said(turn, said) for said in step.replies)]
    about = step.answer_for or ((step.record.contract_number,) if step.record else ())
    # A request for a payment extension is recorded, not answered from the account.
    answered_for = [question for question in questions if question != Intent.REQUEST_PAYMENT_EXTENSION]
    if about and answered_for:
        replies += _answers(turn, answered_for, about)
    if step.record:
        number = account_source().record_extension(step.record)
        with session_scope() as session:
            note_extension(session, turn.origin, Reference(number))
        replies.append(_recorded(turn, step.record, number))
    buttons = next((reply.buttons for reply in reversed(replies) if reply.buttons), ())
    replies += [_said(turn, said) for said in step.afterwards]
    outcome = Outcome([one_reply(replies, buttons)])
    if not step.finished:
        outcome.slots = {Slot.ACCOUNT_QUESTION: " ".join(questions), Slot.ACCOUNT_WISH: wish_in(heard) or None}
        return outcome
    outcome.slots = {Slot.TOPIC: questions[-1], Slot.PLACES: None, Slot.ALSO: None}
    return ended(outcome, wish=recorded_wish(heard, step.record) if step.record else None)


def ended(outcome: Outcome, wish: dict[str, list[str]] | None = None) -> Outcome:
    outcome.slots = {**(outcome.slots or {}), Slot.ACCOUNT_QUESTION: None, Slot.ACCOUNT_WISH: wish}
    outcome.ends_form = True
    return outcome


def answers_beside(turn: Turn) -> list[Reply]:
    """The answers to a message's questions that are not about the account."""
    asked = turn.questions or [turn.asked]
    return [answer_now(turn, one) for one in asked if one.intent in topics().keys() - QUESTIONS]


def said_first(turn: Turn, question: str) -> Reply:
    """What is said before an account question: the answer to the message's own question about it, if it has one."""
    room = STATEMENTS_FIRST[question]
    about = turn.about if topic_of(turn.about or "") == question else None
    with single_statements() as session:
        return answer(
            session, question, turn.language, today(), about=about, asks=turn.asks, medium=turn.medium, room=room
        )


def _said(turn: Turn, said: KeyedReply) -> Reply:
    values = {name: _shown(turn, name, value) for name, value in said.values.items()}
    if said.choices:
        return _offered(turn, said, values)
    reply = turn.fixed(said.key, **values)
    return replace(reply, private=said.key in TELL_OF_AN_ACCOUNT, closes=said.key == LOCKED)


def _shown(turn: Turn, name: str, value: object) -> object:
    """A placeholder's value in the customer's language."""
    if isinstance(value, timedelta):
        return wait_text(value, turn.language)
    if isinstance(value, int) and name in COUNTED:
        return counted_text(name, value, turn.language)
    if isinstance(value, Decimal):
        return money_text(value, turn.language)
    return SpokenDate(value, turn.language) if isinstance(value, date) else value


def _offered(turn: Turn, said: KeyedReply, values: dict[str, object]) -> Reply:
    """Several contracts to choose from: as a list, and as buttons where the channel has them."""
    shown = told_apart([one.address for one in said.choices], spoken_address if turn.medium else masked_address)
    places = [f"{place}. {address}" for place, address in enumerate(shown, 1)]
    reply = turn.fixed(said.key, contracts="\n".join(places), **values)
    buttons = [
        Button(_title(place), payload_of(one.reference)) for place, one in zip(places, said.choices, strict=True)
    ]
    texts = catalogues()[turn.language]
    if said.offers_all:
        buttons.append(Button(texts.titles["all_contracts"], payload_of(ALL)))
    return replace(reply, buttons=(*buttons, texts.button(Intent.CANCEL)), private=True)


def _title(text: str) -> str:
    return text if len(text) <= TITLE_LIMIT else f"{text[: TITLE_LIMIT - 1].rstrip()}…"


def _recorded(turn: Turn, wish: ExtensionWish, reference: str) -> Reply:
    values = {"amount": money_text(wish.amount, turn.language), "reference": reference}
    if wish.until:
        reply = turn.fixed("utter_extension_recorded_until", until=SpokenDate(wish.until, turn.language), **values)
    else:
        reply = turn.fixed("utter_extension_recorded_instalments", instalments=wish.instalments, **values)
    return replace(reply, private=True)


def _answers(turn: Turn, questions: list[str], numbers: tuple[str, ...]) -> list[Reply]:
    """The accounts' answers; a customer whose supply is cut off is added to the list of those who wait for a person."""
    found = [account for number in numbers if (account := account_source().account(number))]
    if not found:
        return [turn.fixed("utter_account_gone")]
    with session_scope() as session:
        is_whole = len(found) == len(numbers)
        replies = [
            account_answer(session, questions, found, turn.language, today(), turn.medium, sums=is_whole),
            *(() if is_whole else (turn.fixed("utter_account_gone"),)),
        ]
        if any(account.disconnected_since is not None for account in found):
            reference = request_person(session, turn.origin, priority=True)
            replies.append(turn.fixed("utter_account_person_waits", reference=reference))
    return [one_reply(replies, replies[0].buttons)]
