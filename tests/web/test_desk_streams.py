"""What a visitor's client hears of the desk: everything once and in order, whatever happens at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels import desk_watch
from bot.channels.web import desk_streams, web_turns
from bot.channels.web.call_times import call_times, is_call_time
from bot.channels.web.desk_routes import Malformed, _call_back, _rating, _share
from bot.channels.web.desk_state import state_of
from bot.channels.web.desk_streams import DeskStreams, TooManyStreams
from bot.channels.web.limits import limits
from bot.channels.web.shown import ShownReply
from bot.channels.web.visitors import Visitor
from bot.clock import RIGA
from bot.desk.call_backs import ask_call_back, call_back_of
from bot.desk.claiming import claim, close, give_back
from bot.desk.desk_events import agent_said, customer_said
from bot.desk.desk_requests import found
from bot.desk.kinds import RequestOutcome
from bot.desk.presence import seen
from bot.desk.sharing import shared
from bot.desk.typing import typing
from bot.handoff.handoff_requests import Origin, request_person
from bot.storage.engine import session_scope
from bot.words.reference import Reference

AGENT, NAME = 1, "Ilze"
VISITOR = Visitor("c1", "a secret", "lv")
FRIDAY_EVENING = datetime(2026, 12, 4, 19, 45, tzinfo=RIGA)  # the desk closes at 20:00


@pytest.fixture
def asked(database: str) -> Reference:
    with session_scope() as session:
        return request_person(session, Origin(VISITOR.conversation, "web", "lv"))


@pytest.fixture
async def streams(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DeskStreams]:
    monkeypatch.setattr(desk_watch, "LOOK_AGAIN", 0.01)
    for name in ("QUEUE_AGAIN", "OVER_AGAIN"):
        monkeypatch.setattr(desk_streams, name, 0.01)
    streams = DeskStreams(desk_watch.DeskWatch())
    yield streams
    await streams.stop()


async def until(followed: Any, name: str, /, **wanted: object) -> list[Any]:
    """The events up to one of a name with these values."""
    heard = []
    async with asyncio.timeout(5):
        async for event in followed:
            heard.append(event)
            if event[0] == name and all(event[1].get(key) == value for key, value in wanted.items()):
                return heard
    pytest.fail(f"The stream has ended: {heard}")


def texts(heard: list[Any]) -> list[str]:
    return [data["text"] or data["event"] for name, data, _ in heard if name == "said"]


async def test_a_conversation_without_a_request_has_nothing_to_follow(database: str, streams: DeskStreams) -> None:
    assert [(name, data["state"]) async for name, data, _ in streams.follow("c1", 0)] == [("state", "none")]


@pytest.mark.both_databases
async def test_what_happens_comes_as_it_happens(asked: Reference, streams: DeskStreams) -> None:
    async with aclosing(streams.follow("c1", 0)) as followed:
        await until(followed, "state", state="waiting", before=0)
        with session_scope() as session:
            claim(session, asked, AGENT, NAME)
        taken = await until(followed, "state", state="held", name=NAME)
        with session_scope() as session:
            typing(session, "c1", str(AGENT))
        await until(followed, "typing", name=NAME)
        with session_scope() as session:
            customer_said(session, "c1", "My number is 90010000033", "message-1")
            agent_said(session, asked, AGENT, "Thank you", "agent-1")
            close(session, asked, AGENT, RequestOutcome.ANSWERED)
        rest = [event async for event in followed]
    assert texts(taken + rest) == ["taken", "My number is ••••", "Thank you", "closed"]
    assert rest[-1][1]["rate"] == ["person", "assistant"]


async def test_what_was_missed_comes_first_and_nothing_twice(asked: Reference, streams: DeskStreams) -> None:
    with session_scope() as session:
        claim(session, asked, AGENT, NAME)
        first = agent_said(session, asked, AGENT, "One", "a1")
        agent_said(session, asked, AGENT, "Two", "a2")
    async with aclosing(streams.follow("c1", 0)) as one, aclosing(streams.follow("c1", first)) as other:
        heard = [await until(one, "state"), await until(other, "state")]
        with session_scope() as session:
            agent_said(session, asked, AGENT, "Three", "a3")
        heard = [heard[0] + await until(one, "said", text="Three"), heard[1] + await until(other, "said", text="Three")]
    assert [texts(each) for each in heard] == [["taken", "One", "Two", "Three"], ["Two", "Three"]]


async def test_those_who_wait_hear_how_the_queue_moves(asked: Reference, streams: DeskStreams) -> None:
    with session_scope() as session:
        second = request_person(session, Origin("c2", "web", "lv"))
    async with aclosing(streams.follow("c2", 0)) as followed:
        await until(followed, "state", reference=second.number, before=1)
        with session_scope() as session:
            give_back(session, asked, None)
        await until(followed, "state", before=0)


@pytest.mark.parametrize("how", ["signed out", "the server stops"])
async def test_a_stream_ends(asked: Reference, streams: DeskStreams, how: str) -> None:
    async with aclosing(streams.follow("c1", 0)) as followed:
        await until(followed, "state", state="waiting")
        if how == "signed out":
            web_turns.begin(VISITOR, web_turns.ENDED, "", limits())
        else:
            await streams.stop()
        async with asyncio.timeout(5):
            assert [event async for event in followed if event[0] != "state"] == []


async def test_there_are_not_too_many(asked: Reference, streams: DeskStreams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_streams, "MOST_OF_CONVERSATION", 1)
    async with aclosing(streams.follow("c1", 0)) as followed:
        await until(followed, "state")
        with pytest.raises(TooManyStreams):
            await anext(streams.follow("c1", 0))


def test_the_state_tells_why_nobody_is_there(asked: Reference) -> None:
    with session_scope() as session:
        saturday = state_of(session, "c1", datetime(2026, 12, 6, 12, tzinfo=RIGA)).as_json()
        seen(session, AGENT, NAME, ("lv",), now=datetime(2026, 12, 7, 12, tzinfo=RIGA))
        monday = state_of(session, "c1", datetime(2026, 12, 7, 12, tzinfo=RIGA)).as_json()
    assert (saturday["availability"]["state"], saturday["availability"]["opens_at"]) == (
        "weekend",
        "2026-12-07T08:00:00+02:00",
    )
    assert monday["availability"]["state"] == "open"


def test_calls_are_offered_within_the_next_hours(database: str) -> None:
    with session_scope() as session:
        times = call_times(session, FRIDAY_EVENING)
    assert [f"{begins:%a %H}-{ends:%H}" for begins, ends in times] == [
        *("Sat 09-13", "Sat 13-16", "Mon 08-12", "Mon 12-16", "Mon 16-20", "Tue 08-12")
    ]


def test_a_call_is_asked_for(asked: Reference) -> None:
    with session_scope() as session:
        wished = state_of(session, "c1").as_json()["times"][1]
        _call_back({"number": "26 000 000", "consent": True, **wished})(session, VISITOR, found(session, asked))
        planned, state = call_back_of(session, asked), state_of(session, "c1")
    assert planned is not None
    assert (planned.number, planned.wished_from) == ("+37126000000", datetime.fromisoformat(wished["from"]))
    assert state.is_call_back_planned


@pytest.mark.parametrize(
    ("wished", "is_one"),
    [
        (("2026-12-05T09:00:00+02:00", "2026-12-05T13:00:00+02:00"), True),
        (("2026-12-05T07:00:00+00:00", "2026-12-05T11:00:00+00:00"), True),
        (("2026-12-04T16:00:00+02:00", "2026-12-04T20:00:00+02:00"), True),  # offered when the form was opened
        (("2026-12-04T12:00:00+02:00", "2026-12-04T16:00:00+02:00"), False),
        (("2026-12-05T09:00:00+02:00", "2026-12-05T12:00:00+02:00"), False),
        (("2027-12-05T09:00:00+02:00", "2027-12-05T13:00:00+02:00"), False),
        (("2026-12-05T13:00:00+02:00", "2026-12-05T09:00:00+02:00"), False),
        (("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"), False),
    ],
)
def test_only_times_that_are_offered_can_be_wished(database: str, wished: tuple[str, str], is_one: bool) -> None:
    begins, ends = (datetime.fromisoformat(each) for each in wished)
    with session_scope() as session:
        assert is_call_time(session, (begins, ends), FRIDAY_EVENING) is is_one


NOT_UNDERSTOOD = {
    "no consent": (_call_back, {"number": "26000000"}),
    "consent that is none": (_call_back, {"number": "26000000", "consent": False}),
    "no number": (_call_back, {"number": "26", "consent": True}),
    "a time alone": (_call_back, {"number": "26000000", "consent": True, "from": "2026-12-07T08:00:00+02:00"}),
    "a time without zone": (
        _call_back,
        {"number": "26000000", "consent": True, "from": "2026-12-07T08:00:00", "until": "2026-12-07T09:00:00"},
    ),
    "more": (_call_back, {"number": "26000000", "consent": True, "name": "x"}),
    "six stars": (_rating, {"about": "person", "value": 6}),
    "true": (_rating, {"about": "person", "value": True}),
    "about nobody": (_rating, {"about": "weather", "value": 5}),
}


@pytest.mark.parametrize(("read", "body"), NOT_UNDERSTOOD.values(), ids=NOT_UNDERSTOOD)
def test_what_is_not_understood_is_refused(read: Any, body: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        read(body)


def test_what_is_shared_leaves_accounts_and_numbers_out(asked: Reference) -> None:
    def said(text: str, **more: Any) -> ShownReply:
        return {"id": "m/0", "text": text, "buttons": [], "sources": [], "language": "lv", "at": "", **more}  # type: ignore[typeddict-item]

    replies = [said("52,10 EUR", accounts=["x"]), said("Anything else?")]
    with session_scope() as session:
        web_turns.begin(VISITOR, "message-1", "", limits())
        content: Any = {"said": "Contract 90010000033?", "at": datetime.now(UTC).isoformat(), "replies": replies}
        web_turns.end(VISITOR, "message-1", content)
        _share(session, VISITOR, found(session, asked))
        assert [(turn.who, turn.text) for turn in shared(session, "c1") or ()] == [
            ("customer", "Contract ••••?"),
            ("assistant", "Anything else?"),
        ]


def test_nothing_is_shared_when_there_is_nobody_to_read_it(asked: Reference) -> None:
    with session_scope() as session:
        give_back(session, asked, None)
        _share(session, VISITOR, found(session, asked))
        assert shared(session, "c1") is None


def test_a_rating_counts_once_and_after_no_answer_nobody_is_asked_again(asked: Reference) -> None:
    with session_scope() as session:
        claim(session, asked, AGENT, NAME)
        agent_said(session, asked, AGENT, "Hello", "a1")
        close(session, asked, AGENT, RequestOutcome.ANSWERED)
        for about, value in (("person", 4.0), ("person", 1), ("assistant", None), ("assistant", 5)):
            _rating({"about": about, "value": value})(session, VISITOR, found(session, asked))
        assert state_of(session, "c1").rate == ()


def test_a_call_back_outlives_the_conversation(asked: Reference) -> None:
    with session_scope() as session:
        origin = Origin(VISITOR.conversation, "web", "lv")
        ask_call_back(session, origin, "+37126000000", None, consent_at=datetime.now(UTC), reference=asked)
    web_turns.finish(VISITOR)
    with session_scope() as session:
        assert found(session, asked).state == "waiting"
