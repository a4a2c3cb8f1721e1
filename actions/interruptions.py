"""Interruptions: messages during a form that do not answer it. They are answered and the form continues, or it ends."""

from actions.conversation_repair import ActionChangeLanguage
from actions.conversing import answerable_topics, question_of
from actions.fact_answers import answer_now, answered
from actions.turn import Asked, Outcome, Turn
from bot.domain_names import ActionName, Aspect, EntityName, Intent, Slot
from bot.knowledge.follow_ups import aspect_of, meant, topic_of
from bot.knowledge.topics import topics
from bot.parse_result import OTHER
from bot.replies.language import of_turn
from bot.replies.reply import Reply
from bot.words.lexicon import yes_or_no

SHORT = 4  # words
LEAVING = 12  # words; a longer message tells something, whatever it ends with
SURE = 0.8
ANSWERED_ALIKE = frozenset(
    {Intent.HELP, Intent.BOT_CHALLENGE, Intent.HOLD_ON, Intent.WITHOUT_NUMBER, Intent.WHY_NUMBER}
)
LIKELY_BETWEEN = 0.45  # confidence from which a question interrupts a form
LEAVE_BESIDE_NO = 0.08  # confidence in leave or thanks beside a "no"
ENOUGH = 0.65  # confidence in leaving, by whatever word, from which a form is left


def is_short(turn: Turn) -> bool:
    """Whether a message is short enough to trust its intent."""
    return len(turn.text.split()) <= SHORT


def is_sure(turn: Turn) -> bool:
    """Whether a message's intent is certain enough to interrupt a form."""
    return turn.is_button or turn.confidence >= SURE


def leaves(turn: Turn) -> bool:
    """Whether a message ends the form: the customer cancels, leaves, is in danger or despair, or wants a person."""
    going = sum(one.confidence for one in turn.parsed.ranking if one.intent in (Intent.CANCEL, Intent.GOODBYE))
    if going >= ENOUGH and len(turn.text.split()) <= LEAVING and turn.intent in (Intent.CANCEL, Intent.GOODBYE):
        return True
    if turn.is_doubtful:
        return False
    match turn.intent:
        case Intent.CANCEL | Intent.GOODBYE:
            return is_short(turn) or (is_sure(turn) and len(turn.text.split()) <= LEAVING)
        case Intent.DENY:  # "I do not have that" is about the form's question
            refuses = is_sure(turn) or yes_or_no(turn.text, turn.language) is False
            return (is_short(turn) and refuses) or _takes_leave(turn)
        case Intent.REPORT_DANGER | Intent.REPORT_DESPAIR | Intent.REQUEST_HUMAN:
            return is_short(turn) or is_sure(turn)
    return False


def _takes_leave(turn: Turn) -> bool:
    """Whether a "no" also takes leave: "not now then, thanks"."""
    of = {one.intent: one.confidence for one in turn.parsed.ranking}
    leave = sum(of.get(intent, 0.0) for intent in (Intent.CANCEL, Intent.GOODBYE, Intent.THANK))
    return leave >= LEAVE_BESIDE_NO and leave + of.get(Intent.DENY, 0.0) >= ENOUGH and len(turn.text.split()) <= LEAVING


def left_by(turn: Turn) -> Outcome:
    """The reply to a message that ends a form; requests for a person and goodbyes go to their own actions."""
    match turn.intent:
        case Intent.REPORT_DANGER | Intent.REPORT_DESPAIR:
            return answered(turn, Asked(turn.intent, []))
        case Intent.REQUEST_HUMAN:
            return Outcome([], next_action=ActionName.HAND_OVER)
        case Intent.GOODBYE:
            return Outcome([turn.fixed("utter_left_off")], next_action=ActionName.UTTER_GOODBYE)
    return Outcome([turn.fixed("utter_cancelled")])


def answer_in_between(turn: Turn, likely: float = LIKELY_BETWEEN) -> list[Reply]:
    """The answer to an interruption that every form answers alike; empty where the message is for the form.

    Args:
        likely: confidence from which a question is answered.
    """
    code, decided = of_turn(turn.parsed)
    if code == OTHER and decided:
        return [turn.fixed("utter_other_language")]
    if turn.intent in ANSWERED_ALIKE or (turn.intent == Intent.THANK and is_sure(turn)):
        return [turn.fixed(f"utter_{turn.intent}")]
    if turn.intent == Intent.CHANGE_LANGUAGE:
        return ActionChangeLanguage().answer(turn).replies[:1]
    reply = _answer_to_question(turn, likely)
    return [reply] if reply else []


def _answer_to_question(turn: Turn, likely: float) -> Reply | None:
    """The answer to a question that interrupts a form; None where the message asks none."""
    if turn.intent == Intent.FOLLOW_UP and turn.confidence >= likely and (reply := _followed_up(turn)):
        return reply
    if question := question_of(turn, likely):
        return answer_now(turn, Asked(topic_of(question), turn.entities(EntityName.PLACE), question, turn.asks))
    if turn.intent.startswith("ask_") and turn.intent in topics() and is_sure(turn):
        return answer_now(turn, turn.asked)
    return None


def _followed_up(turn: Turn) -> Reply | None:
    """The answer to "until when, did you say?" about what was answered before the form; None where it means nothing."""
    if turn.about == Aspect.WHY:  # the form has just asked for something
        return turn.fixed(f"utter_{Intent.WHY_NUMBER}")
    last = turn.slot_text(Slot.ABOUT)
    topic = topic_of(last) if last else turn.slot_text(Slot.TOPIC)
    if topic not in answerable_topics():
        return None
    question = meant(topic, aspect_of(turn.about), last)
    return answer_now(turn, Asked(topic_of(question), [], question, turn.asks)) if question else None
