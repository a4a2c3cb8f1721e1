"""What Messenger may deliver, and what nobody expects."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from messenger_page import PAGE, echo, event, postback, text  # tests/messenger_page.py

from bot.channels.messenger.incoming import Kind, read_events

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ANNA = "7000000001"
AT = int(NOW.timestamp() * 1000) - 5_000
LINK = event(ANNA, AT, referral={"ref": "x"})


def read(*events: Any, channel: str = "messaging") -> list[tuple[str, str, dict[str, Any]]]:
    found, _ = read_events({"object": "page", "entry": [{"id": PAGE, channel: list(events)}]}, NOW)
    return [(each.person, each.kind.value, each.content) for each in found]


@pytest.mark.parametrize(
    ("given_event", "kind", "content"),
    [
        (text(ANNA, "Labdien!"), Kind.TEXT, {"text": "Labdien!"}),
        (text(ANNA, "Jā", quick_reply={"payload": "ref"}), Kind.TEXT, {"text": "Jā", "payload": "ref"}),
        (text(ANNA, "x", attachments=[{"type": "fallback"}]), Kind.TEXT, {"text": "x"}),
        (postback(ANNA, "menu:x"), Kind.POSTBACK, {"payload": "menu:x", "title": "Title"}),
        (
            postback(ANNA, "menu:x", referral={"ref": "en"}),
            Kind.POSTBACK,
            {"payload": "menu:x", "title": "Title", "ref": "en"},
        ),
        (event(ANNA, referral={"ref": "lv", "source": "SHORTLINK"}), Kind.REFERRAL, {"ref": "lv"}),
        (event(ANNA, message={"mid": "m", "attachments": [{"type": "audio"}]}), Kind.ATTACHMENT, {}),
        (event(ANNA, message={"mid": "m", "is_unsupported": True}), Kind.ATTACHMENT, {}),
        (echo(ANNA, "Raksta Anna."), Kind.PERSON_SPOKE, {}),
        (event(ANNA, take_thread_control={"previous_owner_app_id": "77"}), Kind.TAKEN, {}),
        (event(ANNA, pass_thread_control={"new_owner_app_id": "77"}), Kind.GIVEN, {}),
        (event(ANNA, request_thread_control={"requested_owner_app_id": 5}), Kind.ASKED_FOR, {"app": "5"}),
    ],
)
def test_each_kind_is_told(given_event: Any, kind: Kind, content: dict[str, str]) -> None:
    assert read(given_event) == [(ANNA, kind.value, content)]


@pytest.mark.parametrize(
    ("given_event", "content"),
    [
        (text(ANNA, "Vai kāds ir?"), {"text": "Vai kāds ir?"}),
        (postback(ANNA, "menu:to_assistant"), {"text": "Title", "payload": "menu:to_assistant"}),
    ],
)
def test_what_is_said_while_others_hold_the_thread(given_event: Any, content: dict[str, str]) -> None:
    assert read(given_event, channel="standby") == [(ANNA, "standby", content)]


@pytest.mark.parametrize(
    "given_event",
    [
        echo(ANNA, "Labdien!", metadata="assistant"),
        event(ANNA, message={"mid": "m", "text": "  "}),
        event(ANNA, message={"mid": "m", "attachments": [{"type": "image", "payload": {"sticker_id": 1}}]}),
        event(ANNA, read={"watermark": 1}),
        event("", message={"mid": "m", "text": "x"}),
        event("a b", message={"mid": "m", "text": "x"}),
        event("7" * 65, message={"mid": "m", "text": "x"}),
    ],
    ids=str,
)
def test_what_asks_nothing_is_passed_over(given_event: Any) -> None:
    assert read(given_event) == []


def test_what_is_passed_over_is_counted_without_what_was_said() -> None:
    body = {
        "entry": [{"messaging": [event(ANNA, read={}), event(ANNA, **{"Anna Bērziņa, 29000000": 1})], "changes": []}]
    }
    assert dict(read_events(body, NOW)[1]) == {"changes": 1, "read": 1, "unknown": 1}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(text(ANNA, "a", mid="m1"), text(ANNA, "a", mid="m1", at=1), True, id="the same message"),
        pytest.param(text(ANNA, "a", mid="m1", at=AT), text(ANNA, "a", mid="m2", at=AT), False, id="two messages"),
        pytest.param(LINK, LINK, True, id="no id"),
        pytest.param(LINK, event(ANNA, AT, referral={"ref": "y"}), False, id="content"),
        pytest.param(LINK, event(ANNA, 1, referral={"ref": "x"}), False, id="time"),
        pytest.param(LINK, event("8", AT, referral={"ref": "x"}), False, id="person"),
    ],
)
def test_what_makes_an_event_the_same(one: Any, other: Any, same: bool) -> None:
    keys = {each.key for each in read_events({"entry": [{"messaging": [one, other]}]}, NOW)[0]}
    assert (len(keys) == 1) is same


@pytest.mark.parametrize("timestamp", [None, "x", float("nan"), 1e300, -1e300, int(NOW.timestamp() * 1000) + 60_000])
def test_an_impossible_time_counts_as_now(timestamp: Any) -> None:
    ((found,), _) = read_events(
        {"entry": [{"messaging": [event(ANNA) | text(ANNA, "x") | {"timestamp": timestamp}]}]}, NOW
    )
    assert found.at == NOW


NAMES = [
    *("entry", "messaging", "standby", "changes", "message", "postback", "sender", "recipient", "id", "mid", "text"),
    *("referral", "ref", "payload", "attachments", "quick_reply", "is_echo", "timestamp", "request_thread_control"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=40,
)


@given(st.dictionaries(st.sampled_from(["object", "entry"]), JSON))
def test_nothing_that_is_delivered_makes_it_fail(body: dict[str, Any]) -> None:
    found, _ = read_events(body, NOW)
    assert all(each.at <= NOW and each.person.isalnum() for each in found)
