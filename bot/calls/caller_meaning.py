"""Parses many customers' turns with one model per process, and caches the parses of repeated texts."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from bot.domain_names import EntityName
from bot.parse_result import ParseResult

MOST_KEPT = 20_000  # cached parses; "jā" and "labi paldies" come all the time
ENTITIES = {  # entities that are not personal data
    EntityName.PLACE,
    EntityName.DATE,
    EntityName.MONTH,
    EntityName.AMOUNT,
    EntityName.INSTALMENTS,
    EntityName.LANGUAGE,
}


@dataclass(frozen=True)
class Meaning:
    """The parse of a turn.

    Attributes:
        questions: further intents, where a turn has two questions.
        entities: [{"entity", "value"}].
    """

    intent: str | None
    confidence: float
    language: str | None
    questions: tuple[str, ...]
    entities: tuple[dict[str, str], ...]


class Reader:
    """Parses turns with a model; loading takes seconds."""

    def __init__(self, model: Path) -> None:
        from bot.rasa.local_assistant import LocalAssistant

        self.model = model.name
        self._assistant = LocalAssistant(model)
        self._known: OrderedDict[str, Meaning] = OrderedDict()
        self._loop = asyncio.new_event_loop()

    def meaning(self, text: str) -> Meaning:
        """The parse of a turn, from the cache if it is there."""
        known = self._known.get(text)
        if known is None:
            known = _meaning(self._loop.run_until_complete(self._assistant.parse(text)))
            self._known[text] = known
            if len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        return known


def _meaning(parsed: ParseResult) -> Meaning:
    questions = tuple(each.intent for each in parsed.questions)
    entities = tuple({"entity": each.name, "value": each.value} for each in parsed.entities if each.name in ENTITIES)
    return Meaning(parsed.intent, parsed.confidence, parsed.language_code, questions, entities)
