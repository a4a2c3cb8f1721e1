"""Latency of a parse on one core; run as a program, so that CPU affinity is set before anything starts threads.

.venv/bin/python -m bot.evaluation.latency MODEL [stock]
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

WARM_UP, SAMPLE = 50, 600


def measured(model: Path, *, stock: bool = False) -> dict[str, float]:
    """Latency of a parse in a process with one core: {"sentences", "median_ms", "p95_ms"}."""
    command = [sys.executable, "-m", "bot.evaluation.latency", str(model), *(["stock"] if stock else [])]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _parse(model: Path, *, stock: bool) -> Callable[[str], Awaitable[Any]]:
    if stock:
        from bot.evaluation.understood_sentences import rasa_model

        return rasa_model(model)
    from bot.rasa.local_assistant import LocalAssistant

    return LocalAssistant(model).parse


def main() -> None:
    """Parse a sample of the test sentences one by one and print the figures as JSON."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from bot.training.sentences import GROUPS, held_out

    parse = _parse(Path(sys.argv[1]), stock=sys.argv[2:] == ["stock"])
    texts = [one.text for group in GROUPS for name in (*group.intents, *group.questions) for one in held_out(name)]
    step = max(1, len(texts) // (SAMPLE + WARM_UP))
    chosen = texts[::step]

    async def times() -> list[float]:
        taken = []
        for text in chosen:
            began = time.perf_counter()
            await parse(text)
            taken.append((time.perf_counter() - began) * 1000)
        return sorted(taken[WARM_UP:])

    taken = asyncio.run(times())
    print(
        json.dumps(
            {
                "sentences": len(taken),
                "median_ms": statistics.median(taken),
                "p95_ms": taken[int(len(taken) * 0.95)],
            }
        )
    )


if __name__ == "__main__":
    main()
