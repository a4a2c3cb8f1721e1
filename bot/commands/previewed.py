"""What `bot announcement preview` and `bot facts … --preview` print."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from rich.markup import escape
from rich.table import Table

from bot.announcements.preview_report import PreviewReport
from bot.commands.console import out
from bot.settings import LANGUAGES

HEAD = ("what", "days", "channel", "until now", "then")
MOST_TEXTS, NAMED = 10, 6  # new texts of the summary; questions that it names of each
LINE_END = " ⏎ "  # of an answer with several lines, where a row is one line


def show_preview(report: PreviewReport) -> None:
    """Print a summary, then what differs."""
    if not (report.answers or report.topics or report.fixed):
        out.print("No answer changes.")
        return
    for line in summary(report):
        out.print(line, markup=False, soft_wrap=True)
    _show_rows([*_fixed(report), *_answers(report)])


def summary(report: PreviewReport) -> Iterator[str]:
    """The summary, in lines: how much differs, on which days, and the new topics."""
    yield (
        f"Preview of {report.announcement}: {report.differing} answers to {report.questions} questions differ, "
        f"{len(report.answers)} when equal ones are merged; {len(report.fixed)} fixed replies."
    )
    yield f"Looked at: {_days(report.days)}."
    if report.answers:
        yield "New texts, of those that most questions get:"
        yield from _new_texts(report)
    for topic in report.topics:
        counted = ", ".join(f"{count} {language}" for language, count in topic.examples.items())
        is_new = "is understood by questions of its own" if topic.understood else "is no longer understood"
        offered = "; 'What has changed?' offers it" if topic.offered else ""
        titles = " / ".join(topic.titles.values())
        yield f"Topic {topic.question} ({titles}; examples: {counted}) {is_new}, on {_days(topic.days)}{offered}."


def _new_texts(report: PreviewReport) -> Iterator[str]:
    """By new text, in the language that operators read or the only one, the questions that get it; the most first."""
    languages = {change.language for change in report.answers}
    language = LANGUAGES[-1] if LANGUAGES[-1] in languages else LANGUAGES[0]
    asked: dict[str, list[str]] = {}
    for change in report.answers:
        if change.language == language:
            asked.setdefault(next(iter(change.after.values())), []).extend(change.questions)
    for text, questions in sorted(asked.items(), key=lambda item: -len(item[1]))[:MOST_TEXTS]:
        names = list(dict.fromkeys(name.partition(" ")[0] for name in questions))
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        yield f"• {len(names)} questions ({', '.join(names[:NAMED])}{more}): {text.splitlines()[0] if text else '–'}"


def _fixed(report: PreviewReport) -> Iterator[list[str]]:
    for change in report.fixed:
        yield from _by_channel(f"{change.reply}, {change.language}", change.days, change.before, change.after)


def _answers(report: PreviewReport) -> Iterator[list[str]]:
    for change in report.answers:
        name = f"{', '.join(change.questions)}, {change.language}"
        yield from _by_channel(name, change.days, change.before, change.after)


def _by_channel(name: str, days: Sequence[date], before: dict[str, str], after: dict[str, str]) -> Iterator[list[str]]:
    for channel, text in before.items():
        yield [name, _days(days), channel, text or "–", after[channel] or "–"]


def _days(days: Iterable[date]) -> str:
    return ", ".join(day.isoformat() for day in days) or "no day"


def _show_rows(rows: Iterable[Sequence[str]]) -> None:
    """A table at a terminal; into a file or a pipe one line a row, without the padding, which would be most of it."""
    if not out.is_terminal:
        for row in (HEAD, *rows):
            out.print("│ " + " │ ".join(cell.replace("\n", LINE_END) for cell in row), markup=False, soft_wrap=True)
        return
    table = Table(*HEAD, show_lines=True)
    for row in rows:
        table.add_row(*map(escape, row))
    out.print(table)
