"""A call, turn by turn: what was heard becomes an answer to be spoken, or the call goes to a person."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.conversation import Handler, Reply, TrackerReader, apology, converse
from bot.channels.handover import request_in, wants_a_person
from bot.channels.intake import customer_text
from bot.channels.phone import kept
from bot.channels.phone.calls import Action, Answer, Heard, Kind, Said
from bot.channels.phone.kept import State
from bot.channels.phone.understanding import CLEAR, SURE, best
from bot.replies.catalogue import PHONE, catalogues
from bot.replies.speech import spoken
from bot.settings import LANGUAGES
from bot.storage.deadline import in_time

logger = logging.getLogger(__name__)
CHANNEL = PHONE
PERSON_KEY = "0"
LANGUAGE_KEYS = {"8": "lv", "9": "en"}
PATIENCE = 2  # times that one is asked again, before a person is wanted
WANTS_A_PERSON, GOODBYE = "/request_human", "goodbye"
LOOK_AGAIN = 0.05  # seconds, while another request, or server, is answering the same message
Parse = Callable[[str], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class PhoneAnswering:
    """Answers calls. Handling, reading and parsing are Rasa's, of the agent that serves.

    Attributes:
        transfer_to: where a person answers; "" for nobody.
    """

    handle: Handler
    read_tracker: TrackerReader
    parse: Parse
    transfer_to: str

    async def answer(self, heard: Heard) -> Answer:
        """The answer to what happened in a call; the same one where the gateway sends it again."""
        conversation, language = kept.conversation_of(heard.call), heard.language or LANGUAGES[0]
        try:
            if heard.id is None:
                return await self._work(conversation, heard)
            before = await in_time(kept.begin_turn, conversation, heard.id)
            if before is not None:
                return await self._again(conversation, heard.id, before, language)
            made = await self._work(conversation, heard)
            await in_time(kept.end_turn, conversation, heard.id, made)
        except (SQLAlchemyError, OSError) as error:
            logger.error("A call cannot be answered: %s.", type(error).__name__)
            return Answer(_spoken([apology([language])], language), language)
        return made

    async def _again(self, conversation: str, message_id: str, turn: kept.Turn, language: str) -> Answer:
        while turn.answer is None and not turn.given_up:
            await asyncio.sleep(LOOK_AGAIN)
            turn = await in_time(kept.look, conversation, message_id)
        return turn.answer or Answer(_spoken([apology([language])], language), language)

    async def _work(self, conversation: str, heard: Heard) -> Answer:
        if heard.kind is Kind.HANG_UP:
            await in_time(kept.end, conversation)
            return Answer((), heard.language or LANGUAGES[0], Action.HANG_UP)
        state = await in_time(kept.state_of, conversation, heard.language or LANGUAGES[0])
        answer, after = await self._turn(conversation, heard, state)
        after = replace(after, language=answer.language)
        if after != state or heard.kind is Kind.START:
            await in_time(kept.keep, conversation, after)
        return answer

    async def _turn(self, conversation: str, heard: Heard, state: State) -> tuple[Answer, State]:
        calm = replace(state, unclear=0, silent=0)
        match heard.kind:
            case Kind.START:
                return self._greeting(state.language), calm
            case Kind.SILENCE:
                state = replace(state, silent=state.silent + 1)
                return await self._ask_again(conversation, "utter_input_empty", state, state.silent)
            case Kind.DIGITS if heard.digits in LANGUAGE_KEYS:
                return self._greeting(LANGUAGE_KEYS[heard.digits]), calm
            case Kind.DIGITS:
                said = WANTS_A_PERSON if heard.digits == PERSON_KEY else heard.digits
                return await self._say(conversation, said, state), calm
            case _:
                return await self._speech(conversation, heard, state)

    async def _speech(self, conversation: str, heard: Heard, state: State) -> tuple[Answer, State]:
        guess, belief = await best(heard.hypotheses, state.language, self.parse)
        if guess is None:
            state = replace(state, silent=state.silent + 1)
            return await self._ask_again(conversation, "utter_input_empty", state, state.silent)
        if belief < CLEAR and guess.confidence is not None and guess.confidence < SURE:
            state = replace(state, unclear=state.unclear + 1)
            return await self._ask_again(conversation, "phone_unclear", state, state.unclear)
        calm = replace(state, unclear=0, silent=0)
        return await self._say(conversation, customer_text(guess.text), state), calm

    def _greeting(self, language: str) -> Answer:
        """The greeting, how to get a person, and in the other language's voice how to get there."""
        other = next(each for each in LANGUAGES if each != language)
        person = [_fixed("phone_person_key", language)] if self.transfer_to else []
        return Answer((_fixed("phone_greeting", language), *person, _fixed("phone_switch", other)), language)

    async def _ask_again(self, conversation: str, key: str, state: State, times: int) -> tuple[Answer, State]:
        if times > PATIENCE:
            return await self._say(conversation, WANTS_A_PERSON, state), replace(state, unclear=0, silent=0)
        return Answer((_fixed(key, state.language),), state.language), state

    async def _say(self, conversation: str, text: str, state: State) -> Answer:
        began = datetime.now(UTC)
        replies = await converse(
            self.handle,
            self.read_tracker,
            text=text,
            conversation_id=conversation,
            channel=CHANNEL,
            language=state.language,
        )
        language = next((reply["language"] for reply in reversed(replies) if reply["language"]), state.language)
        tracker = await self.read_tracker(conversation)
        if wants_a_person(tracker, began) and self.transfer_to:
            others, reference = request_in(replies)
            summary = _summary(tracker, language, reference)
            await in_time(kept.note_summary, conversation, summary)
            say = (*_spoken(others, language), _fixed("phone_transferring", language, reference=reference))
            return Answer(say, language, Action.TRANSFER, self.transfer_to, summary)
        return Answer(
            _spoken(replies, language),
            language,
            Action.HANG_UP if _latest_intent(tracker) == GOODBYE else Action.LISTEN,
        )


def _fixed(key: str, language: str, **values: str) -> Said:
    return Said(spoken(catalogues()[language].variant(key, PHONE).text.format(**values), language), language)


def _spoken(replies: list[Reply], language: str) -> tuple[Said, ...]:
    """Each reply in its voice; what is written in both languages is said in both."""
    said: list[Said] = []
    for reply in replies:
        if reply["language"]:
            said.append(Said(spoken(reply["text"], reply["language"]), reply["language"]))
        else:
            parts = reply["text"].split("\n\n")
            voices = LANGUAGES if len(parts) == len(LANGUAGES) else (language,) * len(parts)
            said += [Said(spoken(part, voice), voice) for part, voice in zip(parts, voices, strict=True)]
    return tuple(said)


def _latest_intent(tracker: DialogueStateTracker | None) -> str | None:
    return tracker.latest_message.intent.get("name") if tracker and tracker.latest_message else None


def _summary(tracker: DialogueStateTracker | None, language: str, reference: str) -> str:
    """What the caller asked about, in the words of the company's people; nothing that the caller said."""
    texts = catalogues()[LANGUAGES[0]]
    users = [event for event in (tracker.events if tracker else []) if isinstance(event, UserUttered)]
    intents = dict.fromkeys((event.intent or {}).get("name") for event in users)
    topics = [texts.titles[str(name)] for name in intents if name in texts.titles and f"/{name}" != WANTS_A_PERSON]
    summary = texts.variant("phone_summary").text
    return summary.format(code=language, topics="; ".join(topics) or "–", reference=reference)
