"""Outside the hours, or when a transfer fails, a call back is offered, agreed to, and recorded."""

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from open_hours import ALL_DAY, set_around_today  # tests/open_hours.py
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic.request import RequestParameters

from bot.channels.intake import CustomerText
from bot.channels.phone import call_state
from bot.channels.phone.call_answering import WANTS_A_PERSON, PhoneAnswering
from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard, Hypothesis
from bot.channels.phone.gateways import audiocodes, jambonz, plain_webhook, twilio
from bot.desk.call_backs import CallBack, call_back_of
from bot.desk.desk_requests import Request, of_conversation
from bot.desk.kinds import RequestKind, RequestOutcome, RequestState
from bot.domain_names import ActionName, Intent
from bot.handoff.handoff_requests import Origin, request_person
from bot.known_channels import PHONE
from bot.observing.current_turn import current_turn
from bot.parse_result import ParseResult, parse_result
from bot.replies.carried import utter_message_arguments
from bot.replies.heard_reference import heard_reference
from bot.replies.reply import Reply
from bot.replies.speech import spoken
from bot.storage.engine import session_scope
from bot.words.reference import ALPHABET, Reference

CALLER, OTHER, DESK = "+37129000000", "+37167000001", "tel:+37167000000"
OTHER_IN_WORDS = "seši septiņi nulle nulle nulle nulle nulle viens"
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


class Line:
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


@pytest.mark.usefixtures("database")
async def test_within_the_hours_the_call_is_transferred() -> None:
    set_around_today(ALL_DAY)
    line = Line()
    await line.does("keys 0")
    assert (line.last.action, line.last.to) == (Action.TRANSFER, DESK)


@pytest.mark.parametrize(
    ("steps", "number"),
    [
        pytest.param(["jā"], CALLER, id="yes"),
        pytest.param(["keys 1"], CALLER, id="yes by key"),
        pytest.param(["lūdzu atzvaniet"], CALLER, id="call me"),
        pytest.param(["hm", "jā"], CALLER, id="asked again"),
        pytest.param(["…", "atkārtojiet", "jā"], CALLER, id="silent at first"),
        pytest.param([OTHER_IN_WORDS, "jā"], OTHER, id="another number"),
        pytest.param([f"nē, uz {OTHER_IN_WORDS}", "jā"], OTHER, id="no, another number"),
        pytest.param(["uz citu numuru", OTHER_IN_WORDS, "jā"], OTHER, id="another, and then which"),
        pytest.param(["jā, uz 29 111 11", OTHER_IN_WORDS, "jā"], OTHER, id="too short at first"),
        pytest.param([OTHER_IN_WORDS, "nē", "keys 29000000", "jā"], CALLER, id="misheard, then keyed"),
        pytest.param(["keys 67000001", "keys 1"], OTHER, id="keyed together"),
        pytest.param(["uz citu numuru", *(f"keys {key}" for key in "0037167000001"), "jā"], OTHER, id="keyed singly"),
        pytest.param(["keys 670", "keys *", "keys 67000001#", "jā"], OTHER, id="keyed anew"),
        pytest.param(["keys 6700", "keys 0001", "jā"], OTHER, id="keyed in halves"),
    ],
)
@pytest.mark.usefixtures("database")
async def test_outside_the_hours_who_agrees_is_called_back(steps: list[str], number: str) -> None:
    set_around_today()
    line = Line()
    offered = await line.does("cilvēku")
    assert ("atzvanīt" in offered, "piekrītat" in offered, line.last.action) == (True, True, Action.LISTEN)
    for step in steps:
        told = await line.does(step)
    request, wish = line.request()
    assert heard_reference(told, "lv") == request.reference, told
    assert wish is not None
    assert (request.kind, wish.number) == (RequestKind.CALL_BACK, number)
    assert wish.consent_at is not None
    assert heard_reference(await line.does("atkārtojiet"), "lv") == request.reference
    assert await line.does("vai mani atslēgs") == ANSWER


@pytest.mark.parametrize("no", ["nē", "nezvaniet", "keys *", "nevajag, paldies"])
@pytest.mark.usefixtures("database")
async def test_who_does_not_want_it_is_not_called(no: str) -> None:
    set_around_today()
    line = Line()
    await line.does("cilvēku")
    assert "neatzvanīsim" in await line.does(no)
    request, wish = line.request()
    assert (request.state, request.outcome, wish) == (RequestState.CLOSED, RequestOutcome.RETURNED, None)


@pytest.mark.parametrize("said", ["man deg vads", "jā, te deg", "vai mani atslēgs"])
@pytest.mark.usefixtures("database")
async def test_another_question_and_danger_above_all_leave_the_offer(said: str) -> None:
    set_around_today()
    line = Line()
    await line.does("cilvēku")
    assert await line.does(said) == ANSWER
    request, wish = line.request()
    assert (request.kind, request.state, wish) == (RequestKind.PERSON, RequestState.WAITING, None)


@pytest.mark.usefixtures("database")
async def test_who_is_not_understood_gets_the_number_of_the_request() -> None:
    set_around_today()
    line = Line()
    await line.does("cilvēku")
    told = [await line.does("hm") for _ in range(3)]
    assert heard_reference(told[-1], "lv") == line.request()[0].reference
    assert await line.does("hm") == ANSWER


@pytest.mark.usefixtures("database")
async def test_who_says_nothing_is_said_goodbye_to() -> None:
    set_around_today()
    line = Line()
    await line.does("cilvēku")
    actions = []
    for _ in range(3):
        await line.does("…")
        actions.append(line.last.action)
    assert actions == [Action.LISTEN, Action.LISTEN, Action.HANG_UP]


