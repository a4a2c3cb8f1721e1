"""Questions: whole ones, bare details, and those that make sense only after an answer ("why?", "until when?")."""

from actions.conversation_repair import ActionClarify, ActionRepeat, was_about_account
from actions.conversing import ConversingAction, about_danger
from actions.fact_answers import (
    about_places,
    answered,
    answered_all,
    in_context,
    persons_of,
    says_which,
    to_the_account,
)
from actions.turn import Asked, Outcome, Turn
from bot.domain_names import ALARMS, PLACE_TOPICS, ActionName, Aspect, EntityName, Form, Intent, Slot
from bot.knowledge.by_person import for_person
from bot.knowledge.follow_ups import aspect_of, meant, topic_of
from bot.knowledge.topics import topics
from bot.words.lexicon import is_follow_up
from bot.words.persons import persons_in
from bot.words.question_form import QuestionForm, asks_for_it

# The customer doubts the answer: it is confirmed from its facts, and where they can be read.
DOUBTING = frozenset({Aspect.SURE, Aspect.OBJECTION})


class ActionAnswer(ConversingAction):
    """Answers every intent that `topics.yml` knows."""

    def name(self) -> str:
        return ActionName.ANSWER

    def answer_alone(self, turn: Turn) -> Outcome:
        if account := to_the_account(turn):
            return account
        if several := in_context(turn):
            return answered_all(turn, several)
        if turn.about == Aspect.DEFERRAL and asks_for_it(turn.text):
            return Outcome([], slots={Slot.TOPIC: Intent.REQUEST_PAYMENT_EXTENSION}, next_action=Form.ACCOUNT)
        intent, places = turn.intent, turn.entities(EntityName.PLACE)
        if intent == Intent.REPORT_DANGER and turn.asks is not QuestionForm.STATED:
            return answered(turn, Asked(intent, [], about_danger(turn), turn.asks))
        if intent == Intent.ASK_REOPENING and turn.slots.get(Slot.TOPIC) in PLACE_TOPICS and not places:
            places = turn.slot_list(Slot.PLACES)
        return answered(turn, about_places(Asked(intent, places, turn.about, turn.asks)))


def _of_places(turn: Turn) -> str | None:
    """The question answered last, where it has answers for single places; else None, for the topic's own."""
    topic, about = topics()[str(turn.slot_text(Slot.TOPIC))], turn.slot_text(Slot.ABOUT)
    return about if topic.asked(about, QuestionForm.STATED).places else None


class ActionFollowUp(ConversingAction):
    """A bare detail: a place continues the question about places, a contract number starts the account form."""

    def name(self) -> str:
        return ActionName.FOLLOW_UP

    def answer(self, turn: Turn) -> Outcome:
        if places := turn.entities(EntityName.PLACE):
            before = turn.slot_text(Slot.TOPIC)
            if before in PLACE_TOPICS:
                return answered(turn, Asked(str(before), places, _of_places(turn), turn.asks))
            return answered(turn, Asked(Intent.ASK_PLACE_CLOSED, places, asks=turn.asks))
        return super().answer(turn)

    def answer_alone(self, turn: Turn) -> Outcome:
        if turn.slots.get(Slot.TOPIC) in topics() and is_follow_up(turn.text, turn.language):
            is_of_places = turn.slots[Slot.TOPIC] in PLACE_TOPICS
            return answered(turn, Asked(Intent.ASK_REOPENING if is_of_places else Intent.ASK_GUARANTEE_DURATION, []))
        if account := to_the_account(turn):
            return account
        if told := _told_who(turn):
            return told
        seen = not any(character.isalpha() for character in turn.text)
        return Outcome([turn.fixed("utter_number_seen" if seen else "utter_inform")])


def _told_who(turn: Turn) -> Outcome | None:
    """The last answer for somebody who only now tells who they are ("I have a company"); None where it is the same."""
    topic = turn.slot_text(Slot.TOPIC)
    asked = turn.slot_text(Slot.ABOUT) or topic
    if topic not in topics() or asked is None or turn.is_button or not persons_in(turn.text):
        return None
    question = for_person(asked, persons_of(turn))
    return None if question == asked else answered(turn, Asked(topic_of(question), [], question))


class ActionElliptical(ConversingAction):
    """Answers the question that a follow-up means after the topic that was answered last."""

    def name(self) -> str:
        return ActionName.ELLIPTICAL

    def answer_alone(self, turn: Turn) -> Outcome:
        if account := to_the_account(turn):
            return account
        topic = turn.slot_text(Slot.TOPIC)
        if several := in_context(turn):
            return answered_all(turn, several)
        aspect = aspect_of(turn.about)
        if turn.about == Aspect.SAME and topic:
            return ActionRepeat().answer(turn)
        if turn.about in DOUBTING and topic:
            return _confirmed(turn, topic)
        if says_which(turn, topic) and (question := meant(topic, aspect, turn.slot_text(Slot.ABOUT))):
            return answered(
                turn, about_places(Asked(topic_of(question), turn.slot_list(Slot.PLACES), question, turn.asks))
            )
        return ActionClarify().answer_alone(turn) if topic is None else Outcome([turn.fixed("utter_which_question")])


def _confirmed(turn: Turn, topic: str) -> Outcome:
    """The last answer, confirmed: the same facts in other words, or where they are written."""
    about = turn.slot_text(Slot.ABOUT)
    if about and topic != Intent.REPORT_OUTAGE:
        return answered(turn, Asked(topic, turn.slot_list(Slot.PLACES), about, turn.asks), confirmed=True)
    return answered(turn, Asked(topic_of(Aspect.CONFIRMED), [], Aspect.CONFIRMED))


class ActionDialogue(ConversingAction):
    """Thanks, yes, no and the like, where nothing in particular was asked."""

    def name(self) -> str:
        return ActionName.DIALOGUE

    def answer_alone(self, turn: Turn) -> Outcome:
        topic = turn.slot_text(Slot.TOPIC)
        if turn.intent == Intent.AFFIRM and topic in topics() and turn.text.rstrip().endswith("?"):
            return _confirmed(turn, topic)  # "sure?", "really?"
        if turn.intent == Intent.AFFIRM and topic and not turn.is_button:
            return Outcome([turn.fixed("utter_acknowledged")])  # "fine", "good" after an answer
        if turn.intent == Intent.DENY and was_about_account(turn):
            return Outcome([turn.fixed("utter_cancelled")])  # "not now" to the request for a number
        calmed = turn.intent == Intent.REPORT_SAFE
        if calmed and topic not in ALARMS:  # a danger of which we have not heard may as well be misunderstood
            return Outcome([turn.fixed("utter_report_safe_unheard")])
        return Outcome([turn.fixed(f"utter_{turn.intent}")], slots={Slot.TOPIC: None} if calmed else None)
