"""Measuring times and summarising them."""

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import ParamSpec

Arguments = ParamSpec("Arguments")


def taken(act: Callable[Arguments, object], *args: Arguments.args, **kwargs: Arguments.kwargs) -> float:
    """The milliseconds that a call takes."""
    began = time.perf_counter()
    act(*args, **kwargs)
    return (time.perf_counter() - began) * 1000


def spread(times: Sequence[float]) -> dict[str, float]:
    """{"count", "p50", "p95", "longest"} of milliseconds."""
    ordered = sorted(times)
    return {
        "count": len(ordered),
        "p50": median(ordered),
        "p95": ordered[int(len(ordered) * 0.95)],
        "longest": ordered[-1],
    }
