"""`bot evaluate --conversations`: whole conversations, held in this process and judged turn by turn."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from rich.table import Table

from bot.commands.console import key_column, out, show_table
from bot.evaluation.conversation_baseline import (
    conversation_falls,
    conversation_figures_held,
    write_conversation_baseline,
)
from bot.evaluation.conversation_sets import DEVELOPMENT, UNTOUCHED, held_out_conversations
from bot.evaluation.danger_sets import HALVES, AlarmFigures, alarm_figures
from bot.evaluation.judged_turns import ConversationFigures, JudgedTurn, figures_of
from bot.evaluation.throwaway_database import throwaway_database
from bot.training.trained_model import train

FILE = "conversations.json"


def evaluate_conversations(reports: Path, tell: Callable[[str], None], *, accept: bool = False) -> list[str]:
    """Hold all labelled conversations; writes reports/conversations.json with each wrong turn that may be read.

    Args:
        accept: whether the figures become the baseline.

    Returns:
        The figures that lie below the baseline, one line each.
    """
    from bot.evaluation.held_conversations import held
    from bot.rasa.local_assistant import LocalAssistant

    model = train(tell)
    with throwaway_database(tell) as database:  # it is emptied before each conversation
        assistant = LocalAssistant(model)
        judged = {
            group: held(assistant, held_out_conversations(group), tell, database) for group in (DEVELOPMENT, UNTOUCHED)
        }
        tell("Looking for danger …")
        alarms = {half: alarm_figures(assistant.parse, half) for half in HALVES}
    figures = {group: figures_of(turns) for group, turns in judged.items()}
    reports.mkdir(parents=True, exist_ok=True)
    content = {
        "figures": {group: asdict(one) for group, one in figures.items()},
        "danger": {half: {**asdict(one), "wrong": len(one.wrong)} for half, one in alarms.items()},
        "wrong_alarms": alarms[DEVELOPMENT].wrong,
        # The others are only scored: nobody is to learn from their sentences.
        "wrong": [_told(turn) for turn in judged[DEVELOPMENT] if turn.faults],
    }
    path = reports / FILE
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _show(figures)
    _show_alarms(alarms)
    out.print(f"Report: {path}", markup=False, soft_wrap=True)
    now = conversation_figures_held(figures, alarms)
    if accept:
        write_conversation_baseline(now)
    return conversation_falls(now)


def _told(turn: JudgedTurn) -> dict[str, object]:
    return {
        "conversation": turn.conversation,
        "turn": turn.number,
        "said": turn.label.said,
        "understood": turn.understood,
        "faults": turn.faults,
        "replies": turn.replies,
    }


def _show(figures: dict[str, ConversationFigures]) -> None:
    table = Table(key_column("conversations"), "turns", "right", "follow-ups", "several questions", "danger missed")
    for group, one in figures.items():
        shares = (f"{share:.3f}" for share in (one.right, one.follow_ups, one.several_questions))
        table.add_row(group, str(one.turns), *shares, str(one.danger_missed))
    show_table(table)


def _show_alarms(alarms: dict[str, AlarmFigures]) -> None:
    table = Table(key_column("danger"), "messages", "missed", "despair", "missed", "harmless", "false alarms")
    for half, one in alarms.items():
        counts = (one.danger, one.danger_missed, one.despair, one.despair_missed, one.harmless, one.false_alarms)
        table.add_row(half, *map(str, counts))
    show_table(table)
