"""Redaction of a conversation's events before they are stored or published, keeping what later answers need."""

import copy
import json
from typing import Any

import pytest

from bot.accounts.choice_buttons import payload_of
from bot.rasa.redacted_events import ACCOUNT, DETAILS, redacted, redaction_of

Event = dict[str, Any]
SAID = "mans tālrunis ir 26123456"
LEFT = "mans tālrunis ir [phone]"
FORM: Event = {"event": "active_loop", "timestamp": 2.0, "name": "account_form"}
NO_FORM: Event = {"event": "active_loop", "timestamp": 3.0, "name": None}
OTHER_FORM: Event = {"event": "active_loop", "timestamp": 3.0, "name": "complaint_form"}
SESSION: Event = {"event": "session_started", "timestamp": 1.0}


def user(text: str = SAID, **parsed: Any) -> Event:
    parse_data = {
        "text": text,
        "intent": {"name": "inform", "confidence": 0.9},
        "intent_ranking": [{"name": "inform", "confidence": 0.9}],
        "entities": [],
        "language": {"code": "lv", "confidence": 0.99},
        "message_id": "26123456261234562612345626123456",
    } | parsed
    return {
        "event": "user",
        "timestamp": 1606280000.123456,
        "text": text,
        "parse_data": parse_data,
        "input_channel": "web",
        "message_id": "26123456261234562612345626123456",
    }


def bot(text: str, *, private: bool = False) -> Event:
    buttons = [{"title": "Mans rēķins", "payload": "/check_invoice"}]
    data = {"buttons": buttons, "custom": {"sources": [{"title": "x", "url": "https://example.com"}]}}
    metadata = {"model_id": "44de25893c94902b62c1891305c3c5c0"} | ({"private": True} if private else {})
    return {"event": "bot", "timestamp": 1.0, "text": text, "data": data, "metadata": metadata}


def slot(name: str, value: Any) -> Event:
    return {"event": "slot", "timestamp": 1.0, "name": name, "value": value}


def one(*events: Event) -> Event:
    """The last of some events, redacted."""
    return redacted(events)[-1]


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(user(), id="a message"),
        pytest.param(user("x", mended=SAID), id="what understanding makes of it"),
        pytest.param(user("x", deep=[{"deeper": {"deepest": SAID}}]), id="anything within"),
        pytest.param({**user("x"), "metadata": {"from": SAID}}, id="what a channel adds"),
        pytest.param(bot(SAID), id="a reply that repeats it"),
        pytest.param(slot("complaint_details", SAID), id="a slot"),
        pytest.param(slot("also", {"said": [SAID]}), id="within a slot"),
        pytest.param({"event": "unknown", "timestamp": 1.0, "anything": SAID}, id="an event that we do not know"),
    ],
)
def test_personal_data_are_taken_out_wherever_they_stand(event: Event) -> None:
    text = json.dumps(one(event), ensure_ascii=False)
    assert (LEFT in text, SAID in text) == (True, False)


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (user(), ("timestamp",)),
        (user(), ("message_id",)),
        (user(), ("input_channel",)),
        (user(), ("parse_data", "intent")),
        (user(), ("parse_data", "intent_ranking")),
        (user(), ("parse_data", "language")),
        (bot("x"), ("data", "buttons")),
        (bot("x"), ("metadata", "model_id")),
        (slot("topic", "check_invoice"), ("value",)),
        (slot("places", ["riga_centre"]), ("value",)),
        (slot("anything", 26123456), ("value",)),
        (slot("anything", None), ("value",)),
        (FORM, ("name",)),
        ({"event": "action", "timestamp": 1.0, "name": "action_answer", "policy": "RulePolicy"}, ("policy",)),
    ],
)
def test_what_later_turns_need_stays(event: Event, path: tuple[str, ...]) -> None:
    def at(found: Any) -> Any:
        for key in path:
            found = found[key]
        return found

    assert at(one(event)) == at(event)


