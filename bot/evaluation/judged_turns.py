"""Judging what a reply conveys by a turn's label."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.evaluation.conversation_sets import LabelledTurn
from bot.knowledge.conveyed import Act, Conveyed, Opening

# Acts that are near enough to each other: information with its next step, and two ways not to answer.
ALIKE = (
    frozenset({Act.ANSWER, Act.OUTAGE, Act.DISCONNECTED, Act.SCAM}),
    frozenset({Act.REFUSE, Act.ANSWER}),
    frozenset({Act.CLARIFY, Act.OUT_OF_SCOPE}),
)


@dataclass(frozen=True)
class JudgedTurn:
    """A turn that was held; `faults` is empty where it is right."""

    conversation: str
    number: int  # from 1
    label: LabelledTurn
    replies: tuple[str, ...]
    understood: str  # the intent, and what decided
    faults: tuple[str, ...]


def faults_of(label: LabelledTurn, conveyed: Conveyed) -> tuple[str, ...]:
    """What is wrong with a reply, one phrase each."""
    rows, found = set(conveyed.rows), []
    if conveyed.act != label.act and not any({conveyed.act, label.act} <= alike for alike in ALIKE):
        found.append(f"act {conveyed.act} for {label.act}")
    if label.opening not in (Opening.NONE, conveyed.opening):
        found.append(f"opening {conveyed.opening} for {label.opening}")
    found += [f"lacks {'|'.join(sorted(group))}" for group in label.must if not group & rows]
    found += [f"says {row}" for row in sorted(label.forbid & rows)]
    return tuple(found)


@dataclass(frozen=True)
class ConversationFigures:
    """Shares of right turns, 0 to 1; of all, of follow-ups, of turns with several questions, by act."""

    turns: int
    right: float
    follow_ups: float
    several_questions: float
    danger_missed: int
    by_act: dict[Act, tuple[int, int]]  # right, all
    by_fault: dict[str, int]


def figures_of(judged: Iterable[JudgedTurn]) -> ConversationFigures:
    """The figures of a set of turns."""
    turns = list(judged)
    acts = Counter(one.label.act for one in turns)
    right = Counter(one.label.act for one in turns if not one.faults)
    urgent = {Act.DANGER, Act.DESPAIR}
    missed = [one for one in turns if one.label.act in urgent and any(f.startswith("act ") for f in one.faults)]
    return ConversationFigures(
        turns=len(turns),
        right=_share(turns),
        follow_ups=_share([one for one in turns if one.number > 1]),
        several_questions=_share([one for one in turns if len(one.label.must) > 2]),
        danger_missed=len(missed),
        by_act={act: (right[act], count) for act, count in sorted(acts.items())},
        by_fault=dict(Counter(fault.partition(" ")[0] for one in turns for fault in one.faults)),
    )


def _share(turns: list[JudgedTurn]) -> float:
    return sum(not one.faults for one in turns) / len(turns) if turns else 1.0
