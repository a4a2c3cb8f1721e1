"""The throughput of importing recorded calls, and whether memory stays flat.

Half of the turns are sentences of the spoken test sets, half are short replies that keep a conversation going; both
languages, always the same calls. One worker, so one core; loading the model is not counted. The baseline in the same
run is redacting the same turns, which an import does before storing anything.
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
from bot.calls.importing import Tally, TranscriptFile, bring_in, outcomes_of, recordings
from bot.privacy import redact
from bot.schema.upgrading import upgrade
from bot.settings import PROJECT
from bot.training.trained_model import model_path

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
    """Import `CALLS` calls; then a few and many, to measure memory."""
    model = str(model_path())
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/calls.db"
        upgrade(os.environ["DATABASE_URL"])
        texts = list(islice(_calls(), CALLS))
        tell("Loading the model …")
        outcomes_of((_file("first", texts[0]),), model)
        tell(f"Understanding {CALLS} calls on one core …")
        began = time.perf_counter()
        outcomes = [outcome for text in texts for outcome in outcomes_of((_file("one", text),), model)]
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


def _file(name: str, text: str) -> TranscriptFile:
    return TranscriptFile(name, f"{name}.txt", text.encode(), datetime.now(UTC))


def _calls(seed: int = 1) -> Any:
    """An endless stream of transcripts."""
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
    content = yaml.safe_load((PROJECT / "data" / "held_out" / name).read_text(encoding="utf-8"))
    return [str(sentence) for sentences in content.values() for sentence in sentences]


def _peak(folder: Path, texts: Any, model: str) -> float:
    """The peak of Python's memory while calls are imported, in MB."""
    folder.mkdir()
    for n, text in enumerate(texts):
        (folder / f"{n}.txt").write_text(text, encoding="utf-8")
    gc.collect()
    tracemalloc.start()
    tally = Tally()
    found = recordings([folder], tally, lambda _: None)
    bring_in((outcome for each in found for outcome in outcomes_of(each, model)), tally, lambda _: None)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
