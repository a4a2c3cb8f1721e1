"""Parses the test sentences with a trained model."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from bot.domain_names import EntityName, Intent
from bot.parse_result import ParseResult, parse_result
from bot.training.sentences import SETS, Sentence, held_out

Understand = Callable[[str], Awaitable[ParseResult]]


@dataclass(frozen=True)
class Understood:
    """A test sentence and its parse.

    Attributes:
        intent: the intent that decides the reply; `guess` is the most likely one, ignoring the threshold.
        confidence: of the guess.
        out_of_scope: confidence that the sentence is out of scope.
        questions: the intents of two questions in one message, else empty.
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
        """Whether the intent is right; asking back (the fallback) is wrong."""
        return self.intent == self.sentence.label

    @property
    def intents(self) -> set[str]:
        """All intents that are answered."""
        return set(self.questions) or {self.intent}


def understood_by(understand: Understand, sentences: Iterable[Sentence]) -> list[Understood]:
    """The parse of each sentence."""

    async def one(sentence: Sentence) -> Understood:
        found = await understand(sentence.text)
        confidences = {guess.intent: guess.confidence for guess in found.ranking}
        likeliest = max(confidences, key=lambda name: confidences[name], default=str(found.intent))
        return Understood(
            sentence,
            str(found.intent),
            likeliest,
            confidences.get(likeliest, 0.0),
            confidences.get(Intent.OUT_OF_SCOPE, 0.0),
            found.language_code,
            tuple(question.intent for question in found.questions),
            tuple(sorted(found.values(EntityName.PLACE))),
        )

    async def each() -> list[Understood]:
        return [await one(sentence) for sentence in sentences]

    return asyncio.run(each())


def every_set(understand: Understand, report: Callable[[str], None]) -> dict[str, list[Understood]]:
    """The parses of all test sets, by name; of a sentence that stands in several sets, one parse."""
    known: dict[str, ParseResult] = {}

    async def once(text: str) -> ParseResult:
        if text not in known:
            known[text] = await understand(text)
        return known[text]

    found = {}
    for name in SETS:
        report(f"Parsing {name} …")
        found[name] = understood_by(once, held_out(name))
    return found


def own(model: Path) -> Understand:
    """The assistant's own model."""
    from bot.rasa.local_assistant import LocalAssistant

    return LocalAssistant(model).parse


def rasa_model(model: Path) -> Understand:
    """Any other Rasa model, which detects no language and no second question."""
    from bot.rasa.boot import boot
    from bot.rasa.processes import Process

    boot(Process.STOCK)
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))

    async def understand(text: str) -> ParseResult:
        parsed = parse_result(await agent.parse_message(text))
        ranking = tuple(guess for guess in parsed.ranking if guess.intent != Intent.NLU_FALLBACK)
        return replace(parsed, ranking=ranking, language=None, questions=(), entities=())

    return understand
