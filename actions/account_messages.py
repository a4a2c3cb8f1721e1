"""What a message in the account form contains: questions, numbers, and how the customer wants to pay."""

from dataclasses import replace

from actions.turn import Turn
from bot.accounts.account_intents import QUESTIONS
from bot.accounts.given_numbers import contract_numbers
from bot.accounts.source import ExtensionWish
from bot.accounts.utterance import Utterance
from bot.domain_names import EntityName, Intent, Slot

HINT = 0.1  # confidence
TOLD_AGAIN = {Intent.REPEAT, Intent.CHANGE_LANGUAGE}  # idempotent: the same wish gets the same reference
AGAIN = {Intent.REPEAT, Intent.RESEND_CODE}
AGREES: dict[str, bool] = {Intent.AFFIRM: True, Intent.DENY: False}


def asked_in(turn: Turn) -> list[str]:
    """The account questions of a message; the previous one where the message asks none (a bare number, "repeat")."""
    asked = [one.intent for one in turn.questions] or [turn.intent]
    found = [intent for intent in asked if intent in QUESTIONS] or _hinted_at(turn)
    before = turn.slots.get(Slot.TOPIC)
    return found or [str(before) if before in QUESTIONS else Intent.CHECK_ACCOUNT_STATUS]


def _hinted_at(turn: Turn) -> list[str]:
    """The likeliest account question of a message whose contract number hid its intent from the classifier."""
    if not contract_numbers(turn.text, turn.language):
        return []
    for guess in turn.parsed.ranking:
        is_late = guess.intent == Intent.ASK_PAYMENT_DELAY
        question = Intent.REQUEST_PAYMENT_EXTENSION if is_late else guess.intent
        if question in QUESTIONS and guess.confidence >= HINT:
            return [question]
    return []


def questions_of(turn: Turn) -> list[str]:
    """The form's questions; the one that the customer is being verified for comes last."""
    known = str(turn.slots.get(Slot.ACCOUNT_QUESTION) or "").split()
    found = list(dict.fromkeys(known)) or asked_in(turn)
    return sorted(found, key=lambda question: question == Intent.REQUEST_PAYMENT_EXTENSION)


def heard_in(turn: Turn) -> Utterance:
    """What the message says, with what the customer has said so far about how they want to pay."""
    heard = Utterance(
        "" if turn.is_button else turn.text,
        turn.language,
        again=turn.intent in AGAIN,
        by_ear=turn.by_ear,
        agrees=AGREES.get(turn.intent),
        choice=next(iter(turn.entities(EntityName.CHOICE)), None) if turn.is_button else None,
    )
    goes_on = turn.slots.get(Slot.ACCOUNT_QUESTION) or turn.intent in TOLD_AGAIN
    wish = turn.slots.get(Slot.ACCOUNT_WISH) if goes_on else None
    known: dict[str, list[str]] = wish if isinstance(wish, dict) else {}
    is_bare = bool(heard.numbers or heard.codes) and not any(character.isalpha() for character in turn.text)
    wanted = (EntityName.DATE, EntityName.INSTALMENTS, EntityName.AMOUNT)
    dates, instalments, amounts = ([] if is_bare else turn.entities(name) for name in wanted)
    is_new = bool(dates or instalments)  # the latest date or number of instalments replaces the earlier one
    return replace(
        heard,
        dates=dates if is_new else known.get("dates", []),
        instalments=instalments if is_new else known.get("instalments", []),
        amounts=amounts or known.get("amounts", []),
    )


def wish_in(heard: Utterance) -> dict[str, list[str]]:
    """The slots that remember how the customer wants to pay."""
    said = {"dates": heard.dates, "instalments": heard.instalments, "amounts": heard.amounts}
    return {kind: list(values) for kind, values in said.items() if values}


def recorded_wish(heard: Utterance, wish: ExtensionWish) -> dict[str, list[str]]:
    """The recorded wish as slots, so that "repeat" gives the same; the amount only where the customer named one."""
    if wish.until:
        heard = replace(heard, dates=[wish.until.isoformat()], instalments=())
    else:
        heard = replace(heard, dates=(), instalments=[str(wish.instalments)])
    return wish_in(heard)
