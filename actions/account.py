"""Questions about the customer's own account: the form that proves who they are, and the answers."""

from dataclasses import replace
from typing import Any

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.answers import ALSO, PLACES, TOPIC, answer_now, answered
from actions.interruptions import DANGER, PERSON, answer_in_between, is_sure, leaves
from actions.people import ActionHandOver
from actions.turn import Asked, CustomerAction, Outcome, Turn
from bot.accounts.dialogue import EXTENSION, QUESTIONS, Dialogue, Heard, Said, Step
from bot.accounts.numbers import contract_numbers
from bot.accounts.setup import account_source, delivery, shows_accounts, website
from bot.accounts.source import ExtensionWish
from bot.clock import today
from bot.handoff.store import request_person
from bot.knowledge.topics import topics
from bot.replies.account_answers import account_answer, code_message
from bot.replies.answers import STATEMENTS_OF_TWO, answer, one_reply
from bot.replies.formats import SpokenDate, money_text
from bot.replies.reply import Reply
from bot.storage.engine import session_scope, single_statements

DETAILS, QUESTION, WISH = "account_details", "account_question", "account_wish"
STATUS, DISCONNECTED = "check_account_status", "report_disconnected"
# Said before the number is asked for: who never gives it must hear it too.
STATEMENTS_FIRST = {DISCONNECTED: STATEMENTS_OF_TWO, EXTENSION: 1}
# In the middle of the form these are taken up by their own actions.
TAKEN_UP_BY = {"complain": "complaint_form", "report_outage": "action_report_outage"}
HINT = 0.1  # confidence
TOLD_AGAIN = {"repeat", "change_language"}  # the same wish gets the same reference
AGAIN = {"repeat", "affirm"}  # "yes, send a new one"


