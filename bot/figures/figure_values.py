"""The figures of a period, from the sums of the counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.desk.kinds import About
from bot.figures.counted_things import OUTCOMES, RECORDED_CALLS, Counted
from bot.figures.definitions import FigureName
from bot.figures.desk_counts import typical
from bot.figures.reading import Sum


@dataclass(frozen=True)
class FigureValue:
    """A figure.

    Attributes:
        number: a count; None where the figure is none.
        share: of what its definition says, 0 to 1.
        seconds: a time at most, as the name of a range (`bot.figures.desk_counts.RANGES`).
        mean: of `number` ratings.
    """

    number: int | None = None
    share: float | None = None
    seconds: str | None = None
    mean: float | None = None


def figure_values(found: Iterable[Sum]) -> dict[FigureName, FigureValue]:
    """All figures.

    Args:
        found: sums by what, name and channel.
    """
    all_of: Counter[str] = Counter()
    of_assistant: Counter[str] = Counter()  # without recorded calls, which it did not answer
    by_name: dict[str, Counter[str]] = {}
    for one in found:
        what, name, channel = one.by
        all_of[what] += one.count
        by_name.setdefault(what, Counter())[name] += one.count
        if channel != RECORDED_CALLS:
            of_assistant[what] += one.count
    replied = sum(of_assistant[what] for what in OUTCOMES)
    talks, handed_over = of_assistant[Counted.CONVERSATION], of_assistant[Counted.CONVERSATION_HANDED_OVER]
    # A conversation that began before the period may be handed over within it.
    alone = max(0, talks - handed_over)
    turns = all_of[Counted.TURN]
    return {
        FigureName.CONVERSATIONS: FigureValue(all_of[Counted.CONVERSATION]),
        FigureName.TURNS: FigureValue(turns),
        FigureName.ALONE: FigureValue(alone, _share(alone, talks)),
        FigureName.ANSWERED: _of(of_assistant[Counted.ANSWERED], replied),
        FigureName.ASKED_BACK: _of(of_assistant[Counted.ASKED_BACK], replied),
        FigureName.NOT_UNDERSTOOD: _of(all_of[Counted.NOT_UNDERSTOOD], turns),
        FigureName.OTHER_SUBJECTS: _of(all_of[Counted.OUT_OF_SCOPE], turns),
        FigureName.HANDED_OVER: FigureValue(handed_over, _share(min(handed_over, talks), talks)),
        FigureName.FAILED: _of(all_of[Counted.FAILED], replied),
        FigureName.LOST: FigureValue(all_of[Counted.LOST]),
        FigureName.REQUESTS: FigureValue(all_of[Counted.REQUEST]),
        FigureName.WAITED: FigureValue(seconds=typical(by_name.get(Counted.WAITED, Counter()))),
        FigureName.WAITED_MOST: FigureValue(seconds=typical(by_name.get(Counted.WAITED, Counter()), share=0.9)),
        FigureName.FIRST_ANSWER: FigureValue(seconds=typical(by_name.get(Counted.FIRST_ANSWER, Counter()))),
        FigureName.RATING_ASSISTANT: _rating(by_name, About.ASSISTANT),
        FigureName.RATING_PERSON: _rating(by_name, About.PERSON),
    }


def named(found: Iterable[Sum], what: Counted) -> list[tuple[str, int]]:
    """The names of something with their sums, the most frequent first."""
    counts: Counter[str] = Counter()
    for one in found:
        if one.by[0] == what:
            counts[one.by[1]] += one.count
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _of(number: int, total: int) -> FigureValue:
    return FigureValue(number, _share(number, total))


def _share(number: int, total: int) -> float | None:
    return number / total if total else None


def _rating(by_name: dict[str, Counter[str]], about: About) -> FigureValue:
    given = {
        int(name.rpartition("/")[2]): count
        for name, count in by_name.get(Counted.RATED, Counter()).items()
        if name.startswith(f"{about}/")
    }
    number = sum(given.values())
    return FigureValue(number, mean=sum(value * count for value, count in given.items()) / number if number else None)