@pytest.mark.parametrize("value", ["90010000033", "1234567", "9001"])
def test_a_contract_number_that_was_understood_goes_whatever_its_length(value: str) -> None:
    text = f"mans numurs ir {value} un viss"
    start = text.index(value)
    entity = {"entity": "contract_number", "value": value, "start": start, "end": start + len(value)}
    assert value not in json.dumps(one(user(text, entities=[entity])), ensure_ascii=False)


def test_a_language_that_is_asked_for_stays_known_in_the_form() -> None:
    entity = {"entity": "language", "value": "en", "start": 0, "end": 7}
    event = one(FORM, user("English please", entities=[entity]))
    assert event["parse_data"]["entities"][0]["value"] == "en"


@pytest.mark.parametrize("text", ["Demo iela 3", "Liepāja", "1", "kas man jādara?"])
def test_what_is_said_in_the_account_form_goes_whole(text: str) -> None:
    event = one(FORM, user(text))
    assert (event["text"], event["parse_data"]["text"]) == (DETAILS, DETAILS)


def test_the_slot_of_the_account_form_goes_whole() -> None:
    assert one(FORM, user("Demo iela 3"), slot("account_details", "Demo iela 3"))["value"] == DETAILS


def test_a_slot_that_repeats_what_was_said_in_the_form_goes_whole() -> None:
    assert one(FORM, user("Demo iela 3"), slot("anything", "Demo iela 3"))["value"] == DETAILS


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [
        ("2020-04-10", "account_wish", {"dates": ["2020-04-10"], "instalments": []}),
        ("52.10", "account_wish", {"amounts": ["52.10"]}),
        ("outage", "pending_question", "outage"),
        ("check_invoice", "account_question", "check_invoice"),
        ("museum and the riga_centre", "places", ["museum", "museum and the riga_centre"]),
        ("account_details", "requested_slot", "account_details"),
    ],
)
def test_what_our_actions_understood_of_it_stays(said: str, name: str, value: Any) -> None:
    """The next turn reads it; an invalid date would break the form."""
    assert one(FORM, user(said), slot(name, value))["value"] == value


def test_a_number_that_was_taken_for_an_amount_is_redacted_still() -> None:
    event = one(FORM, user("90010000033"), slot("account_wish", {"amounts": ["90010000033"]}))
    assert event["value"] == {"amounts": ["[contract]"]}


def test_what_is_found_in_the_account_form_goes_with_it() -> None:
    entities = [{"entity": kind, "value": "Demo", "start": 0, "end": 4} for kind in ("place", "contract_number")]
    event = one(FORM, user("Demo iela 3", entities=entities))
    assert [entity["value"] for entity in event["parse_data"]["entities"]] == [DETAILS, DETAILS]


def test_a_slot_after_the_next_message_is_no_repetition() -> None:
    assert (
        one(FORM, user("kaut kas cits"), NO_FORM, user("x"), slot("anything", "kaut kas cits"))["value"]
        == "kaut kas cits"
    )


def test_an_empty_slot_of_the_account_form_stays_empty() -> None:
    assert one(FORM, slot("account_details", None))["value"] is None


@pytest.mark.parametrize(
    "before",
    [
        pytest.param([], id="no form"),
        pytest.param([FORM, NO_FORM], id="after the form"),
        pytest.param([OTHER_FORM], id="another form"),
        pytest.param([FORM, OTHER_FORM], id="another form after it"),
        pytest.param([FORM, SESSION], id="a new session"),
        pytest.param([FORM, {"event": "restart", "timestamp": 3.0}], id="begun again"),
        pytest.param([FORM, NO_FORM, FORM, NO_FORM], id="after the form, twice"),
    ],
)
def test_outside_the_account_form_only_personal_data_go(before: list[Event]) -> None:
    assert one(*before, user())["text"] == LEFT


