"""Finds what is far above the usual: a topic or a place, by the counts of the last half hour.

The usual is the median of the same half hour of the same weekday in the eight weeks before, and of the half hours
around it; the spread is their median absolute deviation (MAD), and never less than chance alone would make (Poisson).
So one busy week in the past changes nothing, nights are compared with nights, and small numbers must be relatively
larger.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import sqrt
from statistics import median

from bot.clock import RIGA
from bot.domain_names import Intent
from bot.figures.counted_things import QUARTER, quarter_of

WINDOW = 2  # quarters of an hour: the one that has just begun, and the one before
WEEKS = 8
AROUND = (-2, -1, 0, 1, 2)  # quarters of an hour before and after the same time
FEWEST_WEEKS, FEWEST_DAYS, DAYS = 3, 3, 14
LEAST = 8  # in a window: below, nothing is a surge
LEAST_WITHOUT_PAST = 30  # while there is too little to compare with
TIMES, SPREADS = 2.5, 6.0  # how often the usual, and how many spreads above it
OF_NORMAL = 1.4826  # times MAD is the standard deviation of normally distributed values
# What only carries a conversation on rises with every topic.
NO_TOPICS = frozenset(
    {
        Intent.AFFIRM,
        Intent.BOT_CHALLENGE,
        Intent.CANCEL,
        Intent.CHANGE_LANGUAGE,
        Intent.DENY,
        Intent.FOLLOW_UP,
        Intent.GOODBYE,
        Intent.GREET,
        Intent.HELP,
        Intent.HOLD_ON,
        Intent.INFORM,
        Intent.REPEAT,
        Intent.RESEND_CODE,
        Intent.SIGN_OUT,
        Intent.THANK,
        Intent.UNSURE,
        Intent.NLU_FALLBACK,  # looked at by sentences (`bot.figures.alike_sentences`)
    }
)
Series = Mapping[datetime, int]  # counts by the beginning of the quarter of an hour (UTC); missing: 0


class SurgeKind(StrEnum):
    """What rises."""

    OF_TOPIC = "of_topic"
    OF_PLACE = "of_place"
    OF_SENTENCES = "of_sentences"  # a cluster of sentences that were not understood


@dataclass(frozen=True)
class Surge:
    """Something that is far above the usual.

    Attributes:
        name: the intent, the place's id, or a sentence of the cluster.
        count: in the last half hour; of sentences, in the last hour.
        usual: at such a time.
    """

    kind: SurgeKind
    name: str
    count: int
    usual: float
    examples: tuple[str, ...] = ()


def surge(kind: SurgeKind, name: str, series: Series, now: datetime, first: datetime) -> Surge | None:
    """The surge that a series shows now, if any.

    Args:
        first: since when there are counts at all; before it, a missing count means nothing.
    """
    current = quarter_of(now)
    count = _window(series, current)
    if count < LEAST or name in NO_TOPICS:
        return None
    # So much of the window has passed: of its latest quarter of an hour only a part.
    passed = (WINDOW - 1 + (now - current) / QUARTER) / WINDOW
    usual, most = usual_and_most([_window(series, at) * passed for at in compared_with(current, first)])
    return Surge(kind, name, count, usual) if count >= most else None


def usual_and_most(samples: Sequence[float]) -> tuple[float, float]:
    """What is usual by such samples, and from which count on something is a surge."""
    if not samples:
        return 0.0, LEAST_WITHOUT_PAST
    usual = float(median(samples))
    deviation = OF_NORMAL * float(median(abs(each - usual) for each in samples))
    spread = max(deviation, sqrt(usual + 1))
    return usual, max(LEAST, TIMES * usual, usual + SPREADS * spread)


def compared_with(current: datetime, first: datetime) -> list[datetime]:
    """The quarters of an hour whose windows are compared: of the weeks before, or of the days where there are too few.

    Args:
        current: the beginning of a quarter of an hour.
    """
    for step, most, fewest in ((timedelta(days=7), WEEKS, FEWEST_WEEKS), (timedelta(days=1), DAYS, FEWEST_DAYS)):
        # By the clock on the wall: people do not move with summer time.
        local = current.astimezone(RIGA).replace(tzinfo=None)
        before = [(local - number * step).replace(tzinfo=RIGA) for number in range(1, most + 1)]
        moments = [quarter_of(at) for at in before]
        known = [at for at in moments if at - (WINDOW + max(AROUND)) * QUARTER >= first]
        if len(known) >= fewest:
            return [at + shift * QUARTER for at in known for shift in AROUND]
    return []


def needed(current: datetime, first: datetime) -> list[datetime]:
    """All quarters of an hour that `surge` looks at."""
    ends = [current, *compared_with(current, first)]
    return sorted({end - number * QUARTER for end in ends for number in range(WINDOW)})


def _window(series: Series, end: datetime) -> int:
    return sum(series.get(end - number * QUARTER, 0) for number in range(WINDOW))
