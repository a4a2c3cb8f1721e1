"""What the trained model makes of the held-out sentences; run as a program, it prints the figures of docs/nlu.md.

.venv/bin/python tests/nlu/figures.py
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from held_out import Sentence, held_out  # beside this file

if TYPE_CHECKING:
    from bot.channels.local import LocalAssistant

SETS = (
    "clean.lv",
    "clean.en",
    "rough.lv",
    "rough.en",
    "slips.lv",
    "slips.en",
    "spoken.lv",
    "spoken.en",
    "scope.lv",
    "scope.en",
    "border",
    "mixed",
)


@dataclass(frozen=True)
class Understood:
    """A held-out sentence and what was made of it; `guess` is the likeliest intent whatever the threshold says."""

    sentence: Sentence
    intent: str
    guess: str
    confidence: float
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the sentence gets its intent."""
        return self.intent == self.sentence.label


async def _parse(assistant: "LocalAssistant", sentences: Iterable[Sentence]) -> list[Understood]:
    found = []
    for sentence in sentences:
        began = time.perf_counter()
        parsed = await assistant.parse(sentence.text)
        seconds = time.perf_counter() - began
        likeliest = (await assistant.ranking(sentence.text) or [{"name": None, "confidence": 0.0}])[0]
        found.append(
            Understood(sentence, parsed["intent"], str(likeliest["name"]), float(likeliest["confidence"]), seconds)
        )
    return found


def understood(assistant: "LocalAssistant", name: str) -> list[Understood]:
    """What is made of every sentence of a set."""
    return asyncio.run(_parse(assistant, held_out(name)))


def accuracy(found: list[Understood]) -> float:
    """The share of sentences that get their intent, asking back counted as wrong."""
    return sum(one.right for one in found) / len(found)


def main() -> None:
    """Print accuracy by set, the threshold's cost, and the time of a parse."""
    from bot.channels.local import LocalAssistant
    from bot.training.model import model_path

    assistant = LocalAssistant(model_path())
    everything = []
    for name in SETS:
        found = understood(assistant, name)
        everything += found
        print(f"{name:10} {len(found):4} sentences, {accuracy(found):.3f} right")
    for threshold in (0.35, 0.4, 0.45, 0.5, 0.55, 0.6):
        below = [one for one in everything if one.confidence < threshold]
        lost = sum(one.guess == one.sentence.label for one in below)
        print(
            f"below {threshold}: {len(below):4} of {len(everything)} asked back, {lost} of them would have been right"
        )
    times = sorted(one.seconds * 1000 for one in everything)
    print(f"a parse: median {statistics.median(times):.1f} ms, 95th percentile {times[int(len(times) * 0.95)]:.1f} ms")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main()
