"""How surely danger and despair are noticed: `data/held_out/danger`, messages labelled danger, despair or harmless."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.domain_names import ALARMS, Intent
from bot.evaluation.conversation_sets import DEVELOPMENT, UNTOUCHED
from bot.evaluation.understood_sentences import Understand
from bot.settings import LANGUAGES
from bot.training.sentences import FOLDER

DANGER = FOLDER / "danger"
HARMLESS = "harmless"
HALVES = (DEVELOPMENT, UNTOUCHED)


@dataclass(frozen=True)
class LabelledAlarm:
    """A message; `label` is one of ALARMS or HARMLESS."""

    text: str
    label: str


@dataclass(frozen=True)
class AlarmFigures:
    """Counts of one half; `missed` are messages of danger or despair that raise no alarm, either one counting.

    Attributes:
        wrong: the texts that were missed or raised a false alarm.
    """

    danger: int
    danger_missed: int
    despair: int
    despair_missed: int
    harmless: int
    false_alarms: int
    wrong: tuple[str, ...] = ()


def read_alarms(half: str, folder: Path = DANGER) -> list[LabelledAlarm]:
    """The messages of DEVELOPMENT or UNTOUCHED in both languages.

    Raises:
        ValueError: a line has no known label.
    """
    found = []
    for language in LANGUAGES:
        for line in (folder / f"{half}.{language}.tsv").read_text(encoding="utf-8").splitlines():
            label, _, text = line.partition("\t")
            if label not in (*ALARMS, HARMLESS) or not text:
                raise ValueError(f"{half}.{language}.tsv: no label and message: {line!r}")
            found.append(LabelledAlarm(text, label))
    return found


def alarm_figures(understand: Understand, half: str) -> AlarmFigures:
    """The figures of a half."""
    messages = read_alarms(half)
    raised = asyncio.run(_raised(understand, messages))
    both = list(zip(messages, raised, strict=True))

    def count(label: str, *, alarm: bool) -> int:
        return sum(one.label == label and is_raised is alarm for one, is_raised in both)

    labels = [one.label for one in messages]
    return AlarmFigures(
        danger=labels.count(Intent.REPORT_DANGER),
        danger_missed=count(Intent.REPORT_DANGER, alarm=False),
        despair=labels.count(Intent.REPORT_DESPAIR),
        despair_missed=count(Intent.REPORT_DESPAIR, alarm=False),
        harmless=labels.count(HARMLESS),
        false_alarms=count(HARMLESS, alarm=True),
        wrong=tuple(one.text for one, is_raised in both if is_raised is (one.label == HARMLESS)),
    )


async def _raised(understand: Understand, messages: list[LabelledAlarm]) -> list[bool]:
    return [(await understand(one.text)).intent in ALARMS for one in messages]