class ValidateAccountForm(FormValidationAction):
    """Never fills the slot: what is said goes to the dialogue, and the tracker keeps none of it."""

    def name(self) -> str:
        return "validate_account_form"

    def validate_account_details(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> dict[str, Any]:
        """Leave the slot empty, so that the form asks its own action every turn."""
        return {DETAILS: None}


class ActionAskAccountDetails(CustomerAction):
    """Every turn of the account form: asks for number and code, answers when the account is open, and ends the form."""

    def name(self) -> str:
        return "action_ask_account_form_account_details"

    def answer(self, turn: Turn) -> Outcome:
        if not shows_accounts(turn.channel):
            return _elsewhere(turn, _asked(turn))
        questions, heard = _questions(turn), _heard(turn)
        if turn.slots.get(QUESTION) is None:
            return _begin(turn, questions, heard)
        # A message that holds a number or a code is for the form, whatever else it is taken for.
        is_answer = bool(heard.numbers or heard.codes)
        if leaves(turn) and (turn.intent == DANGER or not is_answer):
            return _left(turn)
        if is_sure(turn) and turn.intent in TAKEN_UP_BY and not is_answer:
            return _left(turn, next_action=TAKEN_UP_BY[turn.intent])
        return _go_on(turn, questions, heard, between=[] if is_answer else answer_in_between(turn))

    def when_failed(self, turn: Turn) -> dict[str, Any]:
        """The question is kept, and the form stays: with the next message it goes on."""
        return {QUESTION: " ".join(_questions(turn))}


def _asked(turn: Turn) -> list[str]:
    """The account questions of a message; where it asks none (a bare number, "repeat"), the one that came before."""
    asked = [one.intent for one in turn.questions] or [turn.intent]
    found = [intent for intent in asked if intent in QUESTIONS] or _hinted_at(turn)
    before = turn.slots.get(TOPIC)
    return found or [str(before) if before in QUESTIONS else STATUS]


def _hinted_at(turn: Turn) -> list[str]:
    """What a message with a contract number is likeliest to ask, where the number hid it."""
    if not contract_numbers(turn.text, turn.language):
        return []
    for item in turn.parsed.get("intent_ranking") or []:
        question = EXTENSION if item["name"] == "ask_payment_delay" else item["name"]
        if question in QUESTIONS and item["confidence"] >= HINT:
            return [question]
    return []


def _questions(turn: Turn) -> list[str]:
    """What the form is about, with the question that is proven for last."""
    known = str(turn.slots.get(QUESTION) or "").split()
    found = list(dict.fromkeys(known)) or _asked(turn)
    return sorted(found, key=lambda question: question == EXTENSION)


def _begin(turn: Turn, questions: list[str], heard: Heard) -> Outcome:
    before = _others(turn)
    before += [_first(turn, question) for question in questions if question in STATEMENTS_FIRST]
    with session_scope() as session:
        step = _dialogue(session, turn).begin(questions[-1], heard, today())
    return _outcome(turn, questions, heard, step, before)


def _others(turn: Turn) -> list[Reply]:
    """The answers to what a message asks beside the account."""
    asked = turn.questions or [Asked(turn.intent, turn.entities("place"))]
    return [answer_now(turn, one.intent, one.places) for one in asked if one.intent in topics().keys() - QUESTIONS]


def _first(turn: Turn, question: str) -> Reply:
    room = STATEMENTS_FIRST[question]
    with single_statements() as session:
        return answer(session, question, turn.language, today(), medium=turn.medium, room=room)


def _go_on(turn: Turn, questions: list[str], heard: Heard, *, between: list[Reply]) -> Outcome:
    with session_scope() as session:
        dialogue = _dialogue(session, turn)
        if not dialogue.is_known:
            step = dialogue.begin(questions[-1], heard, today())
        elif between:
            step = Step((dialogue.reminder(),))
        elif turn.intent in QUESTIONS and turn.intent not in questions and is_sure(turn):
            questions = [turn.intent]
            step = dialogue.ask_instead(turn.intent, heard, today())
        else:
            step = dialogue.go_on(heard, today())
    return _outcome(turn, questions, heard, step, between)


def _left(turn: Turn, *, next_action: str | None = None) -> Outcome:
    with session_scope() as session:
        _dialogue(session, turn).leave()
    if next_action:
        outcome = Outcome([], next_action=next_action)
    elif turn.intent == DANGER:
        outcome = answered(turn, DANGER, [])
    elif turn.intent == PERSON:
        outcome = ActionHandOver().answer(turn)
    else:
        outcome = Outcome([turn.fixed("utter_cancelled")])
    return _ended(outcome)


def _elsewhere(turn: Turn, questions: list[str]) -> Outcome:
    """For channels that show no accounts: what the announcement says, and where to go on."""
    outcome = answered(turn, questions[-1], [])
    further = turn.fixed("utter_account_on_website", website=website())
    outcome.replies = [one_reply([*_others(turn), *outcome.replies, further], outcome.replies[-1].buttons)]
    return _ended(outcome)


def _ended(outcome: Outcome, wish: dict[str, list[str]] | None = None) -> Outcome:
    outcome.slots = {**(outcome.slots or {}), QUESTION: None, WISH: wish}
    outcome.ends_form = True
    return outcome


def _dialogue(session: Session, turn: Turn) -> Dialogue:
    return Dialogue(session, account_source(), delivery(), code_message, turn.conversation_id)


def _heard(turn: Turn) -> Heard:
    """What was said, with how the customer wants to pay, as far as was said by now."""
    heard = Heard("" if turn.is_button else turn.text, turn.language, again=turn.intent in AGAIN)
    goes_on = turn.slots.get(QUESTION) or turn.intent in TOLD_AGAIN
    known: dict[str, list[str]] = (goes_on and turn.slots.get(WISH)) or {}
    is_bare = bool(heard.numbers or heard.codes) and not any(character.isalpha() for character in turn.text)
    dates, instalments, amounts = ([] if is_bare else turn.entities(kind) for kind in ("date", "instalments", "amount"))
    is_new = bool(dates or instalments)  # the latest day or instalments count
    return replace(
        heard,
        dates=dates if is_new else known.get("dates", []),
        instalments=instalments if is_new else known.get("instalments", []),
        amounts=amounts or known.get("amounts", []),
    )


def _wish(heard: Heard) -> dict[str, list[str]]:
    """How the customer wants to pay, to be remembered."""
    said = {"dates": heard.dates, "instalments": heard.instalments, "amounts": heard.amounts}
    return {kind: list(values) for kind, values in said.items() if values}


def _outcome(turn: Turn, questions: list[str], heard: Heard, step: Step, before: list[Reply]) -> Outcome:
    """What a step says, after what was answered before it."""
    replies = [*before, *(_said(turn, said) for said in step.replies)]
    about = step.answer_for or (step.record.contract_number if step.record else None)
    # A wish is not answered from the account but recorded.
    answered_for = [question for question in questions if question != EXTENSION]
    if about and answered_for:
        replies += _answers(turn, answered_for, about)
    if step.record:
        replies.append(_recorded(turn, step.record, account_source().record_extension(step.record)))
    outcome = Outcome([one_reply(replies, replies[-1].buttons)])
    if not step.finished:
        outcome.slots = {QUESTION: " ".join(questions), WISH: _wish(heard) or None}
        return outcome
    outcome.slots = {TOPIC: questions[-1], PLACES: None, ALSO: None}
    return _ended(outcome, wish=_recorded_wish(heard, step.record) if step.record else None)


def _recorded_wish(heard: Heard, wish: ExtensionWish) -> dict[str, list[str]]:
    """What was recorded, as it would be said, so that "repeat" gives the same; the amount only where it was said."""
    if wish.until:
        heard = replace(heard, dates=[wish.until.isoformat()], instalments=())
    else:
        heard = replace(heard, dates=(), instalments=[str(wish.instalments)])
    return _wish(heard)


def _said(turn: Turn, said: Said) -> Reply:
    return replace(turn.fixed(said.key, **said.values), private=said.key == "utter_account_choose")


def _recorded(turn: Turn, wish: ExtensionWish, reference: str) -> Reply:
    values = {"amount": money_text(wish.amount, turn.language), "reference": reference}
    if wish.until:
        reply = turn.fixed("utter_extension_recorded_until", until=SpokenDate(wish.until, turn.language), **values)
    else:
        reply = turn.fixed("utter_extension_recorded_instalments", instalments=wish.instalments, **values)
    return replace(reply, private=True)


def _answers(turn: Turn, questions: list[str], contract_number: str) -> list[Reply]:
    """The account's answers; whose supply is cut off is put on the list of those who wait for a person."""
    account = account_source().account(contract_number)
    if account is None:
        return [turn.fixed("utter_account_gone")]
    with session_scope() as session:
        replies = [account_answer(session, questions, account, turn.language, today(), turn.medium)]
        if account.disconnected_since is not None:
            reference = request_person(session, turn.origin, priority=True)
            replies.append(turn.fixed("utter_account_person_waits", reference=reference))
    return [one_reply(replies, replies[0].buttons)]
