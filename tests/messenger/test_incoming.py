"""What Messenger may deliver, as Meta documents it, and malformed deliveries."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from graph.connected import APP, events_of  # tests/graph
from graph.events import in_seconds, numeric_ids, test_button
from graph.webhooks import PAGE_INBOX, encode
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messenger.incoming import OURS, MessengerEventKind, read_events

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
ANNA = "7000000001"
AT = NOW.timestamp() - 5
META = events_of()
LINK = META.referral(ANNA, META.link("x"), AT)


def read(*events: Any, channel: str = "messaging") -> list[tuple[str, str, dict[str, Any]]]:
    """Who, which kind, what: of a delivery as its bytes come."""
    delivery = META.standby(*events) if channel == "standby" else META.batch(*events)
    found, _ = read_events(json.loads(encode(delivery)), NOW)
    return [(each.person, each.kind.value, each.content) for each in found]


@pytest.mark.parametrize(
    ("given_event", "kind", "content"),
    [
        (META.text(ANNA, "Labdien!"), MessengerEventKind.TEXT, {"text": "Labdien!"}),
        (META.text(ANNA, "50 % </b> @ āž 😀"), MessengerEventKind.TEXT, {"text": "50 % </b> @ āž 😀"}),
        (META.text(ANNA, "Un šis?", reply_to="m_1"), MessengerEventKind.TEXT, {"text": "Un šis?"}),
        (META.quick_reply(ANNA, "Jā", "ref"), MessengerEventKind.TEXT, {"text": "Jā", "payload": "ref"}),
        (META.fallback(ANNA, "x", "https://e.lv", "E"), MessengerEventKind.TEXT, {"text": "x"}),
        (META.postback(ANNA, "menu:x", "Title"), MessengerEventKind.POSTBACK, {"payload": "menu:x", "title": "Title"}),
        (META.postback(ANNA, None, "Title"), MessengerEventKind.POSTBACK, {"title": "Title"}),
        (
            META.postback(ANNA, "menu:x", "Title", referral=META.link("en")),
            MessengerEventKind.POSTBACK,
            {"payload": "menu:x", "title": "Title", "ref": "en"},
        ),
        (META.referral(ANNA, META.link("lv")), MessengerEventKind.REFERRAL, {"ref": "lv"}),
        (META.referral(ANNA, META.ad("6", "lv")), MessengerEventKind.REFERRAL, {"ref": "lv"}),
        (META.image(ANNA), MessengerEventKind.ATTACHMENT, {}),
        (META.audio(ANNA), MessengerEventKind.ATTACHMENT, {}),
        (META.location(ANNA), MessengerEventKind.ATTACHMENT, {}),
        (META.attachment(ANNA, "reel", {"url": "https://e.lv", "title": "Reel"}), MessengerEventKind.ATTACHMENT, {}),
        (META.echo_inbox(ANNA, "Raksta Anna."), MessengerEventKind.PERSON_SPOKE, {}),
        (META.echo_automatic(ANNA, "Drīz atbildēsim."), MessengerEventKind.PERSON_SPOKE, {}),
        (META.echo_other(ANNA, "Another program."), MessengerEventKind.PERSON_SPOKE, {}),
        (META.control("take_thread_control", ANNA, APP, PAGE_INBOX), MessengerEventKind.TAKEN, {}),
        (META.control("pass_thread_control", ANNA, None, APP), MessengerEventKind.GIVEN, {}),
        (META.control("request_thread_control", ANNA, APP, "5"), MessengerEventKind.ASKED_FOR, {"app": "5"}),
        (numeric_ids(META.text(ANNA, "x")), MessengerEventKind.TEXT, {"text": "x"}),
        (numeric_ids(META.echo_inbox(ANNA, "x")), MessengerEventKind.PERSON_SPOKE, {}),
    ],
)
def test_each_kind_is_told(given_event: Any, kind: MessengerEventKind, content: dict[str, str]) -> None:
    assert read(given_event) == [(ANNA, kind.value, content)]


@pytest.mark.parametrize(
    ("given_event", "content"),
    [
        (META.text(ANNA, "Vai kāds ir?"), {"text": "Vai kāds ir?"}),
        (META.postback(ANNA, "menu:to_assistant", "Uz asistentu"), {"text": "Uz asistentu"}),
    ],
)
def test_what_is_said_while_others_hold_the_thread(given_event: Any, content: dict[str, str]) -> None:
    assert read(given_event, channel="standby") == [(ANNA, "standby", content)]


@pytest.mark.parametrize(
    "given_event",
    [
        META.echo_own(ANNA, "Labdien!", META.mid(), metadata=OURS),
        META.text(ANNA, "  "),
        META.sticker(ANNA),
        META.sticker(ANNA, era="transition"),
        META.sticker(ANNA, era="old"),
        META.read(ANNA),
        META.delivery(ANNA, ["m_1"]),
        META.reaction(ANNA, "m_1"),
        META.edit(ANNA, "m_1", "x"),
        META.app_roles({APP: ["primary_receiver"]}),
        META.text("", "x"),
        META.text("a b", "x"),
        META.text("7" * 65, "x"),
        META.text(ANNA, "x") | {"sender": {"id": True}},
        META.text(ANNA, "x") | {"sender": {"id": -7}},
        META.text(ANNA, "x") | {"sender": {"id": 7.5}},
        test_button(META.text(ANNA, "x")),
    ],
)
def test_what_asks_nothing_is_passed_over(given_event: Any) -> None:
    assert read(given_event) == []


def test_what_is_passed_over_is_counted_without_what_was_said() -> None:
    events = [META.read(ANNA), META.read(ANNA) | {"Anna Bērziņa, 29000000": 1}, META.text("a b", "x")]
    del events[1]["read"]
    body = META.batch(*events)
    body["entry"] += META.feed()["entry"]
    assert dict(read_events(body, NOW)[1]) == {"changes": 1, "read": 1, "unknown": 1, "message": 1}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param(META.text(ANNA, "a", mid="m1"), META.text(ANNA, "a", mid="m1", at=AT), True, id="one message"),
        pytest.param(
            META.text(ANNA, "a", mid="m1", at=AT), META.text(ANNA, "a", mid="m2", at=AT), False, id="two messages"
        ),
        pytest.param(LINK, LINK, True, id="no id"),
        pytest.param(LINK, META.referral(ANNA, META.link("y"), AT), False, id="content"),
        pytest.param(LINK, META.referral(ANNA, META.link("x"), AT - 1), False, id="time"),
        pytest.param(LINK, META.referral("8", META.link("x"), AT), False, id="person"),
    ],
)
def test_what_makes_an_event_the_same(one: Any, other: Any, same: bool) -> None:
    keys = {each.key for each in read_events(META.batch(one, other), NOW)[0]}
    assert (len(keys) == 1) is same


def at(timestamp: Any) -> datetime:
    """The time at which a text with this timestamp counts as written."""
    ((found,), _) = read_events(META.batch(META.text(ANNA, "x") | {"timestamp": timestamp}), NOW)
    return found.at


def test_a_time_in_milliseconds_is_the_time() -> None:
    assert at(META.text(ANNA, "x", at=AT)["timestamp"]) == NOW - timedelta(seconds=5)


def test_a_time_in_seconds_is_the_time() -> None:
    """Read as milliseconds, it would be in 1970, and nobody would be answered."""
    assert at(in_seconds(META.text(ANNA, "x", at=AT))["timestamp"]) == NOW - timedelta(seconds=5)


@pytest.mark.parametrize(
    "timestamp",
    [None, "x", float("nan"), 1e300, -1e300, int(NOW.timestamp() * 1000) + 60_000, 0, 1, -1, -1_700_000_000_000, True],
)
def test_an_impossible_time_counts_as_now(timestamp: Any) -> None:
    assert at(timestamp) == NOW


NAMES = [
    *("entry", "messaging", "standby", "changes", "message", "postback", "sender", "recipient", "id", "mid", "text"),
    *("referral", "ref", "payload", "attachments", "quick_reply", "is_echo", "timestamp", "request_thread_control"),
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=12,
)
SENT = [
    META.text(ANNA, "Labdien!"),
    META.quick_reply(ANNA, "Jā", "ref"),
    META.postback(ANNA, "menu:x", "Title", referral=META.link("en")),
    META.referral(ANNA, META.link("lv")),
    META.image(ANNA),
    META.echo_inbox(ANNA, "Raksta Anna."),
    META.control("request_thread_control", ANNA, APP, "5"),
]


def changed(value: Any) -> st.SearchStrategy[Any]:
    """A mutated delivery of Meta: values replaced, added or removed."""
    if not isinstance(value, dict):
        return st.just(value) | st.just(value) | JSON
    members = {name: changed(inner) for name, inner in value.items()}
    whole = st.fixed_dictionaries(members)
    more = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=1)
    return st.builds(lambda one, other: one | other, whole, more) | whole


def test_nothing_that_is_delivered_makes_it_fail() -> None:
    reached = Counter[str]()
    events = st.lists(st.one_of([changed(event) for event in SENT]) | JSON, min_size=1, max_size=3)
    entries = st.fixed_dictionaries({"id": JSON, "messaging": events}) | st.fixed_dictionaries({"standby": events})

    @given(st.fixed_dictionaries({"object": st.just("page") | JSON, "entry": st.lists(entries | JSON) | JSON}))
    def deliver(body: dict[str, Any]) -> None:
        found, passed_over = read_events(body, NOW)
        assert [each for each in found if each.at > NOW or not each.person.isalnum()] == []
        reached.update(found=len(found), passed_over=passed_over.total())

    deliver()
    assert min(reached["found"], reached["passed_over"]) >= 20, reached


@pytest.mark.parametrize(("ago", "is_taken"), [(timedelta(hours=36), True), (timedelta(days=3, seconds=1), False)])
def test_a_delivery_that_was_recorded_long_ago_is_not_taken(ago: timedelta, is_taken: bool) -> None:
    """Meta tries for 36 hours; the keys by which an event is known again are erased after three days."""
    recorded = META.batch(META.text(ANNA, "Gribu runāt ar cilvēku", at=(NOW - ago).timestamp()))
    found, passed_over = read_events(recorded, NOW)
    assert (len(found), passed_over["too old"]) == (is_taken, not is_taken)
