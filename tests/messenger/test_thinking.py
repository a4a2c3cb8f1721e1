"""Turns for Messenger: how many run concurrently, which are attempted (circuit breaker), and what counts as one."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.conversation import TurnFailed
from bot.channels.intake import customer_text
from bot.channels.messenger import inbox, outcomes
from bot.channels.messenger.breaker import IN_A_ROW, PROBE, Breaker
from bot.channels.messenger.inbox import Task
from bot.channels.messenger.incoming import Incoming, MessengerEventKind
from bot.channels.messenger.thinking import Thinking
from bot.channels.messenger.unanswered_messages import AT_ONCE, Refusals
from bot.observing.current_turn import current_turn

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
REPLY = {"text": "Labdien!", "language": "lv"}


class Clock:
    """A fake clock, in seconds."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_while_turns_fail_one_a_second_is_tried() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(IN_A_ROW):
        assert not breaker.holds_back()
        breaker.failed()
    held = []
    for _ in range(8):
        held.append(breaker.holds_back())
        clock.now += PROBE / 4
    assert held == [True] * 4 + [False] + [True] * 3


def test_with_the_first_turn_that_succeeds_all_are_tried() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(IN_A_ROW):
        breaker.failed()
    breaker.succeeded()
    assert not breaker.holds_back()


def test_one_turn_that_fails_holds_nobody_back() -> None:
    breaker = Breaker(Clock())
    for _ in range(5):
        breaker.failed()
        breaker.succeeded()
    breaker.failed()
    assert not breaker.holds_back()


def item(text: str) -> list[dict[str, Any]]:
    return [{"message": {"text": text}}]


def test_25_refusals_at_once_are_one() -> None:
    refusals = Refusals()
    said = [refusals.unsaid("7", NOW + timedelta(seconds=n / 10), item("No pictures.")) for n in range(25)]
    assert [each for each in said if each] == [item("No pictures.")]


@pytest.mark.parametrize(
    ("person", "later", "text", "is_said"),
    [
        pytest.param("7", timedelta(seconds=1), "No.", False, id="the same"),
        pytest.param("7", timedelta(seconds=1), "No words.", True, id="another refusal"),
        pytest.param("8", timedelta(seconds=1), "No.", True, id="another person"),
        pytest.param("7", AT_ONCE + timedelta(seconds=1), "No.", True, id="another moment"),
        pytest.param("7", -timedelta(seconds=1), "No.", False, id="delivered late"),
    ],
)
def test_what_is_the_same_refusal(person: str, later: timedelta, text: str, is_said: bool) -> None:
    refusals = Refusals()
    refusals.unsaid("7", NOW, item("No."))
    assert bool(refusals.unsaid(person, NOW + later, item(text))) is is_said


class Rasa:
    """Answers when told to, and records how many turns were concurrent.

    Attributes:
        most: turns at once; `events` as they began and ended.
    """

    def __init__(self, *, fails: bool = False) -> None:
        self.fails, self.acts = fails, True
        self.now, self.most = 0, 0
        self.handled: list[str] = []

    async def __call__(self, message: Any) -> None:
        self.now += 1
        self.most = max(self.most, self.now)
        self.handled.append(message.sender_id)
        await asyncio.sleep(0.05)
        self.now -= 1
        if self.fails:
            raise ConnectionError
        turn = current_turn()
        assert turn is not None
        turn.has_acted = self.acts
        await message.output_channel.send_response(message.sender_id, dict(REPLY))


def tasks(*persons: str) -> list[Task]:
    """One event of each, kept."""
    then = datetime.now(UTC) - timedelta(seconds=1)
    inbox.take(
        [Incoming(person, person, MessengerEventKind.TEXT, then, {"text": "Labdien!"}) for person in persons], then
    )
    found = [inbox.begin_next(person, datetime.now(UTC)) for person in persons]
    return [task for task in found if task]


def tries(person: str) -> int:
    task = inbox.begin_next(person, datetime.now(UTC))
    assert task is not None
    return task.tries


@pytest.mark.usefixtures("database")
async def test_two_turns_are_at_once() -> None:
    rasa = Rasa()
    thinking = Thinking(rasa)
    await asyncio.gather(
        *(thinking.replies(task, customer_text("Labdien!"), None) for task in tasks(*map(str, range(7))))
    )
    assert (rasa.most, len(rasa.handled)) == (2, 7)


@pytest.mark.usefixtures("database")
async def test_what_a_server_has_died_with_is_tried_alone() -> None:
    """Otherwise a message answered at the same moment would be set aside with it."""
    for person in ("1", "2"):
        outcomes.count_try(tasks(person)[0].id)
    rasa = Rasa()
    thinking = Thinking(rasa)
    async with asyncio.timeout(5):
        await asyncio.gather(*(thinking.replies(task, customer_text("Labdien!"), None) for task in tasks("1", "2")))
    assert (rasa.most, sorted(rasa.handled)) == (1, sorted(map(inbox.conversation_of, ("1", "2"))))


@pytest.mark.usefixtures("database")
async def test_what_is_not_tried_is_not_counted() -> None:
    """Not counted while a part is down; otherwise a long outage would set events aside."""
    rasa = Rasa(fails=True)
    thinking = Thinking(rasa)
    some = tasks(*map(str, range(6)))
    for task in some:
        with pytest.raises(TurnFailed):
            await thinking.replies(task, customer_text("Labdien!"), None)
    assert len(rasa.handled) == IN_A_ROW
    assert [tries(person) for person in map(str, range(6))] == [1] * IN_A_ROW + [0] * (6 - IN_A_ROW)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("acts", [True, False], ids=["an answer", "a greeting"])
async def test_when_turns_succeed_again_nobody_need_wait(acts: bool) -> None:
    """A greeting needs no action server, so it does not prove that it is back."""
    rasa = Rasa(fails=True)
    thinking = Thinking(rasa)
    one, other = tasks("1", "2")
    for _ in range(IN_A_ROW):
        with pytest.raises(TurnFailed):
            await thinking.replies(one, customer_text("Labdien!"), None)
    assert inbox.claim("w", datetime.now(UTC))
    outcomes.later(other.id, outcomes.UNANSWERED)
    inbox.claim("w", datetime.now(UTC))
    inbox.release("w", "2", datetime.now(UTC), timedelta(hours=1))
    rasa.fails, rasa.acts = False, acts
    await asyncio.sleep(PROBE)
    await thinking.replies(one, customer_text("Labdien!"), None)
    assert inbox.claim("w", datetime.now(UTC)) == ("2" if acts else None)
