"""What a message means in its conversation: danger lasts, and short messages continue what was answered."""

from abc import abstractmethod
from functools import lru_cache

from actions.customer_action import CustomerAction
from actions.fact_answers import about_places, answered, says_which, to_the_account
from actions.turn import Asked, Outcome, Turn
from bot.accounts.account_intents import QUESTIONS as ACCOUNT_QUESTIONS
from bot.domain_names import ALARMS, Aspect, EntityName, Intent, Slot
from bot.knowledge.context import context, likeliest_question
from bot.knowledge.follow_ups import aspect_of, meant, topic_of
from bot.knowledge.topics import topics
from bot.parse_result import OTHER
from bot.words.danger_questions import asks_whether_to_call, intends_something
from bot.words.lexicon import is_follow_up
from bot.words.question_form import QuestionForm, asks_whether_possible

# Messages that end an alarm, or at least do not go on about it.
CALM = frozenset({Intent.THANK, Intent.GOODBYE, Intent.REPORT_SAFE, Intent.REQUEST_HUMAN, Intent.CHANGE_LANGUAGE})
ANSWERS = frozenset({Intent.AFFIRM, Intent.DENY, Intent.UNSURE})  # to a question of ours
# Intents that say nothing about the topic, however certain.
UNCLEAR = frozenset({Intent.FOLLOW_UP, Intent.NLU_FALLBACK})
CLEAR = 0.85  # confidence from which a message means what it says, whatever was said before
LIKELY = 0.25  # confidence from which a meaning in context is answered
POSSIBLE = 0.08  # confidence from which a question in danger is taken for "may I do it myself?"


class ConversingAction(CustomerAction):
    """An action whose message may mean something else in its conversation than by itself."""

    @abstractmethod
    def answer_alone(self, turn: Turn) -> Outcome:
        """Decide what to say where the conversation so far does not decide it."""

    def answer(self, turn: Turn) -> Outcome:
        return continued(turn) or self.answer_alone(turn)


def continued(turn: Turn) -> Outcome | None:
    """The answer that the conversation so far decides; None where the message stands for itself."""
    if turn.is_button or turn.form or turn.parsed.problem or turn.parsed.language_code == OTHER:
        return None
    if to_the_account(turn):
        return None
    if turn.slot_text(Slot.TOPIC) in ALARMS and turn.intent not in ALARMS:
        return _still_alarmed(turn)
    answers_us = turn.slots.get(Slot.PENDING_QUESTION) and turn.intent in ANSWERS
    return None if turn.questions or answers_us else _in_context(turn)


def _still_alarmed(turn: Turn) -> Outcome | None:
    """The danger or despair of before, until the customer thanks, says that it is over, or clearly asks otherwise."""
    alarm = str(turn.slot_text(Slot.TOPIC))
    if (turn.intent in CALM and not turn.is_doubtful) or (
        _ends_alarm(turn, alarm) and not asks_whether_to_call(turn.text)
    ):
        return None
    return answered(
        turn, Asked(alarm, [], about_danger(turn, told=True) if alarm == Intent.REPORT_DANGER else None, turn.asks)
    )


def _ends_alarm(turn: Turn, alarm: str) -> bool:
    by_topic: dict[str, float] = {}
    for guess in turn.parsed.meanings:
        topic = topic_of(guess.intent)
        by_topic[topic] = by_topic.get(topic, 0.0) + guess.confidence
    by_topic[turn.intent] = max(by_topic.get(turn.intent, 0.0), turn.confidence)
    return context().ends_alarm(alarm, by_topic)


def about_danger(turn: Turn, *, told: bool = False) -> Aspect | None:
    """What somebody in danger asks: whether to call, or whether they may do something themselves; else None.

    Args:
        told: whether they were told what to do; whether anything is possible is then a question about that.
    """
    if asks_whether_to_call(turn.text):
        return Aspect.CALL
    meanings = {guess.intent: guess.confidence for guess in turn.parsed.meanings}
    wonders = told and turn.asks is QuestionForm.WHETHER and asks_whether_possible(turn.text)
    intends = wonders or intends_something(turn.text)
    return Aspect.MAY_I if intends or meanings.get(Aspect.MAY_I, 0.0) >= POSSIBLE else None


def _in_context(turn: Turn) -> Outcome | None:
    clear = turn.intent not in UNCLEAR and turn.confidence >= CLEAR
    question = _bare_follow_up(turn) or (None if clear else question_of(turn))
    if question is None:
        return None
    places = turn.entities(EntityName.PLACE) or turn.slot_list(Slot.PLACES)
    return answered(turn, about_places(Asked(topic_of(question), places, question, turn.asks)))


def _bare_follow_up(turn: Turn) -> str | None:
    """What "until when?" means after a topic to which the guessed question does not belong; else None.

    The words alone always mean the same, so the classifier is sure of its guess.
    """
    topic = turn.slot_text(Slot.TOPIC)
    related = topic == turn.intent or turn.intent in context().neighbours.get(topic or "", ())
    if topic not in topics() or related or not is_follow_up(turn.text, turn.language):
        return None
    return meant(topic, aspect_of(turn.about), turn.slot_text(Slot.ABOUT))


def question_of(turn: Turn, least: float = LIKELY) -> str | None:
    """The question that the latest message most likely asks in its conversation; None where it asks none."""
    topic, last = turn.slot_text(Slot.TOPIC), turn.slot_text(Slot.ABOUT)
    if turn.form:  # a short message is mostly for the form; only a disconnection is talked about meanwhile
        is_disconnected = Intent.REPORT_DISCONNECTED in (turn.slot_text(Slot.ACCOUNT_QUESTION) or "").split()
        topic, last = (Intent.REPORT_DISCONNECTED if is_disconnected else None), None
    known = topic if topic in topics() else None
    if not says_which(turn, topic):
        return None
    return likeliest_question(turn.parsed.meanings, answerable_topics(), known, last, least)


@lru_cache(maxsize=1)
def answerable_topics() -> frozenset[str]:
    """The topics that facts answer and that need no account."""
    of_accounts = ACCOUNT_QUESTIONS - {Intent.REPORT_DISCONNECTED}
    return frozenset(topics()) - of_accounts - {Intent.REPORT_OUTAGE, *ALARMS}