def test_the_form_entered_again_hides_again() -> None:
    assert one(FORM, NO_FORM, FORM, user())["text"] == DETAILS


def test_what_came_before_decides_too() -> None:
    assert redacted([user()], before=[FORM])[0]["text"] == DETAILS


@pytest.mark.parametrize("payload", ["/check_invoice", "/affirm"])
def test_a_button_stays_in_the_form(payload: str) -> None:
    assert one(FORM, user(payload))["text"] == payload


def test_what_a_button_carries_is_redacted_in_the_form() -> None:
    assert one(FORM, user('/inform{"phone": "26123456"}'))["text"] == '/inform{"phone": "[phone]"}'


def test_a_private_reply_goes_whole() -> None:
    event = one(bot("Par adresi Demo iela 3: jāmaksā 52,10 €", private=True))
    assert event["text"] == ACCOUNT
    assert "Demo iela" not in json.dumps(event, ensure_ascii=False)


def test_the_choices_of_a_private_reply_stay() -> None:
    reply = bot("x", private=True)
    assert one(reply)["data"] == {"buttons": reply["data"]["buttons"]}


def test_a_contract_that_is_offered_does_not_stay() -> None:
    reply = bot("x", private=True)
    others = reply["data"]["buttons"]
    reply["data"] = {"buttons": [{"title": "1. T•••• 24, Sigulda", "payload": payload_of("0a1b2c3d4e5f")}, *others]}
    assert one(reply)["data"] == {"buttons": others}


ALL = [
    SESSION,
    user(),
    bot(SAID),
    FORM,
    user("Demo iela 3"),
    slot("account_details", "Demo iela 3"),
    bot("x", private=True),
]


def test_the_rest_of_a_private_reply_goes() -> None:
    event = bot("x", private=True)
    event["metadata"] |= {"address": "Demo iela 3", "utter_action": "utter_x"}
    names = {"model_id": "44de25893c94902b62c1891305c3c5c0", "utter_action": "utter_x", "private": True}
    assert one(event)["metadata"] == names


def test_redacting_again_changes_nothing() -> None:
    once = redacted(ALL)
    assert redacted(once) == once


@pytest.mark.parametrize("first", range(len(ALL) + 1))
def test_a_conversation_in_two_parts_is_redacted_like_one_in_one(first: int) -> None:
    before, after = ALL[:first], ALL[first:]
    assert redacted(before) + redacted(after, before=before) == redacted(ALL)


def test_the_events_themselves_are_not_changed() -> None:
    events = copy.deepcopy(ALL)
    redacted(events)
    assert events == ALL


@pytest.mark.parametrize("said", ["outage", "report", "report outage", "centrs"])
def test_a_word_said_in_the_form_leaves_slots_as_they_are(said: str) -> None:
    assert one(FORM, user(said), slot("topic", "report_outage"))["value"] == "report_outage"


def test_what_the_form_hears_tells_what_was_said_before_it() -> None:
    before = [user("Paraudnieks")]
    redaction = redaction_of([FORM, user("tas ir mans uzvārds")], before)
    assert (redaction.amended[0]["text"], redaction.new[-1]["text"]) == ("[name]", DETAILS)


def test_what_was_understood_of_a_piece_goes_too() -> None:
    entities = [{"entity": "amount", "value": "2998", "start": 0, "end": 4}]
    before = [user("2998", entities=entities, mended="2998"), slot("also", {"said": "2998"}), slot("topic", "rēķins")]
    redaction = redaction_of([user("1456")], before)
    assert {place: "2998" in json.dumps(event) for place, event in redaction.amended.items()} == {0: False, 1: False}


def test_what_is_written_again_stays_as_it_is_afterwards() -> None:
    again = redaction_of([user("tas ir mans uzvārds")], [user("Paraudnieks")])
    kept = [again.amended[0], again.new[0]]
    assert redaction_of([], kept).amended == {}
