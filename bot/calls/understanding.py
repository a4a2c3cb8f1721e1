"""What a customer's words mean, for many turns: one model a process, and what is said again is not worked out again."""

import asyncio
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_KEPT = 20_000  # turns of which the meaning is remembered; "jā" and "labi paldies" come all the time
ENTITIES = {"place", "date", "month", "amount", "instalments", "language"}  # that say nothing of who somebody is


@dataclass(frozen=True)
class Meaning:
    """How a turn is understood.

    Attributes:
        questions: further intents, where two questions are asked.
        entities: [{"entity", "value"}].
    """

    intent: str | None
    confidence: float
    language: str | None
    questions: tuple[str, ...]
    entities: tuple[dict[str, str], ...]


class Reader:
    """Understands turns with a model; loading takes seconds."""

    def __init__(self, model: Path) -> None:
        # Several processes work side by side; within one, threads would only get into each other's way.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        from bot.channels.local import LocalAssistant

        self.model = model.name
        self._assistant = LocalAssistant(model)
        self._known: OrderedDict[str, Meaning] = OrderedDict()
        self._loop = asyncio.new_event_loop()

    def meaning(self, text: str) -> Meaning:
        """How a turn is understood."""
        known = self._known.get(text)
        if known is None:
            known = _meaning(self._loop.run_until_complete(self._assistant.parse(text)))
            self._known[text] = known
            if len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        return known


def _meaning(parsed: dict[str, Any]) -> Meaning:
    questions = tuple(each["intent"] for each in parsed["questions"])
    entities = tuple(
        {"entity": each["entity"], "value": str(each["value"])}
        for each in parsed["entities"]
        if each["entity"] in ENTITIES
    )
    return Meaning(parsed["intent"], float(parsed["confidence"] or 0.0), parsed["language"], questions, entities)
