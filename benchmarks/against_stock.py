"""The performance of the whole assistant, compared with `rasa init`'s setup on the same data, in one run.

Parsing on one core; whole turns over HTTP at one, eight and fifty conversations at once; start, training and memory.
Ours is measured as `make run` starts it, and as in production (harness/topology): nginx, two Rasa servers, two action
servers, PostgreSQL, Redis and RabbitMQ. Everything shares this machine's cores, including the load generator.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil  # type: ignore[import-untyped]
from matplotlib.figure import Figure

from benchmarks import stock
from benchmarks.databases import Databases
from benchmarks.load import Open, on_the_website, over_rest, put_on
from benchmarks.outcome import Goal, Outcome
from bot.evaluation import latency
from bot.evaluation.charts import svg
from bot.settings import PROJECT
from bot.training.trained_model import model_path
from harness.served import serve
from harness.topology import Topology

AT_ONCE, SECONDS = (1, 8, 50), 20.0
SETTINGS = {"BOT_AS_OF": "2020-03-25"}
LEAST_TIMES_BETTER = 3
OURS, PRODUCTION, STOCK = "make run", "production", "rasa init"


@dataclass(frozen=True)
class System:
    """A running system: how to talk to it, its Rasa server's process, and how many seconds it took to start."""

    opened: Open
    process: psutil.Process
    started: float


def run(_: Databases, tell: Callable[[str], None]) -> Outcome:
    """Measure all three; a goal is missed if an absolute goal is, or if ours is not better by the required factor."""
    tell("Looking for the model of 'rasa init' …")
    whole, stock_training = stock.model()
    tell("Training ours without what is kept …")
    training = _training()
    tell("Parsing, each on one core …")
    parses = {OURS: latency.measured(model_path()), STOCK: latency.measured(whole, stock=True)}
    figures: dict[str, Any] = {name: {"parse": parse} for name, parse in parses.items()}
    figures[OURS]["training_seconds"], figures[STOCK]["training_seconds"] = training, stock_training
    for name, start in {OURS: _ours, PRODUCTION: _production, STOCK: lambda: _stock(whole)}.items():
        tell(f"Starting {name} …")
        figures.setdefault(name, {}).update(_loaded(start, name, tell))
    return Outcome(
        columns=("", *figures),
        rows=tuple(_rows(figures)),
        figures=figures,
        goals=tuple(_goals(figures)),
        chart=_chart(figures),
    )


def _training() -> float:
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        began = time.monotonic()
        command = [sys.executable, "-m", "bot.cli", "train", "--force"]
        subprocess.run(  # noqa: S603 (our own command)
            command, cwd=PROJECT, env={**os.environ, "BOT_MODELS": folder}, check=True, capture_output=True
        )
        return time.monotonic() - began


def _loaded(start: Callable[[], Any], name: str, tell: Callable[[str], None]) -> dict[str, Any]:
    with start() as system:
        found: dict[str, Any] = {"start_seconds": system.started}
        for number in AT_ONCE:
            tell(f"{name}: {number} at once …")
            found[f"{number} at once"] = put_on(system.opened, number, SECONDS).figures()
        found["memory_mb"] = system.process.memory_info().rss / 2**20
    return found


@contextmanager
def _ours() -> Iterator[System]:
    with TemporaryDirectory(prefix="benchmarks-") as folder:
        began = time.monotonic()
        served = serve(Path(folder), **SETTINGS)
        started = time.monotonic() - began
        try:
            yield System(on_the_website(served.url), _rasa_server(psutil.Process(served.process.pid)), started)
        finally:
            served.stop()


@contextmanager
def _production() -> Iterator[System]:
    began = time.monotonic()
    with Topology(SETTINGS, durable=True) as topology:
        started = time.monotonic() - began
        yield System(on_the_website(topology.url), psutil.Process(topology.parts["rasa-1"].pid), started)


@contextmanager
def _stock(whole: Path) -> Iterator[System]:
    with stock.serve(whole) as (part, url, started):
        yield System(over_rest(url), psutil.Process(part.pid), started)


def _rasa_server(supervisor: psutil.Process) -> psutil.Process:
    return next(child for child in supervisor.children() if "bot.server.rasa_server" in child.cmdline())


