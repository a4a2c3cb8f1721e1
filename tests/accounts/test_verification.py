"""Identity verification: what opens an account, what locks it out, and that nothing reveals which numbers exist."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.accounts.code_limits import CODE_LIFE, IN_CONVERSATION, TRIES, Limit
from bot.accounts.opened import OPEN_FOR
from bot.accounts.verification import LOCKED_FOR, PROVEN_FOR, Check, Checked, Requested, Verification
from bot.schema.tables import VerificationCode

pytestmark = pytest.mark.both_databases
NUMBER, OTHER = "90010000011", "90010000022"
HERE, THERE = "web-1", "web-2"
MOMENT = timedelta(seconds=1)


class Clock:
    """A fake clock."""

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
    return [verification.check(number, conversation, wrong(code)).result for _ in range(times)][-1]


def test_the_right_code_opens_the_account(verification: Verification) -> None:
    code = sent(verification)
    assert verification.check(NUMBER, HERE, code).result is Check.OPENED
    assert verification.opened(HERE) == [NUMBER]


@pytest.mark.parametrize("given", ["{} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "kods ir {}"])
def test_a_code_may_have_something_around_it(verification: Verification, given: str) -> None:
    assert verification.check(NUMBER, HERE, given.format(sent(verification))).result is Check.OPENED


def test_a_code_has_six_digits(verification: Verification) -> None:
    assert len(sent(verification)) == 6


def test_an_account_opens_in_its_conversation_only(verification: Verification) -> None:
    verification.check(NUMBER, HERE, sent(verification))
    assert verification.opened(THERE) == []


def test_a_code_is_good_in_its_conversation_only(verification: Verification) -> None:
    code = sent(verification)
    sent(verification, NUMBER, THERE)
    assert verification.check(NUMBER, THERE, code).result is Check.WRONG


def test_a_code_is_good_for_its_contract_only(verification: Verification) -> None:
    assert verification.check(OTHER, HERE, sent(verification)).result is Check.EXPIRED


def test_a_code_is_good_once(verification: Verification) -> None:
    code = sent(verification)
    verification.check(NUMBER, HERE, code)
    assert verification.check(NUMBER, HERE, code).result is Check.EXPIRED


def test_a_new_code_voids_the_former(verification: Verification) -> None:
    former = sent(verification)
    sent(verification)
    assert verification.check(NUMBER, HERE, former).result is Check.WRONG


@pytest.mark.parametrize(("later", "result"), [(CODE_LIFE - MOMENT, Check.OPENED), (CODE_LIFE, Check.EXPIRED)])
def test_a_code_lives_five_minutes(verification: Verification, clock: Clock, later: timedelta, result: Check) -> None:
    code = sent(verification)
    clock.now += later
    assert verification.check(NUMBER, HERE, code).result is result


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


def test_after_wrong_codes_the_contract_opens_elsewhere(verification: Verification) -> None:
    """Otherwise anybody who knows a number could lock its owner out for ever."""
    guess_wrong(verification, TRIES)
    assert verification.check(NUMBER, THERE, sent(verification, NUMBER, THERE)).result is Check.OPENED


def test_a_lock_ends(verification: Verification, clock: Clock) -> None:
    guess_wrong(verification, TRIES)
    clock.now += LOCKED_FOR
    assert verification.check(NUMBER, HERE, sent(verification)).result is Check.OPENED


def test_wrong_codes_for_several_contracts_count_together_in_a_conversation(verification: Verification) -> None:
    results = [guess_wrong(verification, 1, f"9001000001{place}") for place in range(TRIES)]
    assert results == [Check.WRONG] * (TRIES - 1) + [Check.LOCKED]


def test_a_conversation_cannot_ask_for_codes_without_end(verification: Verification) -> None:
    full = [verification.request(f"90010000{place:03d}", HERE, known=False).full for place in range(99)]
    assert full == [None] * IN_CONVERSATION + [Limit.ADDRESS] * (99 - IN_CONVERSATION)


@pytest.mark.parametrize("known", [True, False])
def test_an_unknown_number_looks_like_a_known_one(verification: Verification, known: bool) -> None:
    requested = replace(verification.request(NUMBER, HERE, known=known), code=None)
    checks = [verification.check(NUMBER, HERE, "no code") for _ in range(TRIES)]
    wrong = [Checked(Check.WRONG, left) for left in range(TRIES - 1, 0, -1)]
    assert (requested, checks) == (Requested(), [*wrong, Checked(Check.LOCKED, wait=LOCKED_FOR)])


@pytest.mark.parametrize("times", [1, 2])
def test_the_tries_that_are_left_are_told(verification: Verification, times: int) -> None:
    code = sent(verification)
    assert [verification.check(NUMBER, HERE, wrong(code)).tries for _ in range(times)][-1] == TRIES - times


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
    clock.now += PROVEN_FOR
    verification.purge()
    tables = ("verification_codes", "verification_locks", "opened_accounts", "proven_addresses")
    assert [session.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in tables] == [0, 0, 0, 0]  # noqa: S608
