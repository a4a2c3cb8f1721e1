"""Answers a call turn by turn: what was heard becomes an answer to speak, or a transfer to a person."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.claims import settled
from bot.channels.conversation import Handler, TrackerReader, converse
from bot.channels.handover import NO_REQUEST, has_left, request_in, wants_a_person
from bot.channels.intake import Payload, UserInput, customer_text
from bot.channels.phone import call_state, desk_of_calls, repeated
from bot.channels.phone.best_hypothesis import CLEAR, SURE, Parse, best
from bot.channels.phone.call_state import State
from bot.channels.phone.calling_back import CallingBack, why_closed
from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard, Hypothesis
from bot.channels.phone.pressed_keys import LANGUAGE_KEYS, PERSON_KEY, number_of
from bot.channels.phone.spoken_answers import answer_of, sorry, spoken_replies, spoken_text
from bot.domain_names import ActionName, Intent
from bot.known_channels import PHONE
from bot.replies.catalogue import catalogues
from bot.replies.fixed_replies import fixed
from bot.replies.reply import Reply
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)
MOST_ASKED_AGAIN = 2  # repeated prompts after speech that is unclear or silence, before the call goes to a person
# What may answer the offer to call back.
OFFER_GOES_ON = frozenset({CallEventKind.SPEECH, CallEventKind.SILENCE, CallEventKind.DIGITS})
WANTS_A_PERSON = Payload(f"/{Intent.REQUEST_HUMAN}")


@dataclass(frozen=True)
class PhoneAnswering:
    """Answers calls. The serving Rasa agent handles messages, reads trackers and parses texts.

    Attributes:
        transfer_to: the number of a person to transfer to; "" for none.
    """

    handle: Handler
    read_tracker: TrackerReader
    parse: Parse
    transfer_to: str

    @property
    def _calling_back(self) -> CallingBack:
        return CallingBack(self.parse)

    async def answer(self, heard: Heard) -> Answer:
        """The answer to what happened in a call; idempotent: a resent message gets the same answer."""
        conversation = call_state.conversation_of(heard.call)
        try:
            if heard.id is None:
                return await self._work(conversation, heard)
            before = await in_time(repeated.begin, conversation, heard)
            if before is not None:
                claim = await settled(before, repeated.look, conversation, before.message_id)
                return claim.answer or sorry(heard.language)
            made = await self._work(conversation, heard)
            await in_time(repeated.end, conversation, repeated.key_of(heard.id), made)
        except (SQLAlchemyError, OSError) as error:
            logger.error("A call cannot be answered: %s.", type(error).__name__)
            return sorry(heard.language)
        return made

    async def _work(self, conversation: str, heard: Heard) -> Answer:
        if heard.kind is CallEventKind.HANG_UP:
            await in_time(call_state.end, conversation)
            return Answer((), heard.language or LANGUAGES[0], Action.HANG_UP)
        before = await in_time(call_state.state_of, conversation, heard.language or LANGUAGES[0])
        state = replace(before, caller=heard.caller or before.caller)
        answer, after = await self._turn(conversation, heard, state)
        after = replace(after, language=answer.language)
        if after != before or heard.kind is CallEventKind.START:
            await in_time(call_state.keep, conversation, after)
        return answer

    async def _turn(self, conversation: str, heard: Heard, state: State) -> tuple[Answer, State]:
        goes_on = state.offer is not None and heard.kind in OFFER_GOES_ON
        said = await self._calling_back.goes_on(conversation, heard, state) if goes_on else None
        return said or await self._new_turn(conversation, heard, replace(state, offer=None))

    async def _new_turn(self, conversation: str, heard: Heard, state: State) -> tuple[Answer, State]:
        calm = replace(state, unclear=0, silent=0, keys="")
        match heard.kind:
            case CallEventKind.START:
                return await self._greeting(state.language), calm
            case CallEventKind.SILENCE:
                return await self._silence(conversation, state)
            case CallEventKind.NOT_REACHED:
                return await self._not_reached(conversation, calm)
            case CallEventKind.DIGITS if heard.digits:
                return await self._keys(conversation, heard.digits, state)
            case CallEventKind.DIGITS:
                return await self._unclear(conversation, state)
            case _:
                return await self._speech(conversation, heard, state)

    async def _keys(self, conversation: str, pressed: str, state: State) -> tuple[Answer, State]:
        """Keys (DTMF) are a number or a code where one is asked for; more digits of it may still come."""
        calm = replace(state, unclear=0, silent=0, keys="")
        if pressed == PERSON_KEY and not state.keys:
            return await self._say(conversation, WANTS_A_PERSON, calm)
        asked = await in_time(call_state.asked_for, conversation)
        if asked is None and pressed in LANGUAGE_KEYS:
            return await self._greeting(LANGUAGE_KEYS[pressed]), calm
        number = number_of(state.keys, pressed, asked)
        if number is None:
            return answer_of("phone_more_keys", state.language), replace(calm, keys=state.keys + pressed)
        return await self._say(conversation, customer_text(number), calm, keyed=True)

    async def _silence(self, conversation: str, state: State) -> tuple[Answer, State]:
        if state.keys:  # no more digits are coming
            calm = replace(state, unclear=0, silent=0, keys="")
            return await self._say(conversation, customer_text(state.keys), calm, keyed=True)
        state = replace(state, silent=state.silent + 1)
        return await self._ask_again(conversation, "utter_input_empty", state, state.silent)

    async def _unclear(self, conversation: str, state: State) -> tuple[Answer, State]:
        state = replace(state, unclear=state.unclear + 1)
        return await self._ask_again(conversation, "phone_unclear", state, state.unclear)

    async def _not_reached(self, conversation: str, state: State) -> tuple[Answer, State]:
        note = catalogues()[LANGUAGES[0]].variant("phone_call_back").text
        reference = await in_time(call_state.note_nobody_reached, conversation, state.language, note)
        question, offer = self._calling_back.offered(state, reference.number)
        said = (spoken_text("phone_nobody_reached", state.language), question)
        return Answer(said, state.language), replace(state, offer=offer, unreached=state.unreached + 1)

    async def _speech(self, conversation: str, heard: Heard, state: State) -> tuple[Answer, State]:
        guess, belief = await self._believed(heard, state.language)
        if guess is None:
            return await self._silence(conversation, state)
        if belief < CLEAR and guess.confidence is not None and guess.confidence < SURE:
            return await self._unclear(conversation, state)
        calm = replace(state, unclear=0, silent=0, keys="")
        return await self._say(conversation, customer_text(guess.text), calm)

    async def _believed(self, heard: Heard, language: str) -> tuple[Hypothesis | None, float]:
        """The hypothesis to believe, and how much; the first one where understanding fails, which the turn reports."""
        try:
            return await best(heard.hypotheses, language, self.parse)
        except Exception as error:
            logger.error("The speech of a call cannot be parsed: %s.", type(error).__name__)
            return next((one for one in heard.hypotheses if one.text.strip()), None), SURE

    async def _greeting(self, language: str) -> Answer:
        """The greeting, how to reach a person, and how to switch language, in the other language's voice."""
        other = next(each for each in LANGUAGES if each != language)
        person = [spoken_text("phone_person_key", language)] if self.transfer_to else []
        greeting = await asyncio.to_thread(fixed, "phone_greeting", language, PHONE.medium)
        return Answer(
            (
                *spoken_replies([replace(greeting, language=language)], language),
                *person,
                spoken_text("phone_switch", other),
            ),
            language,
        )

    async def _ask_again(self, conversation: str, key: str, state: State, times: int) -> tuple[Answer, State]:
        # A transfer would reach nobody now either, and perhaps nobody is on the line.
        if times > MOST_ASKED_AGAIN and state.unreached:
            return replace(answer_of(ActionName.UTTER_GOODBYE, state.language), action=Action.HANG_UP), state
        if times > MOST_ASKED_AGAIN:
            return await self._say(conversation, WANTS_A_PERSON, replace(state, unclear=0, silent=0))
        return answer_of(key, state.language), state

    async def _say(
        self, conversation: str, said: UserInput, state: State, *, keyed: bool = False
    ) -> tuple[Answer, State]:
        began = datetime.now(UTC)
        replies = await converse(
            self.handle,
            self.read_tracker,
            said=said,
            conversation_id=conversation,
            channel=PHONE,
            standing=state.language,
            keyed=keyed,
            address=state.caller,
        )
        language = next((reply.language for reply in reversed(replies) if reply.language), state.language)
        tracker = await self.read_tracker(conversation)
        if wants_a_person(tracker, began):
            return await self._person(conversation, tracker, replies, replace(state, language=language))
        action = Action.HANG_UP if has_left(tracker, began) else Action.LISTEN
        return Answer(spoken_replies(replies, language), language, action), state

    async def _person(
        self, conversation: str, tracker: DialogueStateTracker | None, replies: list[Reply], state: State
    ) -> tuple[Answer, State]:
        """Transfer a caller who wants a person; offer to call back where nobody answers now."""
        language, (others, reference) = state.language, request_in(replies)
        summary = _summary(tracker, language, reference)
        await in_time(call_state.note_summary, conversation, summary)
        line = await in_time(desk_of_calls.transfers)
        say = spoken_replies(others, language)
        if self.transfer_to and line.is_open:
            say = (*say, spoken_text("phone_transferring", language, reference=reference))
            return Answer(say, language, Action.TRANSFER, self.transfer_to, summary), state
        question, offer = self._calling_back.offered(state, reference if reference != NO_REQUEST else None)
        why = () if line.is_open else why_closed(line, language)
        return Answer((*say, *why, question), language), replace(state, offer=offer)


def _summary(tracker: DialogueStateTracker | None, language: str, reference: str) -> str:
    """The topics of the call, in words for the staff; nothing that the caller said."""
    texts = catalogues()[LANGUAGES[0]]
    users = [event for event in (tracker.events if tracker else []) if isinstance(event, UserUttered)]
    intents = dict.fromkeys((event.intent or {}).get("name") for event in users)
    topics = [texts.titles[str(name)] for name in intents if name in texts.titles and f"/{name}" != WANTS_A_PERSON.text]
    summary = texts.variant("phone_summary").text
    return summary.format(code=language, topics="; ".join(topics) or "–", reference=reference)