def _rows(figures: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The table for people, one row per figure."""
    yield _row(figures, "parse, p50, ms", ".1f", "parse", "median_ms")
    yield _row(figures, "parse, p95, ms", ".1f", "parse", "p95_ms")
    for load in (f"{number} at once" for number in AT_ONCE):
        yield _row(figures, f"{load}: a turn, p50, ms", ".1f", load, "p50")
        yield _row(figures, f"{load}: a turn, p95, ms", ".1f", load, "p95")
        yield _row(figures, f"{load}: turns a second", ".1f", load, "per_second")
        yield _row(figures, f"{load}: failed", ".0f", load, "failed")
    yield _row(figures, "start, s", ".1f", "start_seconds")
    yield _row(figures, "training, s", ".0f", "training_seconds")
    yield _row(figures, "memory of the Rasa server, MB", ".0f", "memory_mb")


def _row(figures: dict[str, Any], title: str, form: str, *keys: str) -> tuple[str, ...]:
    found = (_at(one, keys) for one in figures.values())
    return (title, *("" if value is None else format(value, form) for value in found))


def _at(one: dict[str, Any], keys: Sequence[str]) -> float | None:
    """The value under these keys; None if it was not measured."""
    value: Any = one
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return None if value is None else float(value)


def _goals(figures: dict[str, Any]) -> Iterator[Goal]:
    ours, production, rasa = figures[OURS], figures[PRODUCTION], figures[STOCK]

    def below(goal: str, value: float, most: float, unit: str) -> Goal:
        return Goal(f"{goal} below {most:g} {unit}", f"{value:.1f} {unit}", value < most)

    busy = "50 at once"
    alone, crowd = ours["1 at once"], production[busy]
    yield below("an information turn, one conversation, median", alone["p50"], 20, "ms")
    yield below("an information turn, one conversation, p95", alone["p95"], 70, "ms")
    yield Goal("at least 100 turns a second", f"{crowd['per_second']:.1f}", crowd["per_second"] >= 100)
    yield below("50 at once, p95", crowd["p95"], 1000, "ms")
    failed = sum(one[f"{number} at once"]["failed"] for one in (ours, production) for number in AT_ONCE)
    yield Goal("not one turn fails", f"{failed:.0f}", failed == 0)
    yield below("ready after", ours["start_seconds"], 15, "s")
    yield below("memory of the Rasa server", ours["memory_mb"], 900, "MB")
    compared = {
        "parse, p50": (rasa["parse"]["median_ms"], ours["parse"]["median_ms"]),
        "parse, p95": (rasa["parse"]["p95_ms"], ours["parse"]["p95_ms"]),
        "a turn, p50": (rasa["1 at once"]["p50"], alone["p50"]),
        "a turn, p95": (rasa["1 at once"]["p95"], alone["p95"]),
        # One Rasa server each; production is more than that.
        "turns a second, 50 at once": (ours[busy]["per_second"], rasa[busy]["per_second"]),
        "start": (rasa["start_seconds"], ours["start_seconds"]),
        "training": (rasa["training_seconds"], ours["training_seconds"]),
        "memory": (rasa["memory_mb"], ours["memory_mb"]),
    }
    for name, (worse, better) in compared.items():
        times = worse / better
        goal = f"{name}: at least {LEAST_TIMES_BETTER} times better than 'rasa init'"
        yield Goal(goal, f"× {times:.1f}", times >= LEAST_TIMES_BETTER)


PANELS = (
    ("parse, p50, ms", ("parse", "median_ms")),
    ("a turn, p50, ms", ("1 at once", "p50")),
    ("turns a second, 50 at once", ("50 at once", "per_second")),
    ("start, s", ("start_seconds",)),
    ("training, s", ("training_seconds",)),
    ("memory, MB", ("memory_mb",)),
)


def _chart(figures: dict[str, Any]) -> str:
    """A small chart for each of the most important figures."""
    figure = Figure(figsize=(11, 6), layout="constrained")
    for place, (title, keys) in enumerate(PANELS, 1):
        axes = figure.add_subplot(2, 3, place)
        found = {name: _at(one, keys) for name, one in figures.items()}
        shown = {name: value for name, value in found.items() if value is not None}
        bars = axes.barh(list(shown), list(shown.values()), color=["#0a6e5c", "#7fb8ab", "#b8b8b8"][: len(shown)])
        axes.bar_label(bars, fmt="%.3g", padding=3)
        axes.invert_yaxis()
        axes.margins(x=0.2)
        axes.set_title(title, loc="left", fontsize=10)
        axes.spines[["top", "right"]].set_visible(False)
    return svg(figure)
