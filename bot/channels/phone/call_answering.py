"""Answers a call turn by turn: what was heard becomes an answer to speak, or a transfer to a person."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.claims import settled
from bot.channels.conversation import Handler, TrackerReader, apology, converse
from bot.channels.handover import has_left, request_in, wants_a_person
from bot.channels.intake import Payload, UserInput, customer_text
from bot.channels.phone import call_state, repeated
from bot.channels.phone.best_hypothesis import CLEAR, SURE, Parse, best
from bot.channels.phone.call_state import State
from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard, Hypothesis, SpokenText
from bot.channels.phone.pressed_keys import LANGUAGE_KEYS, PERSON_KEY, number_of
from bot.domain_names import ActionName, Intent
from bot.known_channels import PHONE
from bot.replies.catalogue import catalogues
from bot.replies.fixed_replies import fixed
from bot.replies.reply import Reply
from bot.replies.speech import spoken
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)
MOST_ASKED_AGAIN = 2  # repeated prompts after speech that is unclear or silence, before the call goes to a person
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

    async def answer(self, heard: Heard) -> Answer:
        """The answer to what happened in a call; idempotent: a resent message gets the same answer."""
        conversation = call_state.conversation_of(heard.call)
        try:
            if heard.id is None:
                return await self._work(conversation, heard)
            before = await in_time(repeated.begin, conversation, heard)
            if before is not None:
                claim = await settled(before, repeated.look, conversation, before.message_id)
                return claim.answer or _sorry(heard.language)
            made = await self._work(conversation, heard)
            await in_time(repeated.end, conversation, repeated.key_of(heard.id), made)
        except (SQLAlchemyError, OSError) as error:
            logger.error("A call cannot be answered: %s.", type(error).__name__)
            return _sorry(heard.language)
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
        calm = replace(state, unclear=0, silent=0, keys="")
        match heard.kind:
            case CallEventKind.START:
                return await self._greeting(state.language), calm
            case CallEventKind.SILENCE:
                return await self._silence(conversation, state)
            case CallEventKind.NOT_REACHED:
                return await self._not_reached(conversation, state), replace(calm, unreached=state.unreached + 1)
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
            return await self._say(conversation, WANTS_A_PERSON, state), calm
        asked = await in_time(call_state.asked_for, conversation)
        if asked is None and pressed in LANGUAGE_KEYS:
            return await self._greeting(LANGUAGE_KEYS[pressed]), calm
        number = number_of(state.keys, pressed, asked)
        if number is None:
            return _answer("phone_more_keys", state.language), replace(calm, keys=state.keys + pressed)
        return await self._say(conversation, customer_text(number), state, keyed=True), calm

    async def _silence(self, conversation: str, state: State) -> tuple[Answer, State]:
        if state.keys:  # no more digits are coming
            return await self._say(conversation, customer_text(state.keys), state, keyed=True), replace(
                state, unclear=0, silent=0, keys=""
            )
        state = replace(state, silent=state.silent + 1)
        return await self._ask_again(conversation, "utter_input_empty", state, state.silent)

    async def _unclear(self, conversation: str, state: State) -> tuple[Answer, State]:
        state = replace(state, unclear=state.unclear + 1)
        return await self._ask_again(conversation, "phone_unclear", state, state.unclear)

    async def _not_reached(self, conversation: str, state: State) -> Answer:
        note = catalogues()[LANGUAGES[0]].variant("phone_call_back").text
        reference = await in_time(call_state.note_call_back, conversation, state.language, note, state.caller)
        key = "phone_nobody_reached" if state.caller else "phone_nobody_reached_no_number"
        return _answer(key, state.language, reference=reference)

    async def _speech(self, conversation: str, heard: Heard, state: State) -> tuple[Answer, State]:
        guess, belief = await self._believed(heard, state.language)
        if guess is None:
            return await self._silence(conversation, state)
        if belief < CLEAR and guess.confidence is not None and guess.confidence < SURE:
            return await self._unclear(conversation, state)
        calm = replace(state, unclear=0, silent=0, keys="")
        return await self._say(conversation, customer_text(guess.text), state), calm

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
        person = [_fixed("phone_person_key", language)] if self.transfer_to else []
        greeting = await asyncio.to_thread(fixed, "phone_greeting", language, PHONE.medium)
        return Answer(
            (*_spoken([replace(greeting, language=language)], language), *person, _fixed("phone_switch", other)),
            language,
        )

    async def _ask_again(self, conversation: str, key: str, state: State, times: int) -> tuple[Answer, State]:
        # A transfer would reach nobody now either, and perhaps nobody is on the line.
        if times > MOST_ASKED_AGAIN and state.unreached:
            return replace(_answer(ActionName.UTTER_GOODBYE, state.language), action=Action.HANG_UP), state
        if times > MOST_ASKED_AGAIN:
            return await self._say(conversation, WANTS_A_PERSON, state), replace(state, unclear=0, silent=0)
        return _answer(key, state.language), state

    async def _say(self, conversation: str, said: UserInput, state: State, *, keyed: bool = False) -> Answer:
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
        if wants_a_person(tracker, began) and self.transfer_to:
            others, reference = request_in(replies)
            summary = _summary(tracker, language, reference)
            await in_time(call_state.note_summary, conversation, summary)
            say = (*_spoken(others, language), _fixed("phone_transferring", language, reference=reference))
            return Answer(say, language, Action.TRANSFER, self.transfer_to, summary)
        return Answer(
            _spoken(replies, language),
            language,
            Action.HANG_UP if has_left(tracker, began) else Action.LISTEN,
        )


def _answer(key: str, language: str, **values: object) -> Answer:
    return Answer((_fixed(key, language, **values),), language)


def _sorry(language: str | None) -> Answer:
    """The apology that nothing can be answered now; in both languages where the caller's is not known."""
    listened = language or LANGUAGES[0]
    return Answer(_spoken([apology([language] if language else None)], listened), listened)


def _fixed(key: str, language: str, **values: object) -> SpokenText:
    return SpokenText(
        spoken(catalogues()[language].variant(key, PHONE.medium).text.format(**values), language), language
    )


def _spoken(replies: list[Reply], language: str) -> tuple[SpokenText, ...]:
    """Each reply in its language's voice; a text in both languages is spoken in both."""
    said: list[SpokenText] = []
    for reply in replies:
        if reply.language:
            said.append(SpokenText(spoken(reply.text, reply.language), reply.language))
        else:
            parts = reply.text.split("\n\n")
            voices = LANGUAGES if len(parts) == len(LANGUAGES) else (language,) * len(parts)
            said += [SpokenText(spoken(part, voice), voice) for part, voice in zip(parts, voices, strict=True)]
    return tuple(said)


def _summary(tracker: DialogueStateTracker | None, language: str, reference: str) -> str:
    """The topics of the call, in words for the staff; nothing that the caller said."""
    texts = catalogues()[LANGUAGES[0]]
    users = [event for event in (tracker.events if tracker else []) if isinstance(event, UserUttered)]
    intents = dict.fromkeys((event.intent or {}).get("name") for event in users)
    topics = [texts.titles[str(name)] for name in intents if name in texts.titles and f"/{name}" != WANTS_A_PERSON.text]
    summary = texts.variant("phone_summary").text
    return summary.format(code=language, topics="; ".join(topics) or "–", reference=reference)
