"""The progress display while a model is trained: plain words, the percentage done, the time left."""

import re

import pytest

from bot.nlu.progress import TrainingStep, listening, reached
from bot.training.shown_progress import STEPS, TOLD_EVERY, ShownProgress


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def lines() -> list[str]:
    """The progress of a training in which each step takes twice its usual time, the long one in a hundred parts."""
    told: list[str] = []
    clock = Clock()
    with listening(ShownProgress(told.append, clock)):
        for step, (_, seconds) in STEPS.items():
            for part in range(100 if step is TrainingStep.VECTORS else 1):
                reached(step, part / 100)
                clock.seconds += 2 * seconds / (100 if step is TrainingStep.VECTORS else 1)
    return told


def shares(lines: list[str]) -> list[int]:
    return [int(re.match(r"\[ *(\d+)%\]", line)[1]) for line in lines]  # type: ignore[index]


def test_every_step_is_told_in_plain_words(lines: list[str]) -> None:
    told = [line for words, _ in STEPS.values() for line in lines if f"] {words}" in line]
    assert (len(told), {words for words, _ in STEPS.values() if not any(words in line for line in lines)}) == (
        len(lines),
        set(),
    )


def test_the_share_grows(lines: list[str]) -> None:
    assert (shares(lines), shares(lines)[-1]) == (sorted(shares(lines)), 96)


def test_the_long_step_is_told_now_and_then(lines: list[str]) -> None:
    told = [line for line in lines if STEPS[TrainingStep.VECTORS][0] in line]
    assert 3 <= len(told) <= 1 / TOLD_EVERY


def test_the_time_left_follows_the_time_that_was_taken(lines: list[str]) -> None:
    """Twice 595 seconds in all, here, of which twice 225 are left."""
    (line,) = [line for line in lines if STEPS[TrainingStep.MODELS][0] in line]
    assert line.endswith("; about 8 minutes left")


def test_a_step_that_was_kept_counts_as_done() -> None:
    told: list[str] = []
    with listening(ShownProgress(told.append, Clock())):
        reached(TrainingStep.LOADING)
        reached(TrainingStep.LANGUAGES)
    assert shares(told) == [0, 96]


def test_nobody_is_told_afterwards() -> None:
    told: list[str] = []
    with listening(ShownProgress(told.append)):
        pass
    reached(TrainingStep.LOADING)
    assert told == []
