"""A phone line without a model, for the tests of this folder."""

import secrets

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.intake import CustomerText
from bot.channels.phone import call_state
from bot.channels.phone.call_answering import WANTS_A_PERSON, PhoneAnswering
from bot.channels.phone.gateway_messages import Answer, CallEventKind, Heard, Hypothesis
from bot.desk.call_backs import CallBack, call_back_of
from bot.desk.desk_requests import Request, of_conversation
from bot.domain_names import ActionName, Intent
from bot.handoff.handoff_requests import Origin, request_person
from bot.known_channels import PHONE
from bot.observing.current_turn import current_turn
from bot.parse_result import ParseResult, parse_result
from bot.replies.carried import utter_message_arguments
from bot.replies.reply import Reply
from bot.storage.engine import session_scope

CALLER, OTHER, DESK = "+37129000000", "+37167000001", "tel:+37167000000"
ANSWER = "The supply is not cut off."
INTENTS = {
    "jā": Intent.AFFIRM,
    "nē": Intent.DENY,
    "atkārtojiet": Intent.REPEAT,
    "man deg vads": Intent.REPORT_DANGER,
    "jā, te deg": Intent.REPORT_DANGER,
    "cilvēku": Intent.REQUEST_HUMAN,
    "vai mani atslēgs": Intent.ASK_DISCONNECTION_GUARANTEE,
}


class PhoneLine:
    """The phone of an assistant without a model: it knows some words, and hands over whoever wants a person."""

    def __init__(self, caller: str | None = CALLER, language: str = "lv", transfer_to: str = DESK) -> None:
        self.call, self.caller, self.language = secrets.token_hex(8), caller, language
        self.conversation = call_state.conversation_of(self.call)
        self.answering = PhoneAnswering(self._handle, self._read, self._parse, transfer_to)
        self._handed_over = False
        self.last = Answer((), language)

    async def _handle(self, message: UserMessage) -> None:
        assert current_turn() is not None
        self._handed_over = message.text in (WANTS_A_PERSON.text, "cilvēku")
        reply = Reply(ANSWER, language=self.language)
        if self._handed_over:
            with session_scope() as session:
                origin = Origin(self.conversation, PHONE.name, self.language)
                reply = Reply("8400", language=self.language, handover=request_person(session, origin))
        await message.output_channel.send_response("", utter_message_arguments(reply))

    async def _read(self, _: str) -> DialogueStateTracker:
        events = [UserUttered("x", {"name": "x"})]
        handed_over = [ActionExecuted(ActionName.HAND_OVER)] if self._handed_over else []
        return DialogueStateTracker.from_events(self.conversation, [*events, *handed_over])

    async def _parse(self, said: CustomerText) -> ParseResult:
        intent = INTENTS.get(said.text, Intent.OUT_OF_SCOPE)
        return parse_result({"text": said.text, "intent": {"name": str(intent), "confidence": 0.95}})

    async def hears(self, kind: CallEventKind, text: str = "", digits: str = "") -> str:
        """What the caller hears."""
        said = (Hypothesis(text, 0.9),) if text else ()
        return await self.takes(Heard(self.call, kind, hypotheses=said, digits=digits, caller=self.caller))

    async def takes(self, heard: Heard | None) -> str:
        assert heard is not None
        self.last = await self.answering.answer(heard)
        return " ".join(said.text for said in self.last.say)

    async def does(self, step: str) -> str:
        """A step of a table: "keys 1", "…" for silence, "!" a failed transfer, else speech."""
        if step == "!":
            return await self.hears(CallEventKind.NOT_REACHED)
        if step == "…":
            return await self.hears(CallEventKind.SILENCE)
        if step.startswith("keys "):
            return await self.hears(CallEventKind.DIGITS, digits=step.removeprefix("keys "))
        return await self.hears(CallEventKind.SPEECH, step)

    def request(self) -> tuple[Request, CallBack | None]:
        """The call's only request, and the call that was asked for."""
        with session_scope() as session:
            (request,) = of_conversation(session, self.conversation)
            return request, call_back_of(session, request.reference)
