"""Shows the progress of training in plain words, with the share that is done and the time left."""

import time
from collections.abc import Callable

from bot.nlu.progress import TrainingStep

# The label of each step, and its seconds on two idle cores (bot train --force without cached vectors); only the
# proportions matter.
STEPS: dict[TrainingStep, tuple[str, float]] = {
    TrainingStep.LOADING: ("Loading Rasa", 4),
    TrainingStep.READING: ("Reading the examples, rules and texts", 46),
    TrainingStep.SPELLING: ("Learning how words are spelt", 4),
    TrainingStep.LETTERS: ("Counting which letters stand together", 35),
    TrainingStep.VECTORS: ("Working out what the sentences mean", 285),
    TrainingStep.MODELS: ("Learning what is asked, by letters and by meaning", 200),
    TrainingStep.LANGUAGES: ("Learning to tell the languages apart", 25),  # and packing the model
}
TOTAL = sum(seconds for _, seconds in STEPS.values())
TOLD_EVERY = 0.1  # share of the whole after which a long step is reported again
EARLY = 0.08  # share below which the time left cannot be estimated


class ShownProgress:
    """A listener of `bot.nlu.progress` that reports a line at each step, and several within the long one.

    A step that is skipped, since its result is cached, counts as done when the next one begins.
    """

    def __init__(self, report: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._report, self._clock, self._began = report, clock, clock()
        self._told: tuple[TrainingStep, float] | None = None

    def __call__(self, step: TrainingStep, share: float) -> None:
        done = (_before(step) + STEPS[step][1] * share) / TOTAL
        if self._told and self._told[0] is step and done - self._told[1] < TOLD_EVERY:
            return
        self._told = step, done
        self._report(f"[{done:4.0%}] {STEPS[step][0]}{self._left(done)}")

    def _left(self, done: float) -> str:
        if done < EARLY:
            return " …"
        seconds = (self._clock() - self._began) * (1 - done) / done
        minutes = round(seconds / 60)
        if seconds < 50:
            return "; less than a minute left"
        return f"; about {minutes} minute{'s' if minutes > 1 else ''} left"


def _before(step: TrainingStep) -> float:
    """Seconds of the steps before this one."""
    return sum(seconds for earlier, (_, seconds) in STEPS.items() if earlier.value < step.value)
