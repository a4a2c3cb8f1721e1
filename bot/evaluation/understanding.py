"""What a trained model makes of the test sentences."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.sets import SETS, Sentence, held_out
from bot.nlu.signals import FALLBACK

PLACE = "place"
Understand = Callable[[str], Awaitable[dict[str, Any]]]


@dataclass(frozen=True)
class Understood:
    """A test sentence and what was made of it.

    Attributes:
        intent: the intent that decides the reply; `guess` is the likeliest one whatever the threshold says.
        confidence: of the guess.
        out_of_scope: confidence that the sentence is out of scope.
        questions: intents of two questions in one message, or none.
        places: the places named, each once, in the order of their names.
    """

    sentence: Sentence
    intent: str
    guess: str
    confidence: float
    out_of_scope: float
    language: str | None
    questions: tuple[str, ...]
    places: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        """Whether the sentence gets its intent; asking back is not right."""
        return self.intent == self.sentence.label

    @property
    def intents(self) -> set[str]:
        """All intents that are answered."""
        return set(self.questions) or {self.intent}


def understood_by(understand: Understand, sentences: Iterable[Sentence]) -> list[Understood]:
    """What is made of each sentence."""

    async def one(sentence: Sentence) -> Understood:
        found = await understand(sentence.text)
        confidences = {str(item["name"]): float(item["confidence"]) for item in found["ranking"]}
        guess = max(confidences, key=lambda name: confidences[name], default=str(found["intent"]))
        return Understood(
            sentence,
            str(found["intent"]),
            guess,
            confidences.get(guess, 0.0),
            confidences.get("out_of_scope", 0.0),
            found["language"],
            tuple(question["intent"] for question in found["questions"]),
            tuple(sorted({entity["value"] for entity in found["entities"] if entity["entity"] == PLACE})),
        )

    async def each() -> list[Understood]:
        return [await one(sentence) for sentence in sentences]

    return asyncio.run(each())


def every_set(understand: Understand, report: Callable[[str], None]) -> dict[str, list[Understood]]:
    """What is made of all test sets, by name."""
    found = {}
    for name in SETS:
        report(f"Parsing {name} …")
        found[name] = understood_by(understand, held_out(name))
    return found


def own(model: Path) -> Understand:
    """The assistant's own model."""
    from bot.channels.local import LocalAssistant

    return LocalAssistant(model).understand


def rasa_model(model: Path) -> Understand:
    """Any other Rasa model; it tells no language and no second question."""
    from bot.server.logs import quiet

    quiet()
    from rasa.core.agent import Agent

    from bot.server.logs import quiet_structlog

    quiet_structlog()

    from bot.model_loading import load_signed_models_only

    load_signed_models_only()
    agent = Agent.load(str(model))

    async def understand(text: str) -> dict[str, Any]:
        parsed = await agent.parse_message(text)
        ranking = [one for one in parsed.get("intent_ranking") or [] if one["name"] != FALLBACK]
        return {
            "intent": (parsed.get("intent") or {}).get("name"),
            "ranking": ranking,
            "language": None,
            "questions": [],
            "entities": [],
        }

    return understand
