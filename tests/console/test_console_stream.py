"""Events of the desk as pages hear of them: in order, none lost, none twice, soon."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import requests
from sqlalchemy import func, select

from bot import deadlines
from bot.desk.claiming import claim
from bot.desk.desk_events import customer_said
from bot.desk.desk_requests import by_reference, change, open_request
from bot.desk.event_numbers import latest_number
from bot.desk.kinds import RequestKind
from bot.desk.models import DeskPresence
from bot.desk.origin import Origin
from bot.desk.typing import CUSTOMER, typing
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import add_account
from bot.staff.staff_sessions import begin_session, end_session, form_token
from bot.storage.engine import session_scope
from bot.words.reference import Reference
from harness.console import Stream, served

SOON = 5.0  # seconds; on an idle machine it is 0.2


@pytest.fixture
def url(database: str) -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def token(database: str) -> str:
    with session_scope() as session:
        person = add_account(session, "anna", "Anna", [StaffRole.AGENT])
        return begin_session(session, person.id)


def ask(conversation: str) -> Reference:
    with session_scope() as session:
        return open_request(session, RequestKind.PERSON, Origin(conversation, "web", "lv")).reference


def write(conversation: str, number: int) -> int:
    with session_scope() as session:
        return customer_said(session, conversation, f"Ziņa {number}", f"id{number}")


@pytest.mark.both_databases
def test_a_new_request_is_heard_of_soon(url: str, token: str) -> None:
    stream = Stream(url, token)
    stream.next("beat")
    began = time.monotonic()
    reference = ask("talk")
    _, data = stream.next("desk")
    assert (data["kind"], data["reference"], data["urgent"]) == ("requested", reference.number, False)
    assert time.monotonic() - began < SOON


def test_nothing_that_was_written_is_in_the_stream(url: str, token: str) -> None:
    stream = Stream(url, token)
    stream.next("beat")
    ask("talk")
    write("talk", 1)
    stream.next("desk")
    _, data = stream.next("desk")
    assert (set(data), data["kind"]) == ({"kind", "reference", "agent", "urgent", "number"}, "customer_said")


@pytest.mark.parametrize("how", ["after", "last_event_id"])
def test_what_was_missed_comes_first(url: str, token: str, how: str) -> None:
    ask("talk")
    numbers = [write("talk", number) for number in range(5)]
    given = numbers[1] if how == "after" else str(numbers[1])
    stream = Stream(url, token, **{how: given})  # type: ignore[arg-type]
    assert [stream.next("desk")[1]["number"] for _ in range(3)] == numbers[2:]


def test_none_is_lost_and_none_comes_twice_while_pages_come_and_go(url: str, token: str) -> None:
    ask("talk")
    with session_scope() as session:
        first = latest_number(session)
    many = 60
    writer = threading.Thread(target=lambda: [write("talk", number) for number in range(many)])
    writer.start()
    seen: list[int] = []
    while len(seen) < many:
        stream = Stream(url, token, after=seen[-1] if seen else first)
        seen += [stream.number() for _ in range(min(7, many - len(seen)))]
        stream.close()
    writer.join()
    assert seen == list(range(first + 1, first + many + 1))


def test_who_missed_too_much_loads_anew(url: str, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.console.desk_stream.AT_ONCE", 3)
    ask("talk")
    for number in range(4):
        write("talk", number)
    assert Stream(url, token, after=0).next() == ("anew", {})


def test_that_the_customer_types_is_seen(url: str, token: str) -> None:
    reference = ask("talk")
    with session_scope() as session:
        claim(session, reference, 1, "Anna")
    stream = Stream(url, token)
    stream.next("beat")
    with session_scope() as session:
        typing(session, "talk", CUSTOMER)
    assert stream.next("typing")[1] == {"typing": [reference.number]}
    assert Stream(url, token).next("typing")[1] == {"typing": [reference.number]}  # of a page that is opened meanwhile


def test_a_session_that_ends_ends_its_streams(url: str, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "AGENT_HEARTBEAT", 0.1)
    stream = Stream(url, token)
    stream.next("beat")
    with session_scope() as session:
        end_session(session, token)
    assert stream.next("signed-out") == ("signed-out", {})


def test_nobody_hears_anything_without_a_session(url: str) -> None:
    answer = requests.get(f"{url}/desk/stream", allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=%2Fdesk%2Fstream")


@pytest.mark.parametrize("number", ["-1", "x", "99999999999999999999999", "1e3"])
def test_a_number_that_is_none_means_from_now_on(url: str, token: str, number: str) -> None:
    ask("talk")
    stream = Stream(url, token, last_event_id=number)
    assert stream.next()[0] == "beat"


@pytest.mark.both_databases
def test_what_somebody_held_whose_browser_died_waits_again(url: str, database: str) -> None:
    reference = ask("talk")
    with session_scope() as session:
        claim(session, reference, 1, "Anna")
        change(session, reference, lease_until=datetime.now(UTC) - timedelta(seconds=1))
    until = time.monotonic() + 5
    state = "held"
    while state == "held" and time.monotonic() < until:
        time.sleep(0.1)
        with session_scope() as session:
            found = by_reference(session, reference.number)
            state = found.state.value if found else "gone"
    assert state == "waiting"


def test_a_sign_of_life_keeps_what_is_held(url: str, token: str) -> None:
    reference = ask("talk")
    with session_scope() as session:
        claim(session, reference, 1, "Anna", now=datetime.now(UTC) - timedelta(seconds=20))
    form = {"form_token": form_token(token), "active": "0"}
    headers = {"Origin": url, "X-Fetched": "1"}
    assert requests.post(f"{url}/desk/beat", data=form, headers=headers, cookies={"staff": token}, timeout=5).ok
    with session_scope() as session:
        found = by_reference(session, reference.number)
        there = session.execute(select(func.count()).select_from(DeskPresence)).scalar_one()
    assert found is not None
    assert found.lease_until is not None
    assert (found.lease_until > datetime.now(UTC) + timedelta(seconds=20), there) == (True, 1)
