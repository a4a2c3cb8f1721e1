"""Fuzzing: whatever a gateway sends is read or rejected with a one-sentence error; nothing raises anything else."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.http.bodies import MalformedRequest
from bot.channels.phone.gateway_messages import Heard
from bot.channels.phone.gateways import audiocodes, jambonz, plain_webhook, twilio
from bot.channels.phone.gateways.gateway_values import caller_of, confidence_of, language_of

NAMES = [
    *("call", "id", "event", "alternatives", "text", "confidence", "final", "digits", "language", "caller"),
    *("type", "name", "value", "parameters", "recognitionOutput", "isFinal", "transcript", "timestamp", "status"),
    *("call_sid", "call_status", "speech", "transcripts", "is_final", "language_code", "dtmf", "from", "reason"),
    *("refer_status", "final_referred_call_status", "msgid"),
]
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
REAL = st.sampled_from(
    ["start", "speech", "digits", "event", "message", "DTMF", "transferStatus", "trying", "lv-LV", "1"]
)
GUESSES = [{"text": "jā", "confidence": 0.9}, {"text": "nē"}]
TRANSCRIPTS = [{"transcript": "jā", "confidence": 0.9}, {"transcript": "nē"}]
# Each parser with a valid request, before it is mutated.
READERS: dict[str, tuple[Callable[[dict[str, Any]], Heard | None], list[dict[str, Any]]]] = {
    "plain": (
        plain_webhook.read,
        [
            {"call": "c", "id": "1", "event": "start", "language": "lv-LV", "caller": "+37129000000"},
            {"call": "c", "id": "1", "event": "speech", "alternatives": GUESSES, "final": True},
            {"call": "c", "event": "speech", "text": "jā", "confidence": 0.9},
            {"call": "c", "event": "digits", "digits": "12#"},
        ],
    ),
    "audiocodes": (
        lambda one: audiocodes.read("call", one),
        [
            {"type": "event", "name": "start", "id": "1", "parameters": {"caller": "+37129000000"}},
            {"type": "message", "text": "jā", "parameters": {"recognitionOutput": {"alternatives": TRANSCRIPTS}}},
            {"type": "event", "name": "DTMF", "value": "12"},
            {"type": "event", "name": "transferStatus", "value": {"status": "busy"}},
        ],
    ),
    "jambonz, begun": (jambonz.begun, [{"call_sid": "c", "call_status": "trying", "from": "+37129000000"}]),
    "jambonz, ended": (jambonz.ended, [{"call_sid": "c", "call_status": "completed", "reason": "hangup"}]),
    "jambonz, heard": (
        jambonz.heard,
        [
            {"call_sid": "c", "speech": {"language_code": "lv-LV", "is_final": True, "alternatives": TRANSCRIPTS}},
            {"call_sid": "c", "speech": {"transcripts": [{"alternatives": TRANSCRIPTS}]}},
            {"call_sid": "c", "digits": "12", "msgid": "1"},
        ],
    ),
    "jambonz, transferred": (jambonz.transferred, [{"call_sid": "c", "refer_status": 202, "msgid": "1"}]),
}
FORMS = [
    {"CallSid": "CA1", "CallStatus": "in-progress", "From": "+37129000000"},
    {"CallSid": "CA1", "SpeechResult": "jā", "Confidence": "0.9"},
    {"CallSid": "CA1", "Digits": "12#"},
    {"CallSid": "CA1", "DialCallStatus": "busy"},
]
FIELDS = sorted({name for form in FORMS for name in form})
ENOUGH = 20  # of a hundred bodies must reach the parser, otherwise nothing is tested


def changed(sent: list[dict[str, Any]], names: list[str], values: st.SearchStrategy[Any]) -> Any:
    """A request with up to two values replaced and up to one removed."""
    return st.builds(
        lambda body, odd, without: {name: value for name, value in (body | odd).items() if name not in without},
        st.sampled_from(sent),
        st.dictionaries(st.sampled_from([*sent[0], *names]), values, max_size=2),
        st.sets(st.sampled_from(names), max_size=1),
    )


@pytest.mark.parametrize("reader", READERS)
def test_any_json_object_is_read_or_refused(reader: str) -> None:
    read, sent = READERS[reader]
    found = Counter[str]()

    @given(changed(sent, NAMES, ODD | REAL))
    def send(body: dict[str, Any]) -> None:
        found[outcome(lambda: read(body))] += 1

    send()
    assert found["heard"] >= ENOUGH, found


@pytest.mark.parametrize("first", [True, False])
def test_any_form_is_read_or_refused(first: bool) -> None:
    found = Counter[str]()

    @given(changed(FORMS, FIELDS, st.text(max_size=8)), st.booleans())
    def send(fields: dict[str, str], as_forms_are_written: bool) -> None:
        plainly = "&".join(f"{name}={value}" for name, value in fields.items())
        body = (urlencode(fields, errors="replace") if as_forms_are_written else plainly).encode(errors="replace")
        found[outcome(lambda: twilio.read(twilio.fields(body), None, first=first))] += 1

    send()
    assert found["heard"] >= ENOUGH, found


def outcome(read: Callable[[], Heard | None]) -> str:
    """Whether it was parsed as valid, needs no answer, or was rejected."""
    try:
        heard = read()
    except MalformedRequest:
        return "refused"
    assert heard is None or _is_sound(heard)
    return "heard" if heard else "nothing"


def _is_sound(heard: Heard) -> bool:
    texts = [heard.call, heard.digits, heard.content, *(one.text for one in heard.hypotheses)]
    return all(isinstance(text, str) for text in texts) and set(heard.digits) <= set("0123456789*#")


@pytest.mark.parametrize(
    ("value", "number"), [("0.5", 0.5), (1, 1.0), (0, None), ("nan", None), (10**400, None), ({}, None)]
)
def test_a_confidence(value: object, number: float | None) -> None:
    assert confidence_of(value) == number


@pytest.mark.parametrize(
    ("code", "language"), [("lv-LV", "lv"), ("en_US", "en"), ("LV", "lv"), ("ru-RU", None), (5, None)]
)
def test_a_language(code: object, language: str | None) -> None:
    assert language_of(code) == language


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("+37129000000", "+37129000000"),
        ("29000000", "+37129000000"),
        ("00371 29 000 000", "+37129000000"),
        ("anonymous", None),
        ("Restricted", None),
        ("+266696687", None),  # Twilio's for a caller who is anonymous
        ("+7378742833", None),  # … restricted
        ("+86282452253", None),  # … unavailable
        ("", None),
        (37129000000, None),
        (None, None),
    ],
)
def test_a_callers_number(given: object, number: str | None) -> None:
    assert caller_of(given) == number


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"call_status": "trying"}, "start"),
        ({}, "start"),
        ({"call_status": "early-media"}, None),
        ({"call_status": "in-progress"}, None),
        ({"call_status": "ringing"}, None),
        ({"call_status": "completed"}, "hang up"),
    ],
)
def test_what_jambonz_tells_at_the_address_of_calls(body: dict[str, Any], kind: str | None) -> None:
    heard = jambonz.begun({"call_sid": "c", **body})
    assert (heard.kind if heard else None) == kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ({"refer_status": 202, "final_referred_call_status": "200"}, "hang up"),
        ({"refer_status": "202", "final_referred_call_status": 200}, "hang up"),
        ({"refer_status": 202, "final_referred_call_status": 486}, "not reached"),
        ({"refer_status": 405}, "not reached"),
        ({}, "not reached"),
        ({"refer_status": 405, "call_status": "completed"}, "hang up"),
    ],
)
def test_how_a_transfer_of_jambonz_went(status: dict[str, Any], kind: str) -> None:
    assert jambonz.transferred({"call_sid": "c", **status}).kind == kind


def test_each_of_two_equal_keys_counts() -> None:
    activity = {"type": "event", "name": "DTMF"}
    read = [audiocodes.read("c", {**activity, "value": value}) for value in ("0", "00")]
    assert [bool(each.content) for each in read if each] == [False, True]


def test_what_is_sent_again_says_the_same_whatever_its_id() -> None:
    activity = {"type": "message", "text": "jā", "parameters": {"confidence": 0.9}}
    first, again = ({**activity, "id": one, "timestamp": one} for one in "ab")
    read = [audiocodes.read("c", json.loads(json.dumps(each))) for each in (first, again)]
    assert all(read)
    assert len({each.content for each in read if each}) == 1
