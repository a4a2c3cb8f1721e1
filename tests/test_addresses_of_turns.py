"""The address of a turn: passed to the action server as a keyed hash, and stored nowhere else."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.conversation import attempt, converse
from bot.channels.intake import customer_text
from bot.channels.visitor_addresses import hashed
from bot.known_channels import MESSENGER, PHONE, WEB
from bot.observing.current_turn import ADDRESS, current_turn, go_on_with_turn

HASHED = "0123456789abcdef" * 4
TURN = "0123456789abcdef"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SIGNING_KEY", "a key for tests")


async def noted(of: Callable[..., Awaitable[Any]], **how: Any) -> tuple[str | None, UserMessage]:
    """The address that is known while a message is handled, and the message."""
    seen: list[tuple[str | None, UserMessage]] = []

    async def handle(message: UserMessage) -> None:
        turn = current_turn()
        seen.append((turn.address if turn else None, message))
        await message.output_channel.send_response("somebody", {"text": "x"})

    await of(handle, said=customer_text("x"), conversation_id="c", **how)
    return seen[0]


async def _nothing(_: str) -> None:
    return None


async def test_a_turn_knows_its_address_as_a_hash() -> None:
    address, message = await noted(
        lambda handle, **how: converse(handle, _nothing, **how), channel=PHONE, address="+37129000000"
    )
    assert address == hashed(PHONE, "+37129000000")
    assert ADDRESS.fullmatch(address)
    assert "29000000" not in address
    assert not message.metadata  # so it gets into no tracker


async def test_where_it_is_not_known_a_turn_has_none() -> None:
    address, _ = await noted(lambda handle, **how: converse(handle, _nothing, **how), channel=PHONE, address=None)
    assert address is None


async def test_a_persons_id_is_the_address_in_messenger() -> None:
    address, _ = await noted(attempt, channel=MESSENGER, address="7000000001")
    assert address == hashed(MESSENGER, "7000000001")


def test_the_same_address_on_another_channel_is_another() -> None:
    assert hashed(WEB, "1") != hashed(PHONE, "1")


@pytest.mark.parametrize(
    ("given", "taken"), [(HASHED, HASHED), ("", None), ("203.0.113.7", None), (HASHED + "0", None), ("x" * 64, None)]
)
def test_the_action_server_takes_a_hash_and_nothing_else(given: str, taken: str | None) -> None:
    go_on_with_turn(TURN, given)
    turn = current_turn()
    assert turn is not None
    assert turn.address == taken


def test_an_address_is_not_shown_with_its_turn() -> None:
    go_on_with_turn(TURN, HASHED)
    assert HASHED not in repr(current_turn())
