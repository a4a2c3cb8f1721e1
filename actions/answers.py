"""Answers from fact records."""

from actions.turn import CustomerAction, Outcome, Turn
from bot.clock import today
from bot.knowledge.topics import topics
from bot.nlu.lexicon import is_follow_up
from bot.replies.answers import answer
from bot.replies.reply import Reply
from bot.storage.engine import session_scope

TOPIC, PLACES = "topic", "places"
PLACE_TOPICS = {"ask_place_closed", "ask_reopening"}
UNTIL_WHEN = "ask_guarantee_duration"


def answered(turn: Turn, intent: str, places: list[str]) -> Outcome:
    """The answer to an intent, with what follow-up questions build on."""
    reply = answer_now(turn, intent, places)
    return Outcome([reply], slots={TOPIC: intent, PLACES: places or None})


def answer_now(turn: Turn, intent: str, places: list[str]) -> Reply:
    """The answer as the facts stand today."""
    with session_scope() as session:
        return answer(session, intent, turn.language, today(), places=places, medium=turn.medium)


class ActionAnswer(CustomerAction):
    """Answers every intent that `topics.yml` knows."""

    def name(self) -> str:
        return "action_answer"

    def answer(self, turn: Turn) -> Outcome:
        intent, places = turn.intent, turn.entities("place")
        before = turn.slots.get(TOPIC)
        if intent == UNTIL_WHEN and before in PLACE_TOPICS and not places and is_follow_up(turn.text, turn.language):
            # "Until when?" after a closed place asks when it opens.
            intent = "ask_reopening"
        if intent == "ask_reopening" and before in PLACE_TOPICS and not places:
            places = list(turn.slots.get(PLACES) or [])
        return answered(turn, intent, places if intent in PLACE_TOPICS else [])


class ActionFollowUp(CustomerAction):
    """A bare detail: a place continues the question about places; other details get a question back."""

    def name(self) -> str:
        return "action_follow_up"

    def answer(self, turn: Turn) -> Outcome:
        places = turn.entities("place")
        if places:
            before = turn.slots.get(TOPIC)
            return answered(turn, before if before in PLACE_TOPICS else "ask_place_closed", places)
        if turn.slots.get(TOPIC) in topics() and is_follow_up(turn.text, turn.language):
            return answered(turn, UNTIL_WHEN if turn.slots[TOPIC] not in PLACE_TOPICS else "ask_reopening", [])
        seen = turn.entities("contract_number") or not any(character.isalpha() for character in turn.text)
        return Outcome([turn.fixed("utter_number_seen" if seen else "utter_inform")])
