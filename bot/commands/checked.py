"""What `bot announcement check` prints: contradictions in groups, and what to look at besides.

Contradictions are the result and go to standard output; what only wants a look goes to standard error.
"""

from collections.abc import Iterable
from itertools import groupby

from rich.markup import escape
from rich.table import Table

from bot.announcements.checking import AnnouncementCheck
from bot.announcements.contradiction_groups import ContradictionGroup, grouped
from bot.announcements.former_days import FormerDay
from bot.announcements.former_event import FormerEventGroup, by_topic
from bot.announcements.swallowed_questions import SwallowedQuestion
from bot.commands.console import err, out, show_table

SINGLE = 4  # questions that a hint names


def show_contradictions(check: AnnouncementCheck) -> None:
    """Print the answers that contradict, group by group, the most certain first."""
    for number, group in enumerate(grouped(check.contradictions), 1):
        because = f"'{group.record}' ends; this {group.reason.value}" if group.record else f"this {group.reason.value}"
        out.print(f"{number}. {because} ({group.count} questions):", soft_wrap=True, markup=False)
        for sentence in group.sentences:
            out.print(f"   {sentence}", soft_wrap=True, markup=False)
        show_table(_table(group))


def _table(group: ContradictionGroup) -> Table:
    own = [] if group.record else ["record"]
    table = Table("question", *own, "would go on saying")
    for alike in group.answers:
        records = [", ".join(alike.records)] if own else []
        table.add_row(", ".join(alike.questions), *records, escape(alike.text))
    return table


def show_notices(check: AnnouncementCheck) -> None:
    """Print what to look at: silences, days that no longer hold, questions that get a text about something else."""
    show_former_days(check.former_days)
    _show_silences(check)
    for record, questions in groupby(check.swallowed, key=lambda one: one.record):
        _show_swallowed(record, list(questions))
    for (former, event), groups in groupby(by_topic(check.former_event), key=lambda one: (one.former, one.event)):
        _show_former_event(former, event, list(groups))


def show_former_days(found: Iterable[FormerDay]) -> None:
    """Print the records that still name a day which is another one now."""
    for one in found:
        _note(
            f"'{one.record}' still names {one.day.isoformat()}, which changes with '{one.changed}': \"{one.text}\" "
            f"Correct it (changes: {{record: {one.record}, correct: …}}; at once: bot facts correct {one.record})."
        )


def _show_silences(check: AnnouncementCheck) -> None:
    for group in grouped(check.silences):
        _note(f"Look whether it stays true; this {group.reason.value}:")
        for alike in group.answers:
            _note(f"  {', '.join(alike.records)} ({', '.join(alike.questions)}): {alike.text}")


def _show_swallowed(record: str, found: list[SwallowedQuestion]) -> None:
    topics = ", ".join(sorted({one.topic for one in found}))
    table = Table("question", "until now", "then", title=f"'{record}' answers all of {topics}, also these:")
    for one in found:
        table.add_row(one.question.name, escape(one.before), escape(one.after))
    show_table(table, err)
    names = [one.question.about or one.topic for one in found]
    _note(
        f"Where the new text of '{record}' does not answer them, name under 'answers' the single questions that it "
        f"does answer ('bot announcement questions {found[0].topic}' lists their names), and leave out "
        f"{', '.join(names[:SINGLE])}{' …' if len(names) > SINGLE else ''}, or give them a record of their own."
    )


def _show_former_event(former: str, event: str, groups: list[FormerEventGroup]) -> None:
    count = sum(len(group.questions) for group in groups)
    title = f"{count} answers know nothing about '{event}' and speak of the end of '{former}':"
    table = Table("about", "which ones", "one of them says", title=title)
    for group in groups:
        names = ", ".join(group.questions[:SINGLE]) + (" …" if len(group.questions) > SINGLE else "")
        table.add_row(group.topic, f"{len(group.questions)}: {names}", escape(group.text))
    show_table(table, err)
    keys = ", ".join(dict.fromkeys(key for group in groups for key in group.keys))
    led = f", or give a record one of the keys that lead whole topics ({keys})" if keys else ""
    _note(
        f"Each is true as long as nothing about it is announced for '{event}'. Where something is, name the question "
        f"under 'answers' of a record{led}."
    )


def _note(line: str) -> None:
    err.print(line, style="dim", markup=False, soft_wrap=True)
