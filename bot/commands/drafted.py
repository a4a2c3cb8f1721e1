"""Showing what was found in a release (`bot announcement draft`)."""

from rich.markup import escape
from rich.table import Table

from bot.commands.console import out, report, show_table
from bot.drafting.quoted_facts import Covered
from bot.drafting.read_release import ReadSentence
from bot.drafting.release_draft import ReleaseDraft
from bot.drafting.release_file import found_in
from bot.replies.dated_facts import written_out
from bot.settings import LANGUAGES

NAMED = 4  # facts of a cell


def show_draft(drafted: ReleaseDraft) -> None:
    """Print each sentence with what stands in it, which facts cover it, and what stands in none."""
    table = Table("no.", "sentence", "found", "covered by", "record", title="The release, sentence by sentence")
    for read in drafted.release.sentences:
        table.add_row(*map(escape, _cells(read, drafted)))
    show_table(table)
    uncovered = [str(one.sentence.number) for one in drafted.release.sentences if one.needs_record]
    out.print(f"No record covers yet: sentences {', '.join(uncovered)}.")
    _show_unmentioned(drafted)
    if drafted.problem:
        report(f"Besides what is to be written: {drafted.problem}")


def _cells(read: ReadSentence, drafted: ReleaseDraft) -> list[str]:
    number = read.sentence.number
    records = [one.id for one in drafted.records if number in one.sentences]
    own = " ".join(read.sentence.text.split())
    return [str(number), own, found_in(read), _covered(read), ", ".join(records) or read.sentence.kind]


def _covered(read: ReadSentence) -> str:
    found = read.coverage
    if found.state is Covered.NOT:
        return "–"
    more = f" and {len(found.facts) - NAMED} more" if len(found.facts) > NAMED else ""
    left = f"; not: {' … '.join(found.left)}" if found.left else ""
    return f"{', '.join(found.facts[:NAMED])}{more}{left}"


def _show_unmentioned(drafted: ReleaseDraft) -> None:
    if not drafted.unmentioned:
        out.print("No other fact about the same places and topics goes on being said.")
        return
    table = Table("fact", "goes on saying", title="In no sentence, and about the same places or topics")
    for fact in drafted.unmentioned:
        texts = written_out(fact.texts, fact.valid_from) or {}
        table.add_row(fact.id, escape(texts[LANGUAGES[-1]]))
    show_table(table)