@pytest.mark.parametrize("caller", [CALLER, None])
@pytest.mark.usefixtures("database")
async def test_a_transfer_in_vain_leads_to_the_offer(caller: str | None) -> None:
    set_around_today(ALL_DAY)
    line = Line(caller)
    await line.does("keys 0")
    told = await line.does("!")
    assert ("neizdevās sazvanīt" in told, "es neredzu" in told) == (True, caller is None)
    request, wish = line.request()
    assert (request.kind, wish) == (RequestKind.TRANSFER, None), "Nobody has agreed yet."
    if caller is None:
        assert "tālruņa numuru" in await line.does("jā")
        await line.does("divi deviņi nulle nulle nulle nulle nulle nulle")
    await line.does("jā")
    request, wish = line.request()
    assert (request.kind, wish.number if wish else None) == (RequestKind.CALL_BACK, CALLER)


@pytest.mark.usefixtures("database")
async def test_without_a_number_to_transfer_to_a_call_back_is_offered_within_the_hours_too() -> None:
    set_around_today(ALL_DAY)
    line = Line(transfer_to="")
    assert "atzvanīt" in await line.does("cilvēku")


@pytest.mark.usefixtures("database")
async def test_the_offer_is_made_in_the_callers_language() -> None:
    set_around_today()
    line = Line(language="en")
    await line.hears(CallEventKind.DIGITS, digits="9")
    assert "Shall we call you back" in await line.does("cilvēku")
    assert "Vai Jums atzvanīt" in await line.does("keys 8")
    assert "Zvans ir pierakstīts" in await line.does("jā")


@pytest.mark.usefixtures("database")
async def test_a_caller_who_asks_again_keeps_the_number_of_the_request() -> None:
    set_around_today()
    line = Line()
    for said in ("cilvēku", "jā", "cilvēku"):
        await line.does(said)
    assert line.request()[0].kind == RequestKind.CALL_BACK


@pytest.mark.usefixtures("database")
async def test_hanging_up_forgets_what_was_said() -> None:
    set_around_today()
    line = Line()
    for step in ("cilvēku", "keys 6700"):
        await line.does(step)
    await line.hears(CallEventKind.HANG_UP)
    assert call_state.state_of(line.conversation, "lv").offer is None


FORM = {"CallSid": "call", "CallStatus": "in-progress", "From": CALLER}
Read = Callable[[dict[str, Any]], Heard | None]
# Per gateway: its reader, a failed transfer as it documents it, a yes, and the answer as it is written out.
GATEWAYS: dict[str, tuple[Read, dict[str, Any], Read, dict[str, Any], Callable[[Answer], Any]]] = {
    "plain": (
        plain_webhook.read,
        {"call": "call", "event": "notReached", "caller": CALLER},
        plain_webhook.read,
        {"call": "call", "event": "speech", "text": "jā", "confidence": 0.9, "caller": CALLER},
        plain_webhook.written,
    ),
    "audiocodes": (
        lambda body: audiocodes.read("call", body),
        {"type": "event", "name": "transferStatus", "value": {"status": "busy"}, "parameters": {"caller": CALLER}},
        lambda body: audiocodes.read("call", body),
        {"type": "message", "text": "jā", "parameters": {"confidence": 0.9, "caller": CALLER}},
        audiocodes.written,
    ),
    "jambonz": (
        jambonz.transferred,
        {"call_sid": "call", "from": CALLER, "call_status": "in-progress", "refer_status": 486},
        jambonz.heard,
        {
            "call_sid": "call",
            "from": CALLER,
            "speech": {"is_final": True, "alternatives": [{"transcript": "jā", "confidence": 0.9}]},
        },
        lambda answer: jambonz.written(answer, jambonz.JambonzCallbacks("/heard", "/transferred")),
    ),
    "twilio": (
        lambda body: twilio.read(RequestParameters({k: [v] for k, v in body.items()}), None, first=False),
        {**FORM, "DialCallStatus": "busy"},
        lambda body: twilio.read(RequestParameters({k: [v] for k, v in body.items()}), None, first=False),
        {**FORM, "SpeechResult": "jā", "Confidence": "0.9"},
        lambda answer: twilio.written(answer, twilio.TwilioCallbacks("/heard", "/transferred")),
    ),
}


@pytest.mark.parametrize("gateway", GATEWAYS)
@pytest.mark.usefixtures("database")
async def test_every_gateway_reports_the_failed_transfer_and_says_the_offer(gateway: str) -> None:
    set_around_today(ALL_DAY)
    read_failed, failed, read_yes, yes, written = GATEWAYS[gateway]
    line = Line()
    line.call, line.conversation = "call", call_state.conversation_of("call")
    await line.takes(read_failed(failed))
    assert "Vai Jums atzvanīt" in str(written(line.last))
    await line.takes(read_yes(yes))
    request, wish = line.request()
    assert (request.kind, wish.number if wish else None) == (RequestKind.CALL_BACK, CALLER)


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("kas notiek ar e el septiņi kā kū četri iks hā trīs em", "lv"),
        ("kas ar manu numuru EL 7KQ4 XH3M", "lv"),
        ("what about e l seven kay cue four ex aitch three em", "en"),
        ("what about EL7KQ4XH3M", "en"),
    ],
)
def test_the_number_of_a_request_is_heard_as_callers_say_it(said: str, language: str) -> None:
    assert heard_reference(said, language) == Reference("EL-7KQ4-XH3M")


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("first", range(len(ALPHABET)))
def test_every_number_is_heard_as_we_say_it(first: int, language: str) -> None:
    characters = (ALPHABET[first:] + ALPHABET)[:8]
    reference = Reference(f"EL-{characters[:4]}-{characters[4:]}")
    assert heard_reference(spoken(f"{reference}", language), language) == reference
