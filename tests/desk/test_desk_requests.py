"""What waits for a person and what becomes of it: order, claims, leases, outcomes, what customers hear."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.desk import claiming, desk_events, ratings, sharing, typing
from bot.desk.call_backs import ask_call_back, call_back_of, done
from bot.desk.demo_requests import load_demo_requests
from bot.desk.desk_requests import (
    by_reference,
    closed,
    found,
    held_by,
    open_request,
    position,
    spoken_state,
    waiting,
)
from bot.desk.holding import holder
from bot.desk.kinds import SEEN_BY_CUSTOMER, About, DeskEventKind, RequestKind, RequestOutcome, RequestState
from bot.desk.origin import Origin
from bot.desk.refusals import AlreadyClosed, AlreadyHeld, DeskError, NotHeld, UnknownRequest
from bot.handoff.handoff_requests import note_extension, note_not_transferred, note_unsent, record, request_person
from bot.words.reference import Reference

NOW = datetime(2026, 3, 9, 10, tzinfo=UTC)
ANNA, JANIS = (1, "Anna"), (2, "Jānis")


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def asked(
    session: Session,
    name: str = "talk",
    kind: RequestKind = RequestKind.PERSON,
    *,
    channel: str = "web",
    priority: bool = False,
    seconds: float = 0,
) -> Reference:
    origin = Origin(name, channel, "lv")
    return open_request(session, kind, origin, priority=priority, now=at(seconds)).reference


def kinds(session: Session, *, seen_by_customer: bool = False) -> list[str]:
    only = SEEN_BY_CUSTOMER if seen_by_customer else None
    return [str(event.kind) for event in desk_events.events_after(session, 0, kinds=only)]


def test_urgent_ones_wait_first_then_those_whose_agent_was_lost_then_the_oldest(session: Session) -> None:
    oldest, lost, urgent = asked(session, "a"), asked(session, "b", seconds=10), asked(session, "c", seconds=20)
    latest = asked(session, "d", seconds=30)
    complaint = asked(session, "e", RequestKind.COMPLAINT, seconds=-60)
    claiming.claim(session, lost, *ANNA, now=at(40))
    assert claiming.expire_leases(session, at(71))[0].reference == lost
    desk_events.customer_said(session, "c", "I smell burning", "1", is_urgent=True, now=at(72))
    talks = [request.reference for request in waiting(session, kinds={RequestKind.PERSON})]
    assert talks == [urgent, lost, oldest, latest]
    assert [position(session, reference) for reference in talks] == [0, 1, 2, 3]
    assert position(session, complaint) == 0, "A complaint and a conversation do not wait for each other."
    assert [request.reference for request in waiting(session)] == [urgent, lost, complaint, oldest, latest]
    assert found(session, lost).waits_since == at(10)


def test_a_conversation_from_claim_to_close(session: Session) -> None:
    reference = asked(session)
    assert holder(session, "talk", now=at(1)) is None
    claiming.claim(session, reference, *ANNA, now=at(60))
    now_held = holder(session, "talk", now=at(61))
    assert now_held
    assert (now_held.reference, now_held.agent_id, now_held.agent_name, now_held.since) == (reference, *ANNA, at(60))
    first = desk_events.customer_said(session, "talk", "Hello", "c1", now=at(62))
    assert desk_events.customer_said(session, "talk", "Hello", "c1", now=at(63)) == first
    said = desk_events.agent_said(session, reference, 1, "Labdien", "c1", now=at(64))
    desk_events.note(session, reference, 2, "Jānis", "knows the house", "n1", now=at(65))
    claiming.hand_on(session, reference, 1, *JANIS, now=at(66))
    claiming.close(session, reference, 2, RequestOutcome.ANSWERED, "all done", now=at(67))
    assert desk_events.agent_said(session, reference, 1, "Labdien", "c1", now=at(70)) == said, "It had arrived."
    every = ["requested", "taken", "customer_said", "agent_said", "note", "handed_on", "note", "closed"]
    assert kinds(session) == every
    assert kinds(session, seen_by_customer=True) == [kind for kind in every if kind not in {"requested", "note"}]
    (request,) = closed(session)
    assert (request.outcome, request.agent_name) == (RequestOutcome.ANSWERED, "Jānis")
    assert (request.taken_at, request.first_answer_at, request.closed_at) == (at(60), at(64), at(67))
    assert holder(session, "talk", now=at(68)) is None


REFUSED: dict[str, tuple[type[DeskError], Callable[[Session, Reference], object]]] = {
    "taking what a colleague holds": (AlreadyHeld, lambda s, r: claiming.claim(s, r, *JANIS, now=NOW)),
    "answering": (NotHeld, lambda s, r: desk_events.agent_said(s, r, 2, "Hi", "1", now=NOW)),
    "handing on": (NotHeld, lambda s, r: claiming.hand_on(s, r, 2, 3, "Ilze", now=NOW)),
    "giving back": (NotHeld, lambda s, r: claiming.give_back(s, r, 2, now=NOW)),
    "putting back": (NotHeld, lambda s, r: claiming.put_back(s, r, 2, now=NOW)),
    "closing": (NotHeld, lambda s, r: claiming.close(s, r, 2, RequestOutcome.OTHER, now=NOW)),
    "having called": (NotHeld, lambda s, r: done(s, r, 2, RequestOutcome.CALLED_BACK, now=NOW)),
    "putting a conversation back": (NotHeld, lambda s, r: claiming.put_back(s, r, 1, now=NOW)),
    "an unknown one": (UnknownRequest, lambda s, r: claiming.claim(s, Reference("EL-AAAA-AAAA"), *ANNA)),
}


@pytest.mark.parametrize(("error", "act"), REFUSED.values(), ids=REFUSED)
def test_only_the_one_who_holds_it_acts(
    session: Session, error: type[DeskError], act: Callable[[Session, Reference], object]
) -> None:
    reference = asked(session)
    claiming.claim(session, reference, *ANNA, now=NOW)
    before = (kinds(session), found(session, reference))
    with pytest.raises(error) as refused:
        act(session, reference)
    assert (kinds(session), found(session, reference)) == before
    assert getattr(refused.value, "name", "Anna") == "Anna"


def test_a_closed_one_is_not_taken_again_and_a_new_wish_is_a_new_request(session: Session) -> None:
    origin = Origin("talk", "web", "lv")
    reference = request_person(session, origin)
    assert request_person(session, origin, priority=True) == reference
    assert found(session, reference).priority
    claiming.give_back(session, reference, None, now=NOW)
    assert kinds(session, seen_by_customer=True) == ["returned"], "The customer's other windows hear it."
    for act in (
        lambda: claiming.claim(session, reference, *ANNA),
        lambda: claiming.give_back(session, reference, None),
    ):
        with pytest.raises(AlreadyClosed):
            act()
    assert request_person(session, origin) != reference


def test_taking_it_again_is_no_second_event(session: Session) -> None:
    reference = asked(session)
    for seconds in (0, 1):
        claiming.claim(session, reference, *ANNA, now=at(seconds))
    assert kinds(session) == ["requested", "taken"]


def test_a_lease_is_kept_by_heartbeats_and_frees_what_a_lost_agent_held(session: Session) -> None:
    reference, other = asked(session, "a"), asked(session, "b")
    for each in (reference, other):
        claiming.claim(session, each, *ANNA, now=NOW)
    assert claiming.renew(session, 1, now=at(29)) == 2
    assert claiming.expire_leases(session, at(31)) == []
    desk_events.agent_said(session, other, 1, "Hi", "1", now=at(50))  # a sign of life too
    (lost,) = claiming.expire_leases(session, at(60))
    assert (lost.reference, lost.state, lost.agent_id, lost.is_live) == (reference, RequestState.WAITING, None, False)
    assert claiming.renew(session, 1, now=at(61)) == 1, "What was lost is not renewed."
    assert kinds(session, seen_by_customer=True)[-1] == "agent_lost"
    claiming.claim(session, reference, *JANIS, now=at(90))
    assert found(session, reference).taken_at == NOW, "Waiting is measured to the first time."


def test_whoever_looks_finds_that_an_agent_is_lost_also_with_the_console_down(session: Session) -> None:
    reference = asked(session)
    claiming.claim(session, reference, *ANNA, now=NOW)
    assert holder(session, "talk", now=at(31)) is None
    assert found(session, reference).state == RequestState.HELD, "Looking alone changes nothing."
    assert holder(session, "talk", now=at(31), for_update=True) is None
    assert found(session, reference).state == RequestState.WAITING
    claiming.claim(session, reference, *ANNA, now=at(40))
    claiming.claim(session, reference, *JANIS, now=at(80))
    assert kinds(session, seen_by_customer=True) == ["taken", "agent_lost"] * 2 + ["taken"]


def test_two_people_do_not_talk_with_one_customer(session: Session) -> None:
    talk, complaint = asked(session), asked(session, kind=RequestKind.COMPLAINT)
    claiming.claim(session, complaint, *ANNA, now=NOW)
    with pytest.raises(AlreadyHeld):
        claiming.claim(session, talk, *JANIS, now=NOW)
    claiming.claim(session, talk, *ANNA, now=NOW)
    assert {request.reference for request in held_by(session, 1)} == {talk, complaint}


def test_working_on_a_complaint_is_not_seen_until_the_agent_writes(session: Session) -> None:
    reference = asked(session, kind=RequestKind.COMPLAINT)
    claiming.claim(session, reference, *ANNA, now=NOW)
    assert holder(session, "talk", now=NOW) is None, "The assistant goes on answering."
    claiming.put_back(session, reference, 1, now=NOW)
    claiming.claim(session, reference, *ANNA, now=NOW)
    claiming.hand_on(session, reference, 1, *JANIS, now=NOW)
    assert kinds(session) == ["requested", "assigned", "unassigned", "assigned", "reassigned"]
    desk_events.agent_said(session, reference, 2, "About your complaint", "1", now=at(1))
    assert kinds(session, seen_by_customer=True) == ["taken", "agent_said"]
    held = holder(session, "talk", now=at(1))
    assert held
    assert held.agent_name == "Jānis"
    other = asked(session, "other", RequestKind.COMPLAINT)
    claiming.claim(session, other, *JANIS, now=NOW)
    claiming.close(session, other, 2, RequestOutcome.OTHER, now=NOW)
    assert kinds(session)[-1] == "settled"


def test_messenger_is_written_to_where_the_threads_are_ours(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_MESSENGER_PEOPLE", "desk")
    reference = asked(session, channel="messenger")
    claiming.claim(session, reference, *ANNA, now=NOW)
    assert holder(session, "talk", now=NOW)


@pytest.mark.parametrize("channel", ["phone", "messenger"])
def test_nobody_writes_where_the_customer_would_not_see_it(
    session: Session, monkeypatch: pytest.MonkeyPatch, channel: str
) -> None:
    monkeypatch.setenv("BOT_MESSENGER_PEOPLE", "inbox")
    reference = asked(session, channel=channel)
    claiming.claim(session, reference, *ANNA, now=NOW)
    assert holder(session, "talk", now=NOW) is None
    with pytest.raises(NotHeld):
        desk_events.agent_said(session, reference, 1, "Hi", "1", now=NOW)


def test_a_call_back_is_known_by_its_number_until_it_is_made(session: Session) -> None:
    origin = Origin("talk", "web", "lv")
    wished = (at(3600), at(7200))
    reference = ask_call_back(session, origin, "+37120000000", wished, consent_at=NOW, now=NOW)
    asked_for = call_back_of(session, reference)
    assert asked_for
    assert (asked_for.number, asked_for.wished_from, asked_for.wished_until) == ("+37120000000", *wished)
    told = spoken_state(session, reference, "talk")
    assert told
    assert (told.kind, told.is_own, told.is_call_back_planned, told.before) == (RequestKind.CALL_BACK, True, True, 0)
    claiming.claim(session, reference, *ANNA, now=NOW)
    done(session, reference, 1, RequestOutcome.CALLED_BACK, now=at(60))
    made = call_back_of(session, reference)
    assert made
    assert (made.number, made.done_at) == (None, at(60))
    told = spoken_state(session, reference, "another")
    assert told
    assert (told.state, told.outcome, told.is_own, told.is_call_back_planned) == (
        RequestState.CLOSED,
        RequestOutcome.CALLED_BACK,
        False,
        False,
    )
    assert spoken_state(session, Reference("EL-AAAA-AAAA"), "talk") is None


def test_a_call_back_belongs_to_the_open_request_of_the_same_conversation(session: Session) -> None:
    complaint = asked(session, kind=RequestKind.COMPLAINT)
    mine, others = Origin("talk", "web", "lv"), Origin("other", "web", "lv")
    assert ask_call_back(session, mine, "+37120000000", None, consent_at=NOW, reference=complaint) == complaint
    assert ask_call_back(session, others, "+37120000001", None, consent_at=NOW, reference=complaint) != complaint
    found_number = call_back_of(session, complaint)
    assert found_number
    assert found_number.number == "+37120000000"


@pytest.mark.parametrize("kind", [RequestKind.PERSON, RequestKind.COMPLAINT])
@pytest.mark.parametrize("by", [None, ANNA[0]], ids=["customer", "agent"])
def test_a_planned_call_stays_when_the_talking_ends(session: Session, kind: RequestKind, by: int | None) -> None:
    reference = asked(session, kind=kind)
    ask_call_back(session, Origin("talk", "web", "lv"), "+37120000000", None, consent_at=NOW, reference=reference)
    claiming.claim(session, reference, *ANNA, now=NOW)
    desk_events.agent_said(session, reference, ANNA[0], "Labdien!", "1", now=NOW)
    claiming.give_back(session, reference, by, now=at(1))
    left, call = found(session, reference), call_back_of(session, reference)
    assert call is not None
    assert (call.number, left.state, left.is_live) == ("+37120000000", RequestState.WAITING, False)
    assert left.kind == (RequestKind.CALL_BACK if kind == RequestKind.PERSON else kind)
    assert (holder(session, "talk", now=at(1)), kinds(session, seen_by_customer=True)[-1]) == (None, "returned")
    told = spoken_state(session, reference, "talk")
    assert told is not None
    assert told.is_call_back_planned
    claiming.claim(session, reference, *JANIS, now=at(2))
    done(session, reference, JANIS[0], RequestOutcome.CALLED_BACK, now=at(3))
    assert kinds(session, seen_by_customer=True)[-1] == "returned"
    assert (made := call_back_of(session, reference)) is not None
    assert made.number is None


def test_what_conversations_ask_for_is_a_request_of_its_kind(session: Session) -> None:
    call, thread, web = Origin("call", "phone", "lv"), Origin("thread", "messenger", "lv"), Origin("web", "web", "lv")
    transfer = request_person(session, call)
    assert note_not_transferred(session, call, "Nobody answered.") == transfer
    assert request_person(session, call) == transfer, "Who asks again in the call keeps the number."
    note_unsent(session, thread)
    note_unsent(session, thread)
    complaint = record(session, RequestKind.COMPLAINT, web, details="The lights flicker.")
    assert record(session, RequestKind.COMPLAINT, web, details="The lights flicker.") == complaint
    for _ in range(2):
        note_extension(session, web, Reference("billing's own number 17"))
    session.flush()
    assert [(request.kind, request.conversation_id) for request in waiting(session)] == [
        (RequestKind.TRANSFER, "call"),
        (RequestKind.UNSENT, "thread"),
        (RequestKind.COMPLAINT, "web"),
        (RequestKind.EXTENSION, "web"),
    ]
    assert call_back_of(session, transfer) is None, "Nobody has agreed to be called."
    assert found(session, transfer).details == "Nobody answered."


@pytest.mark.parametrize("written", ["{}", " {} ", "nr. {}, please", "el-{}-{}", "EL {} {}", "el{}{}", "el–{} – {}"])
def test_a_number_is_found_as_people_write_it(session: Session, written: str) -> None:
    reference = asked(session)
    parts = [reference.number] if written.count("{}") == 1 else reference.number.lower().split("-")[1:]
    request = by_reference(session, written.format(*parts))
    assert request
    assert request.reference == reference


def test_no_number_is_no_request(session: Session) -> None:
    assert by_reference(session, "EL-AAAA-AAA") is None


def test_a_rating_counts_once_and_is_asked_once(session: Session) -> None:
    reference = asked(session)
    about = About.PERSON
    claiming.claim(session, reference, *ANNA, now=NOW)
    desk_events.agent_said(session, reference, 1, "Hi", "1", now=NOW)
    assert not ratings.ask_due(session, reference, about, now=NOW), "They still talk."
    claiming.close(session, reference, 1, RequestOutcome.ANSWERED, now=NOW)
    assert ratings.ask_due(session, reference, about, now=NOW)
    assert not ratings.ask_due(session, reference, about, now=NOW + timedelta(hours=25))
    assert [ratings.asked(session, reference, about, now=NOW) for _ in range(2)] == [True, False]
    assert [ratings.rate(session, reference, about, value, now=NOW) for value in (5, 1)] == [True, False]
    assert ratings.rate(session, reference, About.ASSISTANT, 2, now=NOW), "Also without having been asked."
    assert ratings.ratings_of(session, reference) == {About.PERSON: 5, About.ASSISTANT: 2}
    for value in (0, 6):
        with pytest.raises(ratings.RatingError):
            ratings.rate(session, reference, about, value)


@pytest.mark.parametrize("outcome", [RequestOutcome.LEFT, RequestOutcome.DUPLICATE, RequestOutcome.NOT_REACHED])
def test_nobody_is_asked_for_a_rating_whom_nobody_helped(session: Session, outcome: RequestOutcome) -> None:
    reference = asked(session)
    claiming.claim(session, reference, *ANNA, now=NOW)
    desk_events.agent_said(session, reference, 1, "Hi", "1", now=NOW)
    claiming.close(session, reference, 1, outcome, now=NOW)
    assert not ratings.ask_due(session, reference, About.PERSON, now=NOW)


def test_what_is_shared_can_be_read_and_takes_the_place_of_what_was_shared(session: Session) -> None:
    reference = asked(session)
    assert sharing.shared(session, "talk") is None
    for text in ("first", "my flat is 5"):
        sharing.share(session, "talk", [("customer", text, NOW)], now=NOW)
    assert sharing.shared(session, "talk") == [sharing.SharedTurn("customer", "my flat is 5", NOW)]
    (*_, event) = desk_events.events_after(session, 0)
    assert (event.kind, event.reference, event.text) == (DeskEventKind.SHARED, reference, None)


def test_typing_is_seen_for_some_seconds(session: Session) -> None:
    typing.typing(session, "talk", typing.CUSTOMER, NOW)
    typing.typing(session, "talk", "1", at(3))
    assert typing.who_types(session, at(4)) == [("talk", "1"), ("talk", typing.CUSTOMER)]
    assert typing.who_types(session, at(8), "talk") == [("talk", "1")]
    typing.stopped_typing(session, "talk", "1")
    assert typing.who_types(session, at(4), "other") == typing.who_types(session, at(8)) == []


def test_a_new_assistant_shows_a_desk_at_work_once(session: Session) -> None:
    made = load_demo_requests(session, now=NOW)
    assert (made, load_demo_requests(session, now=NOW)) == (len(waiting(session)), 0)
    assert {request.kind for request in waiting(session)} == set(RequestKind)
    assert {request.language for request in waiting(session)} == {"lv", "en"}
    first = waiting(session)[0]
    assert first.priority
    assert sharing.shared(session, first.conversation_id)
