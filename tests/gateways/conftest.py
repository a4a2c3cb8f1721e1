"""Bots for the tests of the gateways' clients."""

from collections.abc import Callable, Iterator

import pytest
from gateways.tiny_bots import Answer, Bot


@pytest.fixture
def make_bot() -> Iterator[Callable[[Callable[..., Answer]], Bot]]:
    bots: list[Bot] = []

    def make(answer: Callable[..., Answer]) -> Bot:
        bots.append(Bot(answer))
        return bots[-1]

    yield make
    for bot in bots:
        bot.server.shutdown()
        bot.server.server_close()
