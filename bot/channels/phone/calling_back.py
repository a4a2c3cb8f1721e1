"""The offer to call somebody back: outside the hours, or when a transfer has failed.

It is the channel's own dialogue and not Rasa's: what is said in it, such as a phone number, is stored nowhere but with
the call until that ends and, after a yes, with the request; sealed both times.
"""

import logging
import re
from dataclasses import dataclass, replace

from bot.accounts.reading_back import agreement
from bot.channels.intake import customer_text
from bot.channels.phone import desk_of_calls
from bot.channels.phone.best_hypothesis import CLEAR, NOT_UNDERSTOOD, SURE, Parse, best
from bot.channels.phone.call_state import Offer, OfferStage, State
from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard, SpokenText
from bot.channels.phone.pressed_keys import ANEW, END, LANGUAGE_KEYS, PERSON_KEY
from bot.channels.phone.spoken_answers import answer_of, spoken_text
from bot.desk.numbers_to_call import number_to_call
from bot.desk.opening_hours import Availability
from bot.domain_names import ALARMS, ActionName, Intent
from bot.replies.formats import SpokenDate
from bot.storage.deadline import in_time
from bot.words.kinds_of_number import COUNTRY_CODE
from bot.words.lexicon import lexicon
from bot.words.said_phone import attempts_a_number, phone_number_of, phone_number_said

logger = logging.getLogger(__name__)
YES_KEY, NO_KEY = "1", ANEW  # no phone number begins with them
MOST_MISSES = 2  # answers that are no answer, before the offer ends
LONGEST = 15  # digits of a phone number (E.164)
# What says neither yes nor no, but is no question either.
SAYS_NOTHING = frozenset({*NOT_UNDERSTOOD, Intent.INFORM, Intent.UNSURE, Intent.THANK, Intent.GREET, Intent.HOLD_ON})
Said = tuple[Answer, State]


@dataclass(frozen=True)
class Wish:
    """What a caller answers to the offer.

    Attributes:
        agrees: True for yes, False for no.
        number: that was given, in E.164.
        is_another: another number than the caller's is wished.
        is_wrong: a number was given that does not exist.
        again: the question is to be said again.
    """

    agrees: bool | None = None
    number: str | None = None
    is_another: bool = False
    is_wrong: bool = False
    again: bool = False


@dataclass(frozen=True)
class CallingBack:
    """Offers to call back, and takes the answer. `parse` is the model's."""

    parse: Parse

    def offered(self, state: State, reference: str | None) -> tuple[SpokenText, Offer]:
        """The question whether to call back."""
        caller = number_to_call(state.caller) if state.caller else None  # anybody can ring with any number
        offer = Offer(OfferStage.OFFERED, reference, caller)
        return self._question(offer, state), offer

    async def goes_on(self, conversation: str, heard: Heard, state: State) -> Said | None:
        """The answer to what a caller says while the offer stands; None where it is about something else."""
        offer = state.offer
        if offer is None:
            return None
        if heard.kind is CallEventKind.SPEECH:
            wish = await self._said(heard, state)
        elif offer.stage is OfferStage.RECORDED or _is_for_a_person(heard, state, offer):
            return None
        elif heard.kind is CallEventKind.SILENCE and not state.keys:
            return self._silent(state, offer)
        elif heard.digits in LANGUAGE_KEYS and not state.keys:
            return self._ask(offer, replace(state, language=LANGUAGE_KEYS[heard.digits]))
        else:
            ended = END if heard.kind is CallEventKind.SILENCE else heard.digits
            whole, wish = _keyed(state.keys, ended, offer.stage)
            if wish is None:
                return answer_of("phone_more_keys", state.language), replace(state, keys=whole)
        calm = replace(state, keys="", silent=0, unclear=0)
        return await self._taken(conversation, calm, offer, wish) if wish else None

    async def _taken(self, conversation: str, state: State, offer: Offer, wish: Wish) -> Said | None:
        """The answer to an answer."""
        is_read_back, is_asked = offer.stage is OfferStage.READ_BACK, offer.stage is OfferStage.ASKED
        if offer.stage is OfferStage.RECORDED:
            again = answer_of("phone_request_number", state.language, reference=offer.reference)
            return (again, state) if wish.again else None
        if wish.agrees and offer.number and not is_asked:
            return await self._record(conversation, state, offer, offer.number)
        if wish.agrees is False and not is_read_back:
            await in_time(desk_of_calls.decline, offer.reference)
            return answer_of("phone_call_back_declined", state.language), replace(state, offer=None)
        which = replace(offer, stage=OfferStage.ASKED, number=None)
        if wish.again or wish.number or wish.is_another or (wish.agrees and not is_asked):
            read_back = replace(offer, stage=OfferStage.READ_BACK, number=wish.number)
            return self._ask(read_back if wish.number else offer if wish.again else which, state)
        if wish.is_wrong or wish.agrees is False:
            return self._missed(state, which, "phone_number_wrong" if wish.is_wrong else None)
        return self._missed(state, offer, None if is_asked else "phone_yes_or_no")

    async def _record(self, conversation: str, state: State, offer: Offer, number: str) -> Said:
        kept = await in_time(desk_of_calls.record_call_back, conversation, state.language, number, offer.reference)
        opens = opens_at(await in_time(desk_of_calls.there), state.language)
        recorded = spoken_text("phone_call_back_recorded", state.language, reference=kept)
        more = spoken_text("phone_what_else", state.language)
        answer = Answer((recorded, *opens, more), state.language)
        return answer, replace(state, offer=Offer(OfferStage.RECORDED, kept.number))

    def _question(self, offer: Offer, state: State) -> SpokenText:
        if offer.stage is OfferStage.ASKED:
            return spoken_text("phone_which_number", state.language)
        if offer.stage is OfferStage.READ_BACK:
            return spoken_text("phone_number_read_back", state.language, number=offer.number)
        key = "phone_offer_call_back" if offer.number else "phone_offer_call_back_no_number"
        return spoken_text(key, state.language)

    def _ask(self, offer: Offer, state: State) -> Said:
        return Answer((self._question(offer, state),), state.language), replace(state, offer=offer)

    def _missed(self, state: State, offer: Offer, key: str | None) -> Said:
        """Ask again, after a text that says why; the offer ends after too many."""
        offer = replace(offer, misses=offer.misses + 1)
        if offer.misses > MOST_MISSES:
            key = "phone_call_back_given_up" if offer.reference else "phone_call_back_declined"
            return answer_of(key, state.language, reference=offer.reference), replace(state, offer=None)
        why = (spoken_text(key, state.language),) if key else ()
        return Answer((*why, self._question(offer, state)), state.language), replace(state, offer=offer)

    def _silent(self, state: State, offer: Offer) -> Said:
        state = replace(state, silent=state.silent + 1)
        if state.silent > MOST_MISSES:  # nobody is on the line
            return replace(answer_of(ActionName.UTTER_GOODBYE, state.language), action=Action.HANG_UP), state
        question = self._question(offer, state)
        return Answer((spoken_text("utter_input_empty", state.language), question), state.language), state

    async def _said(self, heard: Heard, state: State) -> Wish | None:
        """What was said; None where it is about something else."""
        language = state.language
        try:
            guess, belief = await best(heard.hypotheses, language, self.parse)
            text = guess.text if guess else ""
            intent = (await self.parse(customer_text(text))).intent if text else None
        except Exception as error:
            logger.error("The speech of a call cannot be parsed: %s.", type(error).__name__)
            guess = next((one for one in heard.hypotheses if one.text.strip()), None)
            text, intent, belief = guess.text if guess else "", None, SURE
        if guess and belief < CLEAR and guess.confidence is not None and guess.confidence < SURE:
            return Wish()
        return wish_of(text, language, intent)


