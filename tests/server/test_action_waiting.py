"""A Rasa server that starts waits for its action server, but not for ever."""

import time

import pytest
from rasa.utils.endpoints import EndpointConfig

from bot import deadlines
from bot.server.action_waiting import await_action_server
from harness.ports import free_port


async def test_a_server_without_actions_waits_for_none() -> None:
    await await_action_server(None)


async def test_actions_that_never_come_are_given_up_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(deadlines, "ACTIONS_AWAITED", 0.5)
    began = time.monotonic()
    await await_action_server(EndpointConfig(f"http://127.0.0.1:{free_port()}/webhook"))
    assert time.monotonic() - began >= deadlines.ACTIONS_AWAITED
    assert "The action server does not answer. The Rasa server starts without it" in caplog.text
