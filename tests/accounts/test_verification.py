"""Proving who one is: what opens an account, what locks it, and that nothing tells which numbers exist."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.accounts.verification import (
    CODE_LIFE,
    CODES_AN_HOUR,
    HOUR,
    LOCKED_FOR,
    OPEN_FOR,
    REQUESTS_AN_HOUR,
    TRIES,
    Check,
    Verification,
)
from bot.storage.tables import VerificationCode

pytestmark = pytest.mark.both_databases
NUMBER, OTHER = "90010000011", "90010000022"
HERE, THERE = "web-1", "web-2"
MOMENT = timedelta(seconds=1)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verification(session: Session, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Verification:
    monkeypatch.setenv("BOT_SIGNING_KEY", "a key for tests")
    return Verification(session, clock)


def sent(verification: Verification, number: str = NUMBER, conversation: str = HERE) -> str:
    code = verification.request(number, conversation, known=True).code
    assert code is not None
    return code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def guess_wrong(verification: Verification, times: int, number: str = NUMBER, conversation: str = HERE) -> Check:
    code = sent(verification, number, conversation)
    return [verification.check(number, conversation, wrong(code)) for _ in range(times)][-1]


def test_the_right_code_opens_the_account(verification: Verification) -> None:
    code = sent(verification)
    assert verification.check(NUMBER, HERE, code) is Check.OPENED
    assert verification.opened(HERE) == [NUMBER]


@pytest.mark.parametrize("given", ["{} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "kods ir {}"])
def test_a_code_may_have_something_around_it(verification: Verification, given: str) -> None:
    assert verification.check(NUMBER, HERE, given.format(sent(verification))) is Check.OPENED


def test_a_code_has_six_digits(verification: Verification) -> None:
    assert len(sent(verification)) == 6


def test_an_account_opens_in_its_conversation_only(verification: Verification) -> None:
    verification.check(NUMBER, HERE, sent(verification))
    assert verification.opened(THERE) == []


def test_a_code_is_good_in_its_conversation_only(verification: Verification) -> None:
    code = sent(verification)
    sent(verification, NUMBER, THERE)
    assert verification.check(NUMBER, THERE, code) is Check.WRONG


def test_a_code_is_good_for_its_contract_only(verification: Verification) -> None:
    assert verification.check(OTHER, HERE, sent(verification)) is Check.EXPIRED


def test_a_code_is_good_once(verification: Verification) -> None:
    code = sent(verification)
    verification.check(NUMBER, HERE, code)
    assert verification.check(NUMBER, HERE, code) is Check.EXPIRED


def test_a_new_code_voids_the_former(verification: Verification) -> None:
    former = sent(verification)
    sent(verification)
    assert verification.check(NUMBER, HERE, former) is Check.WRONG


@pytest.mark.parametrize(("later", "result"), [(CODE_LIFE - MOMENT, Check.OPENED), (CODE_LIFE, Check.EXPIRED)])
def test_a_code_lives_five_minutes(verification: Verification, clock: Clock, later: timedelta, result: Check) -> None:
    code = sent(verification)
    clock.now += later
    assert verification.check(NUMBER, HERE, code) is result


@pytest.mark.parametrize(("later", "opened"), [(OPEN_FOR - MOMENT, [NUMBER]), (OPEN_FOR, [])])
def test_an_account_closes_when_it_is_not_used(
    verification: Verification, clock: Clock, later: timedelta, opened: list[str]
) -> None:
    verification.check(NUMBER, HERE, sent(verification))
    clock.now += later
    assert verification.opened(HERE) == opened


def test_an_account_stays_open_while_it_is_used(verification: Verification, clock: Clock) -> None:
    verification.check(NUMBER, HERE, sent(verification))
    for _ in range(4):
        clock.now += OPEN_FOR - MOMENT
        assert verification.opened(HERE) == [NUMBER]


def test_a_closed_account_is_closed(verification: Verification) -> None:
    verification.check(NUMBER, HERE, sent(verification))
    verification.close(HERE)
    assert verification.opened(HERE) == []


@pytest.mark.parametrize(("times", "result"), [(TRIES - 1, Check.WRONG), (TRIES, Check.LOCKED)])
def test_wrong_codes_lock(verification: Verification, times: int, result: Check) -> None:
    assert guess_wrong(verification, times) is result


def test_after_wrong_codes_the_conversation_gets_no_code_for_another_contract(verification: Verification) -> None:
    guess_wrong(verification, TRIES)
    assert verification.request(OTHER, HERE, known=True).locked


def test_after_wrong_codes_the_contract_is_locked_in_every_conversation(verification: Verification) -> None:
    guess_wrong(verification, TRIES)
    assert verification.request(NUMBER, THERE, known=True).code is None


def test_a_code_that_was_sent_before_does_not_open_a_locked_contract(verification: Verification) -> None:
    code = sent(verification, NUMBER, THERE)
    guess_wrong(verification, TRIES)
    assert verification.check(NUMBER, THERE, code) is not Check.OPENED


def test_a_lock_ends(verification: Verification, clock: Clock) -> None:
    guess_wrong(verification, TRIES)
    clock.now += LOCKED_FOR
    assert verification.check(NUMBER, HERE, sent(verification)) is Check.OPENED


def test_wrong_codes_of_several_conversations_count_together(verification: Verification) -> None:
    """Else a guesser would begin a new conversation after every second guess."""
    for place in range(TRIES):
        guess_wrong(verification, 1, NUMBER, f"web-{place}")
    assert verification.request(NUMBER, HERE, known=True).code is None


def test_wrong_codes_for_several_contracts_count_together_in_a_conversation(verification: Verification) -> None:
    results = [guess_wrong(verification, 1, f"9001000001{place}") for place in range(TRIES)]
    assert results == [Check.WRONG] * (TRIES - 1) + [Check.LOCKED]


def test_a_contract_gets_five_codes_an_hour(verification: Verification, clock: Clock) -> None:
    codes = [verification.request(NUMBER, f"web-{place}", known=True).code for place in range(CODES_AN_HOUR + 1)]
    assert [code is not None for code in codes] == [True] * CODES_AN_HOUR + [False]
    clock.now += HOUR
    assert verification.request(NUMBER, HERE, known=True).code is not None


def test_a_conversation_cannot_ask_for_codes_without_end(verification: Verification) -> None:
    locked = [verification.request(f"90010000{place:03d}", HERE, known=False).locked for place in range(99)]
    assert locked == [False] * REQUESTS_AN_HOUR + [True] * (99 - REQUESTS_AN_HOUR)


@pytest.mark.parametrize("known", [True, False])
def test_an_unknown_number_looks_like_a_known_one(verification: Verification, known: bool) -> None:
    requested = verification.request(NUMBER, HERE, known=known).locked
    checks = [verification.check(NUMBER, HERE, "no code") for _ in range(TRIES)]
    assert (requested, checks) == (False, [Check.WRONG] * (TRIES - 1) + [Check.LOCKED])


def test_a_number_that_is_locked_looks_like_any_other_elsewhere(verification: Verification) -> None:
    guess_wrong(verification, TRIES)
    requested = verification.request(NUMBER, THERE, known=True).locked
    checks = [verification.check(NUMBER, THERE, "no code") for _ in range(TRIES)]
    assert (requested, checks) == (False, [Check.WRONG] * (TRIES - 1) + [Check.LOCKED])


def test_no_code_and_no_number_is_stored(verification: Verification, session: Session) -> None:
    code = sent(verification)
    verification.check(NUMBER, HERE, wrong(code))
    rows = session.execute(select(VerificationCode.contract, VerificationCode.code)).all()
    locks = session.execute(text("SELECT * FROM verification_locks")).all()
    assert NUMBER not in str([rows, locks])
    assert code not in str([rows, locks])


def test_what_has_no_effect_is_purged(verification: Verification, session: Session, clock: Clock) -> None:
    verification.check(NUMBER, HERE, sent(verification))
    guess_wrong(verification, TRIES, OTHER, THERE)
    clock.now += HOUR
    verification.purge()
    tables = ("verification_codes", "verification_locks", "opened_accounts")
    assert [session.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in tables] == [0, 0, 0]  # noqa: S608
