"""Guessing codes, one after the other without end and many at once: no more chances than are meant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar

import pytest
from sqlalchemy.orm import Session

from bot.accounts.verification import CODES_AN_HOUR, TRIES, Check, Verification
from bot.storage.engine import session_scope

NUMBER = "90010000011"
AT_ONCE = 8
ROUNDS = 5  # so many contracts are tried, since what goes wrong at once only may go right once
Result = TypeVar("Result")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SIGNING_KEY", "a key for tests")


def test_ten_thousand_guesses_open_nothing(session: Session) -> None:
    """Over many conversations, one guess a second, each conversation going on until it is locked."""
    now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    verification = Verification(session, lambda: now)
    conversation, results = 0, set()
    verification.request(NUMBER, f"web-{conversation}", known=True)
    for number in range(10_000):
        now += timedelta(seconds=1)
        result = verification.check(NUMBER, f"web-{conversation}", f"{number:06d}")
        results.add(result)
        if result is not Check.WRONG:
            conversation += 1
            verification.request(NUMBER, f"web-{conversation}", known=True)
    assert Check.OPENED not in results


def at_once(url: str, act: Callable[[Verification, int], Result]) -> list[Result]:
    """What comes of an act in so many threads that begin together, each in a transaction of its own."""
    start = Barrier(AT_ONCE)

    def one(place: int) -> Result:
        with session_scope(url) as session:
            session.connection()
            start.wait()
            return act(Verification(session), place)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(AT_ONCE)))


def codes_of(url: str, number: str) -> list[str]:
    """As many codes as a contract gets, each in a conversation of its own (`web-0`, `web-1` …)."""
    with session_scope(url) as session:
        codes = [
            Verification(session).request(number, f"web-{place}", known=True).code for place in range(CODES_AN_HOUR)
        ]
    return [code for code in codes if code]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


@pytest.mark.both_databases
def test_wrong_codes_from_many_conversations_at_once_lock_the_contract(database: str) -> None:
    """Were each blind to the others, none would find that it is one too many, and the right code would still open."""
    opened = []
    for place in range(ROUNDS):
        number = f"9001000001{place}"
        codes = codes_of(database, number)

        def guess(verification: Verification, thread: int, number: str = number, codes: list[str] = codes) -> Check:
            conversation = thread % len(codes)
            return verification.check(number, f"web-{conversation}", wrong(codes[conversation]))

        at_once(database, guess)
        with session_scope(database) as session:
            opened += [Verification(session).check(number, f"web-{c}", code) for c, code in enumerate(codes)]
    assert Check.OPENED not in opened


@pytest.mark.both_databases
def test_wrong_codes_in_one_conversation_at_once_are_no_more_than_allowed(database: str) -> None:
    (code, *_) = codes_of(database, NUMBER)
    results = at_once(database, lambda verification, _: verification.check(NUMBER, "web-0", wrong(code)))
    assert results.count(Check.WRONG) == TRIES - 1


@pytest.mark.both_databases
def test_codes_asked_for_at_once_are_no_more_than_allowed(database: str) -> None:
    sent = []
    for place in range(ROUNDS):
        number = f"9001000001{place}"
        requested = at_once(
            database, lambda one, thread, number=number: one.request(number, f"web-{thread}", known=True)
        )
        sent.append(sum(one.code is not None for one in requested))
    assert sent == [CODES_AN_HOUR] * ROUNDS
