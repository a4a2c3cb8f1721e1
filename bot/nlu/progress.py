"""Progress of a training: reported by what trains, received by a listener. Neither depends on the other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum, auto


class TrainingStep(Enum):
    """The steps of a training, in order."""

    LOADING = auto()
    READING = auto()
    SPELLING = auto()
    LETTERS = auto()
    VECTORS = auto()
    MODELS = auto()
    LANGUAGES = auto()


Listener = Callable[[TrainingStep, float], None]
_listeners: list[Listener] = []


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Within the block, `listener` is called when a step starts, and with the share of it that is done, 0 to 1."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def reached(step: TrainingStep, share: float = 0.0) -> None:
    """Report that a step has started, or how much of it is done."""
    for listener in _listeners:
        listener(step, share)
