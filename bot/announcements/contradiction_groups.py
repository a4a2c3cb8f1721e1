"""Contradicting answers in groups, by reason and by the record that ends; those that repeat one another as one."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.announcements.contradictions import ContradictingAnswer, Reason
from bot.knowledge.fact_list import sentences_of

OF_ENDED = (Reason.RESTS_MAINLY, Reason.RESTS_PARTLY)  # reasons for which the record is the one that ends


@dataclass(frozen=True)
class AlikeAnswers:
    """Answers that say the same, or that rest on the same rows.

    Attributes:
        questions: their names; text: what the first of them says.
        records: ids of the records that they say, where one of them is the reason.
    """

    questions: tuple[str, ...]
    text: str
    records: tuple[str, ...]


@dataclass(frozen=True)
class ContradictionGroup:
    """The answers that contradict for one reason, because of one record.

    Attributes:
        record: id of the record that ends; None where each answer says a record of its own.
        sentences: what the rows of the fact list say on which they rest.
    """

    reason: Reason
    record: str | None
    sentences: tuple[str, ...]
    answers: tuple[AlikeAnswers, ...]

    @property
    def count(self) -> int:
        """How many questions there are in it."""
        return sum(len(alike.questions) for alike in self.answers)


def grouped(found: Iterable[ContradictingAnswer]) -> list[ContradictionGroup]:
    """Contradicting answers in groups, the most certain first."""
    groups: dict[tuple[Reason, str | None], list[ContradictingAnswer]] = {}
    for one in found:
        groups.setdefault((one.reason, one.record if one.reason in OF_ENDED else None), []).append(one)
    ordered = sorted(groups.items(), key=lambda item: [*Reason].index(item[0][0]))
    return [_group(reason, record, answers) for (reason, record), answers in ordered]


def _group(reason: Reason, record: str | None, answers: list[ContradictingAnswer]) -> ContradictionGroup:
    rows = dict.fromkeys(row for one in answers for row in one.rows)
    if record is None:
        rows = dict.fromkeys(one.rows[0] for one in answers if one.rows)
    return ContradictionGroup(reason, record, tuple(sentences_of(rows)), tuple(_alike(answers, own=record is None)))


def _alike(answers: list[ContradictingAnswer], *, own: bool) -> list[AlikeAnswers]:
    lines: dict[object, list[ContradictingAnswer]] = {}
    for one in answers:
        lines.setdefault(_told(one), []).append(one)
    return [
        AlikeAnswers(
            tuple(dict.fromkeys(one.question.name for one in line)),
            line[0].text,
            tuple(dict.fromkeys(one.record for one in line)) if own else (),
        )
        for line in lines.values()
    ]


def _told(one: ContradictingAnswer) -> object:
    """What two answers that merely repeat one another have in common."""
    return one.conveyed or one.text
