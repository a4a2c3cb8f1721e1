"""The CPU time of redaction, by the length of a text and what is in it.

Baseline in the same run: normalising the same text (`bot.words.text`), which every message goes through anyway.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks.databases import Databases
from benchmarks.outcome import Goal, Outcome
from bot.privacy import redact
from bot.words.text import clean

REPEATED = 15
SHORT, LONG = 2_500, 20_000  # characters
ONE_MESSAGE = 2_000  # characters
MOST_GROWTH = 24.0  # of the time of a text that is eight times as long; three times linear
PIECES = {
    "ordinary sentences": "Vai Rīgas centrs pirmdien būs atvērts, un ko darīt, ja rēķinu nevaru samaksāt laikā? ",
    "personal data": "Es esmu Anna Kalniņa, dzīvoju Brīvības ielā 12-3, Rīgā, tālrunis 26 123 456, anna@inbox.lv. ",
    "dots": "a.a.a.",
    "digits": "12 34 56 78 ",
    "capitals": "Aa Bb Cc ",
}


def run(databases: Databases, tell: Callable[[str], None]) -> Outcome:
    """Redact texts of three lengths; the goal is linear time."""
    tell("Taking personal data out of texts …")
    figures: dict[str, dict[str, float]] = {}
    for name, piece in PIECES.items():
        figures[name] = {str(length): _milliseconds(redact, piece, length) for length in (ONE_MESSAGE, SHORT, LONG)}
        figures[name]["cleaned"] = _milliseconds(clean, piece, ONE_MESSAGE)
        figures[name]["growth"] = figures[name][str(LONG)] / figures[name][str(SHORT)]
    return Outcome(
        columns=("text of", f"{ONE_MESSAGE:,} characters, ms", "the peer, ms", f"{LONG:,}, ms", f"against {SHORT:,}"),
        rows=tuple(
            (
                name,
                f"{one[str(ONE_MESSAGE)]:.1f}",
                f"{one['cleaned']:.2f}",
                f"{one[str(LONG)]:.0f}",
                f"× {one['growth']:.1f}",
            )
            for name, one in figures.items()
        ),
        figures=dict[str, Any](figures),
        goals=tuple(
            Goal(
                f"{name}: eight times the text takes at most {MOST_GROWTH:.0f} times",
                f"{one['growth']:.1f}",
                one["growth"] <= MOST_GROWTH,
            )
            for name, one in figures.items()
        ),
    )


def _milliseconds(act: Callable[[str], object], piece: str, length: int) -> float:
    """The median CPU time of a call for so many characters."""
    text = (piece * (length // len(piece) + 1))[:length]
    act(text)
    times = []
    for _ in range(REPEATED):
        began = time.thread_time()
        act(text)
        times.append(time.thread_time() - began)
    return median(times) * 1000
