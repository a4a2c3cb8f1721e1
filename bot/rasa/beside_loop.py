"""Messages are parsed in worker threads, so that the server's event loop is not blocked.

Most of the time goes into native code (sentence vectors), which releases the GIL. Long texts have a thread of their
own, so that a question never waits behind somebody's novel.
"""

import asyncio
import contextvars
import functools
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.trackers import DialogueStateTracker

from bot.observing.current_turn import CurrentTurn, current_turn

Method = Callable[..., Awaitable[dict[str, Any]]]
QUESTION = 200  # characters; longer texts go to the other thread
_QUESTIONS, _LONG_TEXTS = (ThreadPoolExecutor(1, thread_name_prefix=name) for name in ("questions", "long-texts"))


def parse_beside_loop(parse: Method) -> Method:
    """`MessageProcessor.parse_message`, which parses texts in these threads."""

    async def parse_beside(
        self: Any, message: Any, tracker: Any = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        text = message.text or ""
        # A button's payload needs no NLU; an interpreter on another server would not block.
        if self.http_interpreter or text.startswith(INTENT_MESSAGE_PREFIX):
            return await parse(self, message, tracker, only_output_properties)
        conversation = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        work = functools.partial(self._parse_message_with_graph, message, conversation, only_output_properties)
        lane = _QUESTIONS if len(text) <= QUESTION else _LONG_TEXTS
        loop = asyncio.get_running_loop()
        # The thread gets this task's context, above all the day that the clock pretends (`bot.clock`).
        timed = functools.partial(contextvars.copy_context().run, _timed, work, current_turn())
        understood: dict[str, Any] = await loop.run_in_executor(lane, timed)
        self._update_full_retrieval_intent(understood)
        self._check_for_unseen_features(understood)
        return understood

    return parse_beside


def _timed(work: functools.partial[dict[str, Any]], turn: CurrentTurn | None) -> dict[str, Any]:
    """Run the work, and note in its turn the CPU time that it took, without the time in the thread's queue."""
    began = time.thread_time()
    try:
        return work()
    finally:
        if turn:
            turn.worked = (turn.worked or 0.0) + time.thread_time() - began
