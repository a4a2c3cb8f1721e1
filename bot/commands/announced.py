"""What commands print of the steps of announcements: the log, and that an approval is awaited."""

from collections.abc import Iterable

from rich.markup import escape
from rich.table import Table

from bot.announcements.announcement_steps import AWAITED, AnnouncementOverview, LoggedStep
from bot.clock import RIGA
from bot.commands.console import key_column, report, show_table


def remind(found: AnnouncementOverview) -> None:
    """Say that an approval is still awaited."""
    if found.state in AWAITED:
        report(f"Nobody has approved that yet; a second person does: bot announcement approve {found.id}")


def show_log(steps: Iterable[LoggedStep]) -> None:
    """Print steps, with their moments in Riga's time."""
    table = Table(key_column("when (Riga)"), "announcement", "step", "by", "why")
    for step in steps:
        when = f"{step.at.astimezone(RIGA):%Y-%m-%d %H:%M}"
        table.add_row(when, step.announcement, step.step.value, escape(step.who), escape(step.why or "–"))
    show_table(table)