def wish_of(text: str, language: str, intent: str | None) -> Wish | None:
    """What a caller answers to the offer; None where it is about something else, such as danger."""
    if intent in ALARMS:
        return None
    said = phone_number_said(text, language)
    number = number_to_call(said) if said else None
    if number or attempts_a_number(text, language):
        return Wish(number=number, is_wrong=number is None)
    if intent == Intent.REPEAT or _matches("another_number", text, language):
        return Wish(again=intent == Intent.REPEAT, is_another=intent != Intent.REPEAT)
    agrees = _agrees(text, language, intent)
    return Wish(agrees=agrees) if agrees is not None or intent in SAYS_NOTHING else None


def _agrees(text: str, language: str, intent: str | None) -> bool | None:
    if _matches("call_unwanted", text, language) or intent == Intent.DENY:
        return False
    said = agreement(text, language)
    is_yes = intent == Intent.AFFIRM or _matches("call_wanted", text, language)
    return True if said is None and is_yes else said


def _is_for_a_person(heard: Heard, state: State, offer: Offer) -> bool:
    """Whether the key for a person was pressed, and not the first of a number."""
    return heard.digits == PERSON_KEY and not state.keys and offer.stage is not OfferStage.ASKED


def why_closed(line: Availability, language: str) -> tuple[SpokenText, ...]:
    """Why nobody answers now, and when the next working hours begin."""
    return (spoken_text(f"desk_{line.state}", language), *opens_at(line, language))


def opens_at(there: Availability, language: str) -> tuple[SpokenText, ...]:
    """When the next working hours begin; nothing within them."""
    if there.opens_at is None:
        return ()
    day = SpokenDate(there.opens_at.date(), language)
    return (spoken_text("desk_opens", language, since=day, time=f"{there.opens_at:%H:%M}"),)


def _keyed(before: str, pressed: str, stage: OfferStage) -> tuple[str, Wish | None]:
    """The keys so far, and what they mean; None while more are to come."""
    if not before and pressed and stage is not OfferStage.ASKED:
        if pressed.rstrip(END) == YES_KEY:
            return "", Wish(agrees=True)
        if pressed.rstrip(END) == NO_KEY:
            return "", Wish(agrees=False)
    if not pressed:
        return "", Wish()
    entered = (before + pressed).rpartition(ANEW)[2]
    whole, end, _ = entered.partition(END)
    keyed = phone_number_of(whole)
    number = number_to_call(keyed) if keyed else None
    if number and (end or number.startswith(f"+{COUNTRY_CODE}") or len(pressed) > 1):
        return "", Wish(number=number)
    if end or len(whole) >= LONGEST:
        return "", Wish(is_wrong=True) if whole else Wish()
    return whole, None


def _matches(kind: str, text: str, language: str) -> bool:
    return re.search(rf"\b(?:{lexicon('desk')[kind][language]})\b", text, re.IGNORECASE) is not None
