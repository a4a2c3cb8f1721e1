"""What `bot announcement` and `bot facts` print alike: answers that differ, and an approval that is awaited."""

from dataclasses import asdict

from rich.markup import escape
from rich.table import Table

from bot.announcements.announcement_steps import AWAITED, AnnouncementOverview
from bot.announcements.preview import AnswerChange
from bot.commands.console import out, report, show_table


def show_changes(changes: list[AnswerChange]) -> None:
    """Print answers that differ."""
    if not changes:
        out.print("No answer changes.")
        return
    table = Table("question", "days", "channel", "until now", "then", show_lines=True)
    for change in changes:
        name = f"{change.question.name}{' again' if change.again else ''}, {', '.join(change.asks)}, {change.language}"
        days = ", ".join(day.isoformat() for day in change.days)
        before, after = asdict(change.before), asdict(change.after)
        for channel in before:
            table.add_row(name, days, channel, escape(before[channel]), escape(after[channel]))
    show_table(table)


def remind(found: AnnouncementOverview) -> None:
    """Say that an approval is still awaited."""
    if found.state in AWAITED:
        report(f"Nobody has approved that yet; a second person does: bot announcement approve {found.id}")
