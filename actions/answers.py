"""Answers from fact records."""

from actions.turn import Asked, CustomerAction, Outcome, Turn
from bot.accounts.dialogue import QUESTIONS as ACCOUNT_QUESTIONS
from bot.accounts.numbers import contract_numbers
from bot.clock import today
from bot.knowledge.topics import topics
from bot.nlu.lexicon import is_follow_up
from bot.privacy import redact
from bot.replies.answers import answer, answer_all
from bot.replies.reply import Reply
from bot.storage.engine import single_statements

TOPIC, PLACES, ALSO = "topic", "places", "also"
PLACE_TOPICS = {"ask_place_closed", "ask_reopening"}
ACCOUNT_FORM = "account_form"
UNTIL_WHEN = "ask_guarantee_duration"


def answered(turn: Turn, intent: str, places: list[str]) -> Outcome:
    """The answer to an intent, with what follow-up questions build on."""
    reply = answer_now(turn, intent, places)
    return Outcome([reply], slots={TOPIC: intent, PLACES: places or None, ALSO: None})


def answered_both(turn: Turn, first: Asked, second: Asked) -> Outcome:
    """The answers to two questions of one message in one reply; follow-ups continue the second."""
    with single_statements() as session:
        pair = [(first.intent, first.places), (second.intent, second.places)]
        reply = answer_all(session, pair, turn.language, today(), medium=turn.medium)
    also = {"intent": first.intent, "places": first.places}
    return Outcome([reply], slots={TOPIC: second.intent, PLACES: second.places or None, ALSO: also})


def answer_now(turn: Turn, intent: str, places: list[str]) -> Reply:
    """The answer as the facts stand today."""
    with single_statements() as session:
        return answer(session, intent, turn.language, today(), places=places, medium=turn.medium)


def to_the_account(turn: Turn) -> Outcome | None:
    """On to the account form, for a message that asks about an account or holds a contract number; else None."""
    asks = any(asked.intent in ACCOUNT_QUESTIONS for asked in turn.questions)
    # Redaction knows from the words before a number whether it is a contract's or a phone.
    gives = contract_numbers(turn.text, turn.language) and "[contract]" in redact(turn.text)
    return Outcome([], next_action=ACCOUNT_FORM) if asks or gives else None


class ActionAnswer(CustomerAction):
    """Answers every intent that `topics.yml` knows."""

    def name(self) -> str:
        return "action_answer"

    def answer(self, turn: Turn) -> Outcome:
        if account := to_the_account(turn):
            return account
        if len(turn.questions) == 2:
            return answered_both(turn, *(_about_places(asked) for asked in turn.questions))
        intent, places = turn.intent, turn.entities("place")
        before = turn.slots.get(TOPIC)
        if intent == UNTIL_WHEN and before in PLACE_TOPICS and not places and is_follow_up(turn.text, turn.language):
            # "Until when?" after a closed place asks when it opens.
            intent = "ask_reopening"
        if intent == "ask_reopening" and before in PLACE_TOPICS and not places:
            places = list(turn.slots.get(PLACES) or [])
        return answered(turn, intent, places if intent in PLACE_TOPICS else [])


def _about_places(asked: Asked) -> Asked:
    """A question with the places that its answer depends on."""
    return asked if asked.intent in PLACE_TOPICS else Asked(asked.intent, [])


class ActionFollowUp(CustomerAction):
    """A bare detail: a place continues the question about places, a contract number opens the account form."""

    def name(self) -> str:
        return "action_follow_up"

    def answer(self, turn: Turn) -> Outcome:
        places = turn.entities("place")
        if places:
            before = turn.slots.get(TOPIC)
            return answered(turn, before if before in PLACE_TOPICS else "ask_place_closed", places)
        if turn.slots.get(TOPIC) in topics() and is_follow_up(turn.text, turn.language):
            return answered(turn, UNTIL_WHEN if turn.slots[TOPIC] not in PLACE_TOPICS else "ask_reopening", [])
        if account := to_the_account(turn):
            return account
        seen = not any(character.isalpha() for character in turn.text)
        return Outcome([turn.fixed("utter_number_seen" if seen else "utter_inform")])
