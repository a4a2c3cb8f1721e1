"""Outside the hours, or when a transfer fails, a call back is offered, agreed to, and recorded."""

from collections.abc import Callable
from typing import Any

import pytest
from open_hours import ALL_DAY, set_around_today  # tests/open_hours.py
from phone_line import ANSWER, CALLER, DESK, OTHER, PhoneLine  # tests/phone/phone_line.py
from sanic.request import RequestParameters

from bot.channels.phone import call_state
from bot.channels.phone.gateway_messages import Action, Answer, CallEventKind, Heard
from bot.channels.phone.gateways import audiocodes, jambonz, plain_webhook, twilio
from bot.desk.kinds import RequestKind, RequestOutcome, RequestState
from bot.replies.heard_reference import heard_reference
from bot.replies.speech import spoken
from bot.words.reference import ALPHABET, Reference

OTHER_IN_WORDS = "seši septiņi nulle nulle nulle nulle nulle viens"


@pytest.mark.usefixtures("database")
async def test_within_the_hours_the_call_is_transferred() -> None:
    set_around_today(ALL_DAY)
    line = PhoneLine()
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
    line = PhoneLine()
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
    line = PhoneLine()
    await line.does("cilvēku")
    assert "neatzvanīsim" in await line.does(no)
    request, wish = line.request()
    assert (request.state, request.outcome, wish) == (RequestState.CLOSED, RequestOutcome.RETURNED, None)


@pytest.mark.parametrize("said", ["man deg vads", "jā, te deg", "vai mani atslēgs"])
@pytest.mark.usefixtures("database")
async def test_another_question_and_danger_above_all_leave_the_offer(said: str) -> None:
    set_around_today()
    line = PhoneLine()
    await line.does("cilvēku")
    assert await line.does(said) == ANSWER
    request, wish = line.request()
    assert (request.kind, request.state, wish) == (RequestKind.PERSON, RequestState.WAITING, None)


@pytest.mark.usefixtures("database")
async def test_who_is_not_understood_gets_the_number_of_the_request() -> None:
    set_around_today()
    line = PhoneLine()
    await line.does("cilvēku")
    told = [await line.does("hm") for _ in range(3)]
    assert heard_reference(told[-1], "lv") == line.request()[0].reference
    assert await line.does("hm") == ANSWER


@pytest.mark.usefixtures("database")
async def test_who_says_nothing_is_said_goodbye_to() -> None:
    set_around_today()
    line = PhoneLine()
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
    line = PhoneLine(caller)
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


@pytest.mark.parametrize("said", ["deviņi nulle nulle nulle nulle nulle nulle nulle", "keys 90000000#"])
@pytest.mark.usefixtures("database")
async def test_a_number_that_costs_extra_is_not_called(said: str) -> None:
    """Also not that of the caller, which anybody can choose."""
    set_around_today()
    line = PhoneLine(caller="+37190000000")
    assert "es neredzu" in await line.does("cilvēku")
    await line.does("uz citu numuru")
    await line.does(said)
    await line.does("jā")
    assert line.request()[1] is None


@pytest.mark.usefixtures("database")
async def test_without_a_number_to_transfer_to_a_call_back_is_offered_within_the_hours_too() -> None:
    set_around_today(ALL_DAY)
    line = PhoneLine(transfer_to="")
    assert "atzvanīt" in await line.does("cilvēku")


@pytest.mark.usefixtures("database")
async def test_the_offer_is_made_in_the_callers_language() -> None:
    set_around_today()
    line = PhoneLine(language="en")
    await line.hears(CallEventKind.DIGITS, digits="9")
    assert "Shall we call you back" in await line.does("cilvēku")
    assert "Vai Jums atzvanīt" in await line.does("keys 8")
    assert "Zvans ir pierakstīts" in await line.does("jā")


@pytest.mark.usefixtures("database")
async def test_a_caller_who_asks_again_keeps_the_number_of_the_request() -> None:
    set_around_today()
    line = PhoneLine()
    for said in ("cilvēku", "jā", "cilvēku"):
        await line.does(said)
    assert line.request()[0].kind == RequestKind.CALL_BACK


@pytest.mark.usefixtures("database")
async def test_hanging_up_forgets_what_was_said() -> None:
    set_around_today()
    line = PhoneLine()
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
    line = PhoneLine()
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
