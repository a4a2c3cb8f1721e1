"""Counting in the Rasa server, and giving the figures out on a port of their own."""

import functools
import os
import time
from typing import Any

from prometheus_client import start_http_server

from bot import metrics
from bot.current_turn import HEADER, current_turn
from bot.nlu.signals import FALLBACK, OUT_OF_SCOPE
from bot.settings import port_setting

RASA_PORT, ACTION_PORT = "BOT_METRICS_PORT", "BOT_ACTION_METRICS_PORT"
HOST = "BOT_METRICS_HOST"


def metrics_host() -> str:
    """The address that figures are given out on: `BOT_METRICS_HOST`, this machine's own when it is not set."""
    return os.environ.get(HOST) or "127.0.0.1"


def give_out_metrics(variable: str) -> None:
    """Serve `/metrics` on the port that an environment variable names; nothing where it is not set.

    In a thread of this process, so each process needs a port of its own.

    Raises:
        SettingsError: it is no port.
        OSError: it is taken.
    """
    if os.environ.get(variable):
        start_http_server(port_setting(variable, 0), addr=metrics_host())


def count_in_rasa() -> None:
    """Measure understanding and actions, at the places where Rasa does both; does nothing the second time.

    The action server is told the id of the turn, for its logs.
    """
    from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
    from rasa.core.processor import MessageProcessor
    from rasa.utils.endpoints import EndpointConfig

    if getattr(MessageProcessor, "_is_counted", False):
        return
    parse, run, request = MessageProcessor.parse_message, RemoteAction.run, EndpointConfig.request

    @functools.wraps(parse)
    async def counted_parse(self: Any, message: Any, tracker: Any = None, *args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            parsed = await parse(self, message, tracker, *args, **kwargs)
        except Exception as error:
            metrics.failed(error, "model")
            raise
        metrics.PARSE_SECONDS_TAKEN.observe(time.perf_counter() - began)
        if tracker is not None:  # a turn, and not just a look at a text
            _note_intent((parsed.get("intent") or {}).get("name"), self.domain.intents)
        return parsed

    @functools.wraps(run)
    async def counted_run(self: Any, *args: Any, **kwargs: Any) -> Any:
        with metrics.ACTION_SECONDS.time():
            try:
                return await run(self, *args, **kwargs)
            except ActionExecutionRejection:
                raise
            except Exception as error:
                metrics.failed(error, "action_server")
                raise

    @functools.wraps(request)
    async def known_request(self: Any, *args: Any, **kwargs: Any) -> Any:
        if turn := current_turn():
            kwargs["headers"] = {**(kwargs.get("headers") or {}), HEADER: turn.id}
        return await request(self, *args, **kwargs)

    MessageProcessor.parse_message, RemoteAction.run = counted_parse, counted_run
    EndpointConfig.request = known_request
    MessageProcessor._is_counted = True


def _note_intent(intent: str | None, known: list[str]) -> None:
    name = intent if intent in known and intent else metrics.OTHER
    metrics.INTENTS.labels(name).inc()
    if turn := current_turn():
        turn.intent = name
    if intent in {FALLBACK, OUT_OF_SCOPE}:
        metrics.NOT_UNDERSTOOD.labels(intent).inc()
