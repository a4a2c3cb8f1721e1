"""How fast recorded calls are brought in, and whether memory stays flat.

The calls are made of what the test sets have callers say and of what keeps a conversation going, half and half, in both
languages, always the same ones. One worker, so one core; loading the model is not counted. The peer in the same run is
redacting the same turns, which an import does before anything is kept.
"""

import gc
import os
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from benchmarks.databases import Databases
from benchmarks.outcome import Goal, Outcome
from bot.calls.importing import Tally, Transcript, bring_in, outcome_of, transcripts
from bot.privacy import redact
from bot.settings import PROJECT
from bot.storage.schema import upgrade
from bot.training.model import model_path

CALLS, FEW = 150, 30
TURNS = 6  # of the customer in a call
LEAST = 200  # customer turns a second
MOST_GROWTH = 1.5  # of the peak of memory, with five times as many calls
SETS = {"lv": "spoken.lv.yml", "en": "spoken.en.yml"}
SHORT = {
    "lv": (
        "jā",
        "nē",
        "labi paldies",
        "uz redzēšanos",
        "ēē jā lūdzu",
        "skaidrs",
        "deviņi nulle nulle viens",
        "nu labi",
    ),
    "en": ("yes", "no", "okay thanks", "goodbye", "um yes please", "i see", "nine zero zero one", "all right then"),
}
AGENT = {
    "lv": "Labdien, Elektrum klientu serviss, kā varu palīdzēt?",
    "en": "Hello, Elektrum customer service, how can I help?",
}
NAMES = {"lv": ("Aģents", "Klients"), "en": ("Agent", "Customer")}


def run(_: Databases, tell: Callable[[str], None]) -> Outcome:
    """Bring in `CALLS` calls; then a few and many, for the memory."""
    model = str(model_path())
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/calls.db"
        upgrade(os.environ["DATABASE_URL"])
        texts = list(islice(_calls(), CALLS))
        tell("Loading the model …")
        outcome_of(Transcript("first", texts[0].encode(), datetime.now(UTC)), model)
        tell(f"Understanding {CALLS} calls on one core …")
        began = time.perf_counter()
        outcomes = [outcome_of(Transcript("one", text.encode(), datetime.now(UTC)), model) for text in texts]
        seconds = time.perf_counter() - began
        turns = sum(outcome.customer_turns for outcome in outcomes)
        said = [turn["text"] for outcome in outcomes for turn in outcome.turns]
        began = time.perf_counter()
        for text in said:
            redact(text, addresses=True)
        redacting = time.perf_counter() - began
        tell("Measuring memory …")
        peaks = [_peak(Path(folder) / str(many), islice(_calls(many), many), model) for many in (FEW, 5 * FEW)]
    rate, growth = turns / seconds, peaks[1] / peaks[0]
    figures: dict[str, Any] = {
        "customer turns a second": rate,
        "turns redacted a second": len(said) / redacting,
        "peak with few calls, MB": peaks[0],
        "peak with five times as many, MB": peaks[1],
    }
    return Outcome(
        columns=("recorded calls", "one core"),
        rows=tuple((name, f"{value:.1f}") for name, value in figures.items()),
        figures=figures,
        goals=(
            Goal(f"at least {LEAST} customer turns a second", f"{rate:.0f}", rate >= LEAST),
            Goal(f"memory grows by less than × {MOST_GROWTH}", f"× {growth:.2f}", growth < MOST_GROWTH),
        ),
    )


def _calls(seed: int = 1) -> Any:
    """Transcripts without end."""
    chance = Random(seed)  # noqa: S311 (the same calls each time)
    long = {language: _sentences(name) for language, name in SETS.items()}
    while True:
        language = chance.choice(("lv", "en"))
        agent, customer = NAMES[language]
        lines = []
        for n in range(TURNS):
            lines.append(f"{agent}: {AGENT[language]}")
            some = long[language] if n % 2 == 0 else SHORT[language]
            lines.append(f"{customer}: {chance.choice(some)}")
        yield "\n".join([*lines, f"{agent}: {chance.random()}"])


def _sentences(name: str) -> list[str]:
    content = yaml.safe_load((PROJECT / "tests" / "nlu" / name).read_text(encoding="utf-8"))
    return [str(sentence) for sentences in content.values() for sentence in sentences]


def _peak(folder: Path, texts: Any, model: str) -> float:
    """The peak of what Python holds while calls are brought in, in MB."""
    folder.mkdir()
    for n, text in enumerate(texts):
        (folder / f"{n}.txt").write_text(text, encoding="utf-8")
    gc.collect()
    tracemalloc.start()
    tally = Tally()
    found = transcripts([folder], tally, lambda _: None)
    bring_in((outcome_of(each, model) for each in found), tally, lambda _: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
