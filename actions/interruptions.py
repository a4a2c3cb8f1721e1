"""What is said in the middle of a form that is not for it: answered, and the form goes on, or left."""

from actions.answers import answer_now
from actions.dialogue import ActionChangeLanguage
from actions.turn import Turn
from bot.knowledge.topics import topics
from bot.nlu.lexicon import yes_or_no
from bot.nlu.signals import OTHER
from bot.replies.language import of_turn
from bot.replies.reply import Reply

DANGER, PERSON = "report_danger", "request_human"
SHORT = 4  # words
SURE = 0.8


def is_short(turn: Turn) -> bool:
    """Whether a message is so short that its intent is taken at its word."""
    return len(turn.text.split()) <= SHORT


def is_sure(turn: Turn) -> bool:
    """Whether a message's intent is certain enough to set a form aside for it."""
    return turn.is_button or turn.confidence >= SURE


def leaves(turn: Turn) -> bool:
    """Whether a message ends the form: the customer wants no more of it, is in danger, or wants a person."""
    match turn.intent:
        case "cancel" | "goodbye":
            return is_short(turn)
        case "deny":  # "I do not have that" is about the form's question
            return is_short(turn) and (is_sure(turn) or yes_or_no(turn.text, turn.language) is False)
        case "report_danger" | "request_human":
            return is_short(turn) or is_sure(turn)
    return False


def answer_in_between(turn: Turn) -> list[Reply]:
    """The answer to what has its own answer whatever the form is about; empty where the message is for the form."""
    code, decided = of_turn(turn.parsed)
    if code == OTHER and decided:
        return [turn.fixed("utter_other_language")]
    match turn.intent:
        case "help" | "bot_challenge":
            return [turn.fixed(f"utter_{turn.intent}")]
        case "change_language":
            return ActionChangeLanguage().answer(turn).replies[:1]
    if turn.intent.startswith("ask_") and turn.intent in topics() and is_sure(turn):
        return [answer_now(turn, turn.intent, turn.entities("place"))]
    return []
