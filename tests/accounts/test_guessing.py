"""Concurrent guesses and requests for codes (race conditions): no more chances than allowed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest

from bot.accounts.code_limits import AT_STRANGER, FOR_STRANGERS, TRIES, CodeLimits
from bot.accounts.verification import Check, Verification
from bot.storage.engine import session_scope

NUMBER = "90010000011"
AT_ONCE = 8
ROUNDS = 5  # several contracts are tried, since a race condition may not show every time
Result = TypeVar("Result")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SIGNING_KEY", "a key for tests")


def at_once(url: str, act: Callable[[Verification, int], Result]) -> list[Result]:
    """The outcomes of an action in so many concurrent threads, each in its own transaction."""
    start = Barrier(AT_ONCE)

    def one(place: int) -> Result:
        with session_scope(url) as session:
            session.connection()
            start.wait()
            return act(Verification(session), place)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.both_databases
def test_wrong_codes_in_one_conversation_at_once_are_no_more_than_allowed(database: str) -> None:
    with session_scope(database) as session:
        code = Verification(session).request(NUMBER, "web-0", known=True).code
    results = at_once(database, lambda verification, _: verification.check(NUMBER, "web-0", wrong(str(code))).result)
    assert results.count(Check.WRONG) == TRIES - 1


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("address", "most"),
    [
        pytest.param("{}", FOR_STRANGERS.hour, id="from many addresses"),
        pytest.param("one", AT_STRANGER.hour, id="from one address"),
    ],
)
def test_codes_asked_for_at_once_are_no_more_than_allowed(database: str, address: str, most: int) -> None:
    sent = []
    for place in range(ROUNDS):
        number = f"9001000001{place}"
        requested = at_once(
            database,
            lambda one, thread, number=number, place=place: one.request(
                number, f"web-{place}-{thread}", known=True, address=f"{place} {address.format(thread)}"
            ),
        )
        sent.append(sum(one.code is not None for one in requested))
    assert sent == [most] * ROUNDS


@pytest.mark.both_databases
def test_codes_for_many_contracts_at_once_are_no_more_than_an_address_gets(database: str) -> None:
    limits = CodeLimits(address=5, budget=500)
    start = Barrier(AT_ONCE)

    def one(place: int) -> bool:
        with session_scope(database) as session:
            session.connection()
            start.wait()
            asked = Verification(session, limits=limits)
            return asked.request(f"9001000001{place}", f"web-{place}", known=True, address="one").code is not None

    with ThreadPoolExecutor(AT_ONCE) as threads:
        assert sum(threads.map(one, range(AT_ONCE))) == limits.address


@pytest.mark.both_databases
def test_requests_and_tries_at_once_never_wait_for_each_other_in_a_circle(database: str) -> None:
    """For the same contracts, in the same conversations, from the same address, in any order."""

    def act(verification: Verification, thread: int) -> bool:
        number, conversation = f"9001000001{thread % 2}", f"web-{thread // 2 % 2}"
        if thread // 4 % 2:
            verification.request(number, conversation, known=True, address="one")
        else:
            verification.check(number, conversation, "no code")
        return True

    with session_scope(database) as session:
        for conversation in ("web-0", "web-1"):
            Verification(session).request(f"9001000001{conversation[-1]}", conversation, known=True, address="one")
    done = [result for _ in range(ROUNDS) for result in at_once(database, act)]
    assert done == [True] * AT_ONCE * ROUNDS
