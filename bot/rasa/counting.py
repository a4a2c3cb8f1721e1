"""Metrics of parsing and of actions, measured in Rasa's own methods, since Rasa has no metrics.

Each function wraps the Rasa method that it is named for (`bot.rasa.patches`).
"""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.actions.action import ActionExecutionRejection

from bot.domain_names import Intent
from bot.observing import metrics
from bot.observing.current_turn import ADDRESS_HEADER, HEADER, current_turn
from bot.parse_result import parse_result

Method = Callable[..., Awaitable[Any]]


def counted_parse(parse: Method) -> Method:
    """`MessageProcessor.parse_message`, which also measures its duration, and notes a turn's intent."""

    async def parse_and_count(self: Any, message: Any, tracker: Any = None, *args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            parsed = await parse(self, message, tracker, *args, **kwargs)
        except Exception as error:
            metrics.failed(error, "model")
            raise
        metrics.PARSE_SECONDS_TAKEN.observe(time.perf_counter() - began)
        if tracker is not None:  # a turn, and not only a parse of a text
            _note_intent(parse_result(parsed).intent, self.domain.intents)
        return parsed

    return parse_and_count


def counted_run(run: Method) -> Method:
    """`RemoteAction.run`, which also measures its duration, and notes in the turn whether it failed."""

    async def run_and_count(self: Any, *args: Any, **kwargs: Any) -> Any:
        with metrics.ACTION_SECONDS.time():
            turn = current_turn()
            try:
                result = await run(self, *args, **kwargs)
            except ActionExecutionRejection:
                raise
            except Exception as error:
                metrics.failed(error, "action_server")
                if turn:
                    turn.has_failed = True  # Rasa continues as if the action had said nothing
                raise
            if turn:
                turn.has_acted = True
            return result

    return run_and_count


def request_of_turn(request: Method) -> Method:
    """`EndpointConfig.request`, which also sends the turn's id to the action server, for its logs."""

    async def request_with_turn(self: Any, *args: Any, **kwargs: Any) -> Any:
        if turn := current_turn():
            address = {ADDRESS_HEADER: turn.address} if turn.address else {}
            kwargs["headers"] = {**(kwargs.get("headers") or {}), HEADER: turn.id, **address}
        return await request(self, *args, **kwargs)

    return request_with_turn


def _note_intent(intent: str | None, known: list[str]) -> None:
    name = intent if intent in known and intent else metrics.OTHER
    metrics.INTENTS.labels(name).inc()
    if turn := current_turn():
        turn.intent = name
    if intent in {Intent.NLU_FALLBACK, Intent.OUT_OF_SCOPE}:
        metrics.NOT_UNDERSTOOD.labels(intent).inc()
