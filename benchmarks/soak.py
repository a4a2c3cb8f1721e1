"""`python -m benchmarks.soak [MINUTES] [TURNS_PER_SECOND]`: the topology under a steady load; memory must stay flat.

Writes reports/soak.json. Exits with status 1 if a message was not answered, or a process grows after its warm-up.
"""

import json
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from bot.settings import PROJECT
from harness.topology import Topology
from harness.topology.visitor import NotAnswered, Visitor

MINUTES, RATE = 30.0, 50.0  # half of the goal of 100 turns a second on two cores
VISITORS = 25
TURNS = 20  # of a conversation; then the visitor starts a new one
EVERY = 10.0  # seconds between memory samples
WARM = 0.3  # of the time: pools, caches and databases fill
GROWTH = 24.0  # MB an hour, of our servers and nginx
NOISE = 8.0  # MB that a process may grow in total, however short the run
OURS = ("rasa-1", "rasa-2", "actions-1", "actions-2", "console", "nginx")
MB = 2**20
QUESTIONS = {
    "Vai Rīgas centrs ir slēgts?": "Rīgā ir slēgts",
    "Vai mani atslēgs, ja kavēšu maksājumu?": "kavētu maksājumu dēļ",
    "Is the museum in Ķegums closed?": "in Ķegums is closed",
}


@dataclass
class Load:
    """Visitors who write at a steady rate, each in a thread, until `over` is set."""

    url: str
    rate: float
    over: threading.Event = field(default_factory=threading.Event)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def write(self, number: int) -> None:
        """One visitor after the other, each turn at its scheduled time."""
        pause = VISITORS / self.rate
        due = time.monotonic() + pause * number / VISITORS
        questions = cycle(QUESTIONS.items())
        while not self.over.is_set():
            try:
                visitor = Visitor(self.url, patience=0.0)
                for _ in range(TURNS):
                    if self.over.wait(max(0.0, due - time.monotonic())):
                        return
                    due = max(due + pause, time.monotonic())  # a late turn is not caught up
                    self._ask(visitor, *next(questions))
            except NotAnswered as error:
                self.wrong.append(str(error))

    def _ask(self, visitor: Visitor, question: str, expected: str) -> None:
        said = visitor.say(question)
        self.seconds.append(said.seconds)
        if expected not in said.answer:
            self.wrong.append(f"{question} -> {said.answer[:80]}")


def memory(topology: Topology) -> dict[str, float]:
    """MB of each part, with its children."""
    found = {}
    for name, part in topology.parts.items():
        sizes = []
        for process in part.family():
            try:
                sizes.append(process.memory_info().rss)
            except psutil.NoSuchProcess:
                continue
        found[name] = sum(sizes) / MB
    return found


def growth(samples: list[tuple[float, float]]) -> float:
    """MB an hour, by the line that fits best; samples are (seconds, MB)."""
    slope = statistics.linear_regression(*zip(*samples, strict=True)).slope if len(samples) > 1 else 0.0
    return float(slope * 3600)


def soak(minutes: float, rate: float) -> dict[str, object]:
    """Run it; returns the measurements, with `problems`."""
    samples: dict[str, list[tuple[float, float]]] = {}
    with Topology({"BOT_AS_OF": "2020-03-25"}) as topology:
        load, began = Load(topology.url, rate), time.monotonic()
        threads = [threading.Thread(target=load.write, args=(number,)) for number in range(VISITORS)]
        for thread in threads:
            thread.start()
        try:
            while (passed := time.monotonic() - began) < minutes * 60:
                sizes = memory(topology)
                for name, size in sizes.items():
                    samples.setdefault(name, []).append((passed, size))
                shown = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
                print(f"{passed:6.0f} s  {len(load.seconds)} turns, {len(load.wrong)} wrong; MB: {shown}", flush=True)
                time.sleep(EVERY)
        finally:
            load.over.set()
            for thread in threads:
                thread.join()
    problems = [f"{len(load.wrong)} turns went wrong, such as: {load.wrong[0]}"] if load.wrong else []
    warm = {name: [each for each in found if each[0] >= minutes * 60 * WARM] for name, found in samples.items()}
    for name in OURS:
        grown, slope = warm[name][-1][1] - warm[name][0][1], growth(warm[name])
        if grown > NOISE and slope > GROWTH:
            problems.append(f"{name} grows by {slope:.0f} MB an hour ({grown:.0f} MB in all)")
    times = sorted(load.seconds)
    return {
        "minutes": minutes,
        "turns": len(times),
        "turns_per_second": round(len(times) / (minutes * 60), 1),
        "p50_ms": round(statistics.median(times) * 1000) if times else None,
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000) if times else None,
        "wrong": len(load.wrong),
        "growth_mb_per_hour": {name: round(growth(found), 1) for name, found in warm.items()},
        "memory_mb": {name: round(found[-1][1]) for name, found in samples.items()},
        "problems": problems,
    }


def main() -> None:
    """Run it with the command-line arguments, and exit with status 1 if there are problems."""
    given = [float(each) for each in sys.argv[1:3]]
    minutes, rate = (given + [MINUTES, RATE][len(given) :])[:2]
    found = soak(minutes, rate)
    report = PROJECT / "reports" / "soak.json"
    Path(report.parent).mkdir(exist_ok=True)
    report.write_text(json.dumps(found, indent=2), encoding="utf-8")
    print(json.dumps(found, indent=2))
    sys.exit(1 if found["problems"] else 0)


if __name__ == "__main__":
    main()
