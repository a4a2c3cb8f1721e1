"""Rate limits of one-time codes: what an attacker with one address, or with many, can get."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from bot.accounts.code_limits import (
    AT_PROVEN,
    AT_STRANGER,
    DAY,
    FOR_STRANGERS,
    HOUR,
    IN_CONVERSATION,
    TRIES,
    CodeLimits,
    Limit,
    code_limits,
)
from bot.accounts.verification import LOCKED_FOR, PROVEN_FOR, TRIES_A_DAY, Check, Requested, Verification
from bot.settings import SettingsError

NUMBER, OWNER = "90010000011", "the owner's address"
MINUTE = timedelta(minutes=1)
ENOUGH = 10**5  # codes an hour, for tests about something else


class World:
    """People at addresses, each time in a new conversation, with a fake clock."""

    def __init__(self, session: Session) -> None:
        self.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
        self._session, self._conversations = session, count()
        self.limits = CodeLimits(ENOUGH, ENOUGH)

    @property
    def verification(self) -> Verification:
        return Verification(self._session, lambda: self.now, self.limits)

    def ask(self, address: str, number: str = NUMBER, *, known: bool = True) -> tuple[str, Requested]:
        """Ask for a code; returns the conversation too."""
        conversation = f"web-{next(self._conversations)}"
        return conversation, self.verification.request(number, conversation, known=known, address=address)

    def gets_a_code(self, address: str, number: str = NUMBER) -> bool:
        return self.ask(address, number)[1].code is not None

    def open(self, address: str) -> Check:
        """Ask for a code, and give it."""
        conversation, requested = self.ask(address)
        return self.verification.check(NUMBER, conversation, str(requested.code)).result

    def guess(self, address: str, number: str = NUMBER, *, known: bool = True) -> list[Check]:
        """Ask for a code and guess as long as allowed; the outcome of each guess that was checked."""
        conversation, requested = self.ask(address, number, known=known)
        wrong = f"{(int(requested.code or 0) + 1) % 10**6:06d}"
        results = []
        while (found := self.verification.check(number, conversation, wrong).result) is Check.WRONG:
            results.append(found)
        return results if found is Check.EXPIRED or requested.locked else [*results, found]


@pytest.fixture
def world(session: Session, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setenv("BOT_SIGNING_KEY", "a key for tests")
    return World(session)


def every(world: World, step: timedelta, time: timedelta) -> Iterator[int]:
    """The index of each step, until the time is over."""
    for number in range(int(time / step)):
        yield number
        world.now += step


def test_one_address_gets_few_codes_for_a_contract(world: World) -> None:
    assert [world.gets_a_code("one") for _ in range(9)] == [True] * AT_STRANGER.hour + [False] * (9 - AT_STRANGER.hour)


def test_one_address_costs_a_customer_few_messages_a_day(world: World) -> None:
    assert sum(world.gets_a_code("one") for _ in every(world, DAY / 100, DAY)) == AT_STRANGER.day


def test_a_new_address_each_time_costs_a_customer_few_messages_a_day(world: World) -> None:
    sent = sum(world.gets_a_code(f"address {number}") for number in every(world, DAY / 100, DAY))
    assert sent == FOR_STRANGERS.day


def test_one_address_never_keeps_the_owner_out(world: World) -> None:
    opened = []
    for number in every(world, LOCKED_FOR, DAY):
        world.guess("one")
        if number % 12 == 8:
            opened.append(world.open(OWNER))
    assert opened == [Check.OPENED] * 8


@pytest.mark.parametrize("attackers", [1, 2, 5])
def test_a_few_addresses_leave_a_share_for_one_that_has_had_none(world: World, attackers: int) -> None:
    for _ in range(AT_STRANGER.hour):
        for number in range(attackers):
            world.ask(f"address {number}")
    assert world.open(OWNER) is Check.OPENED


def test_whoever_opened_the_contract_before_is_not_kept_out_by_any_number_of_addresses(world: World) -> None:
    world.open(OWNER)
    for number in every(world, LOCKED_FOR, DAY):
        world.guess(f"address {number}")
    assert world.open(OWNER) is Check.OPENED


def test_an_address_does_not_stay_proven_for_ever(world: World) -> None:
    world.open(OWNER)
    world.now += PROVEN_FOR
    assert [world.gets_a_code(OWNER) for _ in range(AT_PROVEN.hour)].count(True) == AT_STRANGER.hour


def test_an_address_is_proven_for_its_contract_only(world: World) -> None:
    world.open(OWNER)
    assert [world.gets_a_code(OWNER, "90010000022") for _ in range(AT_PROVEN.hour)].count(True) == AT_STRANGER.hour


def test_one_address_sends_codes_to_few_customers(world: World) -> None:
    world.limits = CodeLimits(10, ENOUGH)
    sent = [world.gets_a_code("one", f"900100{number:05d}") for number in range(29)]
    assert sent == [True] * 10 + [False] * 19


def test_all_addresses_together_stay_within_the_budget_and_leave_a_share_for_proven_ones(world: World) -> None:
    world.open(OWNER)
    world.limits = CodeLimits(ENOUGH, 100)
    sent = sum(world.gets_a_code(f"address {number}", f"900100{number:05d}") for number in range(200))
    assert (sent, world.open(OWNER)) == (79, Check.OPENED)  # one of the 80 is the owner's own


def test_a_budget_that_is_used_up_is_named(world: World) -> None:
    world.limits = CodeLimits(ENOUGH, 1)
    world.ask("one")
    assert world.ask("two", "90010000022")[1] == Requested(full=Limit.BUDGET, wait=HOUR)


@pytest.mark.parametrize("known", [True, False])
def test_a_request_too_many_says_when_the_next_may_be_made(world: World, known: bool) -> None:
    for _ in range(AT_STRANGER.hour):
        world.ask("one", known=known)
        world.now += MINUTE
    _, refused = world.ask("one", known=known)
    assert refused == Requested(full=Limit.CONTRACT, wait=HOUR - AT_STRANGER.hour * MINUTE)
    world.now += refused.wait
    assert world.ask("one", known=known)[1].full is None


def test_a_request_too_many_leaves_the_code_that_was_sent(world: World) -> None:
    codes = [world.verification.request(NUMBER, "web", known=True, address="one") for _ in range(AT_STRANGER.hour + 1)]
    assert [one.has_valid for one in codes] == [False] * AT_STRANGER.hour + [True]
    assert world.verification.check(NUMBER, "web", str(codes[-2].code)).result is Check.OPENED


def test_requests_that_are_refused_do_not_make_the_wait_longer(world: World) -> None:
    for _ in range(AT_STRANGER.hour):
        world.ask("one")
    for _ in every(world, HOUR / 12, HOUR):
        assert not world.gets_a_code("one")
    assert world.gets_a_code("one")


def test_wrong_codes_lock_their_address_in_every_conversation(world: World) -> None:
    world.guess("one")
    assert world.ask("one")[1].locked == LOCKED_FOR


def test_wrong_codes_of_a_day_lock_their_address_for_a_day(world: World) -> None:
    guesses = sum(len(world.guess("one")) for _ in every(world, LOCKED_FOR, 3 * LOCKED_FOR))
    assert guesses == TRIES_A_DAY
    assert world.ask("one")[1].locked > DAY - HOUR


def test_an_address_that_guesses_for_many_contracts_is_locked_for_all(world: World) -> None:
    world.limits = CodeLimits(10, ENOUGH)
    for number in range(10):
        world.guess("one", f"900100{number:05d}")
    assert world.ask("one", "90010000999")[1].locked > timedelta()


@pytest.mark.parametrize(("addresses", "most"), [(1, TRIES_A_DAY), (12, 18), (200, 18)])
@pytest.mark.parametrize("known", [True, False])
def test_guesses_for_a_contract_in_a_day(world: World, addresses: int, most: int, known: bool) -> None:
    """The figure in docs/security.md; the same for a number that does not exist."""
    numbers = every(world, DAY / 200, DAY)
    guesses = sum(len(world.guess(f"address {number % addresses}", known=known)) for number in numbers)
    assert 0 < guesses <= most


def test_guesses_of_one_address_for_whatever_contracts_in_a_day(world: World) -> None:
    """The figure in docs/security.md."""
    world.limits = CodeLimits(10, ENOUGH)
    numbers = every(world, DAY / 200, DAY)
    guesses = sum(len(world.guess("one", f"900100{number:05d}")) for number in numbers)
    assert world.limits.wrong_at_address <= guesses <= 43


def test_codes_that_are_held_back_do_not_make_more_guesses(world: World) -> None:
    """All codes of an hour are requested first, and tried together afterwards."""
    guesses, held = 0, []
    for number in every(world, 4 * HOUR, DAY):
        held = [world.ask(f"address {number} {place}") for place in range(FOR_STRANGERS.hour)]
        for conversation, requested in held:
            wrong = f"{(int(requested.code or 0) + 1) % 10**6:06d}"
            results = [world.verification.check(NUMBER, conversation, wrong).result for _ in range(TRIES)]
            guesses += sum(result is not Check.EXPIRED for result in results)
    assert guesses <= 18


def test_many_wrong_codes_everywhere_leave_strangers_one_try(world: World) -> None:
    world.limits = CodeLimits(ENOUGH, 100)
    for number in range(20):
        world.guess(f"address {number}", f"900100{number:05d}")
    conversation, _ = world.ask("another")
    assert world.verification.check(NUMBER, conversation, "no code").result is Check.USED_UP


def test_codes_of_many_contracts_that_are_held_back_leave_strangers_one_try(world: World) -> None:
    """Requesting all codes first and guessing afterwards gives no more guesses."""
    world.limits = CodeLimits(ENOUGH, 100)
    held = [(f"900100{number:05d}", world.ask(f"address {number}", f"900100{number:05d}")[0]) for number in range(80)]
    checked = [world.verification.check(contract, conversation, "no code") for contract, conversation in held]
    tries = sum(one.tries + 1 for one in checked)
    assert tries <= 50 + 80


def test_without_an_address_the_conversation_counts_as_one(world: World) -> None:
    for place in range(IN_CONVERSATION):
        world.verification.request(f"900100000{place}0", "web", known=True)
    assert world.verification.request(NUMBER, "other", known=True).full is None


@pytest.mark.parametrize("name", ["BOT_LIMIT_CODES", "BOT_LIMIT_CODES_ADDRESS"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "1000000"])
def test_limits_that_cannot_be_used_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        code_limits()


def test_a_code_has_so_many_tries(world: World) -> None:
    assert world.guess("one") == [Check.WRONG] * (TRIES - 1) + [Check.LOCKED]
