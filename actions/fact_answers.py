"""Answers from fact records."""

from dataclasses import asdict

from actions.turn import Asked, CustomerAction, Outcome, Turn
from bot.accounts.account_intents import QUESTIONS as ACCOUNT_QUESTIONS
from bot.accounts.given_numbers import contract_numbers
from bot.clock import today
from bot.domain_names import ActionName, EntityName, Form, Intent, Slot
from bot.knowledge.topics import topics
from bot.privacy import redact
from bot.replies.answer_composer import answer, answer_all
from bot.replies.reply import Reply
from bot.storage.engine import single_statements
from bot.words.lexicon import is_follow_up

PLACE_TOPICS = {Intent.ASK_PLACE_CLOSED, Intent.ASK_REOPENING}


def answered(turn: Turn, intent: str, places: list[str]) -> Outcome:
    """The answer to an intent, with the slots that follow-up questions need."""
    reply = answer_now(turn, intent, places)
    return Outcome([reply], slots={Slot.TOPIC: intent, Slot.PLACES: places or None, Slot.ALSO: None})


def answered_both(turn: Turn, first: Asked, second: Asked) -> Outcome:
    """The answers to two questions of one message in one reply; follow-ups continue the second."""
    with single_statements() as session:
        pair = [(first.intent, first.places), (second.intent, second.places)]
        reply = answer_all(session, pair, turn.language, today(), medium=turn.medium)
    return Outcome(
        [reply], slots={Slot.TOPIC: second.intent, Slot.PLACES: second.places or None, Slot.ALSO: asdict(first)}
    )


def answer_now(turn: Turn, intent: str, places: list[str]) -> Reply:
    """The answer from the facts that are valid today."""
    with single_statements() as session:
        return answer(session, intent, turn.language, today(), places=places, medium=turn.medium)


def to_the_account(turn: Turn) -> Outcome | None:
    """Starts the account form for a message that asks about an account or contains a contract number; else None."""
    asks = any(asked.intent in ACCOUNT_QUESTIONS for asked in turn.questions)
    # Redaction tells from the words before a number whether it is a contract number or a phone number.
    gives = contract_numbers(turn.text, turn.language) and "[contract]" in redact(turn.text)
    return Outcome([], next_action=Form.ACCOUNT) if asks or gives else None


class ActionAnswer(CustomerAction):
    """Answers every intent that `topics.yml` knows."""

    def name(self) -> str:
        return ActionName.ANSWER

    def answer(self, turn: Turn) -> Outcome:
        if account := to_the_account(turn):
            return account
        if len(turn.questions) == 2:
            return answered_both(turn, *(_about_places(asked) for asked in turn.questions))
        intent, places = turn.intent, turn.entities(EntityName.PLACE)
        before = turn.slots.get(Slot.TOPIC)
        is_until_when = intent == Intent.ASK_GUARANTEE_DURATION and is_follow_up(turn.text, turn.language)
        if is_until_when and before in PLACE_TOPICS and not places:
            # "Until when?" after a closed place asks when it opens.
            intent = Intent.ASK_REOPENING
        if intent == Intent.ASK_REOPENING and before in PLACE_TOPICS and not places:
            places = turn.slot_list(Slot.PLACES)
        return answered(turn, intent, places if intent in PLACE_TOPICS else [])


def _about_places(asked: Asked) -> Asked:
    """A question with the places that its answer depends on."""
    return asked if asked.intent in PLACE_TOPICS else Asked(asked.intent, [])


class ActionFollowUp(CustomerAction):
    """A bare detail: a place continues the question about places, a contract number starts the account form."""

    def name(self) -> str:
        return ActionName.FOLLOW_UP

    def answer(self, turn: Turn) -> Outcome:
        places = turn.entities(EntityName.PLACE)
        if places:
            before = turn.slot_text(Slot.TOPIC)
            return answered(turn, before if before in PLACE_TOPICS else Intent.ASK_PLACE_CLOSED, places)
        if turn.slots.get(Slot.TOPIC) in topics() and is_follow_up(turn.text, turn.language):
            is_of_places = turn.slots[Slot.TOPIC] in PLACE_TOPICS
            return answered(turn, Intent.ASK_REOPENING if is_of_places else Intent.ASK_GUARANTEE_DURATION, [])
        if account := to_the_account(turn):
            return account
        seen = not any(character.isalpha() for character in turn.text)
        return Outcome([turn.fixed("utter_number_seen" if seen else "utter_inform")])
