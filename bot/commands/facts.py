"""`bot facts`: what the assistant may say."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.announcements.announcement_document import RecordChange, announcement_of
from bot.announcements.at_once import change_at_once, change_of, publish_facts_at_once
from bot.announcements.checking import still_named
from bot.announcements.preview_report import preview_report
from bot.announcements.questions import questions_using
from bot.clock import RIGA, parse_moment, today
from bot.commands.announced import remind
from bot.commands.checked import show_former_days
from bot.commands.console import AsOf, key_column, operator_name, out, plain_errors, report, set_clock, show_table
from bot.commands.listed_facts import show_facts_of_day, until_text
from bot.commands.previewed import show_preview
from bot.knowledge.fact_list import sentences_of
from bot.knowledge.fact_versions import versions_of
from bot.knowledge.facts_on_day import last_day, status_on
from bot.knowledge.models import Fact
from bot.knowledge.records import KnowledgeError
from bot.knowledge.topics import topics
from bot.knowledge.validation import load_folder
from bot.open_data.open_facts import open_facts
from bot.open_data.open_files import write_open_files
from bot.replies.catalogue import catalogues
from bot.replies.dated_facts import written_out
from bot.server.preparation import prepare_database
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope

app = typer.Typer(
    help="Facts that the assistant may say: list, show, change one at once, history, export, check.",
    no_args_is_help=True,
)
FACT_FILE = typer.Argument(help="A YAML file with 'facts:' (docs/knowledge.md shows one).")
BY = typer.Option(None, "--by", help="Who does it; the login name when left out.")
WHY = typer.Option(None, "--why", help="Why, for the log.")
LOOK = typer.Option(False, "--preview", help="Only show what would then be said; change nothing.")
JSON_FILE = typer.Option(None, "--out", metavar="FILE", help="The JSON file; facts.json when neither is given.")
PAGE_FILE = typer.Option(None, "--html", metavar="FILE", help="The page for people.")
ON = typer.Option(None, "--on", metavar="DATE", help="First day without the fact (2020-06-10); today when left out.")


@app.command("list")
def list_facts(
    as_of: str = AsOf, everything: bool = typer.Option(False, "--all", help="Also facts that no longer hold.")
) -> None:
    """List the facts that were known on the day, as they were known then, and whether they held.

    What was recorded only later is listed apart.
    """
    with plain_errors():
        set_clock(as_of)
        with session_scope() as session:
            show_facts_of_day(session, today(), everything=everything)


@app.command()
def show(fact_id: str = typer.Argument(help="Id of the fact, as 'bot facts list' shows it.")) -> None:
    """Show one fact in full: texts, source, quote, validity, who approved it."""
    with plain_errors(), session_scope() as session:
        fact = session.get(Fact, fact_id)
        if fact is None or fact.retracted:
            raise KnowledgeError(f"There is no fact '{fact_id}'; 'bot facts list --all' shows them all.")
        table = Table(show_header=False, title=fact.id)
        wordings = {"text": fact.texts, "until it begins": fact.coming_texts, "after the end": fact.ended_texts}
        rows = {
            "key": fact.key,
            "status today": status_on(fact, today()).value,
            "holds": f"{fact.valid_from.isoformat()} until {until_text(fact)}",
            **{
                f"{name}, {language}": (written_out(texts, fact.valid_from, last_day(fact)) or {}).get(language, "–")
                for name, texts in wordings.items()
                for language in LANGUAGES
            },
            "quote": fact.quote or "–",
            "source": f"{fact.source.titles['en']} {fact.source.url or ''}",
            "rows of the fact list": ", ".join(fact.rows),
            "what the rows say": " ".join(sentences_of(fact.rows)),
            "approved by": fact.approved_by,
            "withdrawn from": fact.withdrawn_from.isoformat() if fact.withdrawn_from else "–",
            "answers": ", ".join(_used_by(fact.key)) or "nothing",
        }
        for name, value in rows.items():
            table.add_row(name, escape(value))
        show_table(table)


def _used_by(key: str) -> list[str]:
    return [intent for intent, topic in topics().items() if any(key in t.keys for t in (topic, *topic.places.values()))]


@app.command("history")
def history(fact_id: str = typer.Argument(help="Id of the fact.")) -> None:
    """Show every version of a fact: who made it, when it was the one in force, and which answers used it."""
    with plain_errors(), session_scope() as session:
        versions = versions_of(session, fact_id)
        if not versions:
            raise KnowledgeError(f"There is no fact '{fact_id}'; 'bot facts list --all' shows them all.")
        table = Table("no.", "made by", key_column("in force (Riga)"), "holds from", "English", title=fact_id)
        for version in versions:
            made = f"{version.act}, {version.who}{f': {version.why}' if version.why else ''}"
            begun, ended = (_moment(one) for one in (version.in_force_from, version.in_force_until))
            content = version.content
            held = "taken back" if content["retracted"] else content["valid_from"].isoformat()
            text = (written_out(content["texts"], content["valid_from"]) or {})["en"]
            cells = (made, f"{begun} – {ended}", held, text)
            table.add_row(str(version.number), *map(escape, cells))
        show_table(table)
        keys = {key for version in versions for key in (version.content["key"], *(version.content["covers"] or ()))}
        out.print(f"Answers: {', '.join(questions_using(keys)) or 'none'}.")


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(RIGA):%Y-%m-%d %H:%M}" if moment else "now"


@app.command("publish")
def publish_file(file: Path = FACT_FILE, by: str = BY) -> None:
    """Publish the facts of a file at once, before anybody approved them (bot announcement: with an approval)."""
    with plain_errors():
        with session_scope() as session:
            found = publish_facts_at_once(session, file, operator_name(by))
        out.print(f"Published: {', '.join(record.id for record in found.document.records)}")
        remind(found)


@app.command("withdraw")
def withdraw_fact(
    fact_id: str = typer.Argument(help="Id of the fact."), on: str = ON, by: str = BY, why: str = WHY, look: bool = LOOK
) -> None:
    """Withdraw a fact; from that day on the assistant says that it is no longer in force."""
    with plain_errors():
        day: date = parse_moment(on).date() if on else today()
        done = f"Withdrawn: {fact_id}, from {day.isoformat()} on."
        _change(RecordChange(record=fact_id, withdraw_from=day), done, by, why, look)


@app.command("restore")
def restore_fact(
    fact_id: str = typer.Argument(help="Id of the fact."), by: str = BY, why: str = WHY, look: bool = LOOK
) -> None:
    """Put a withdrawn fact back in force."""
    with plain_errors():
        _change(RecordChange(record=fact_id, restore=True), f"Restored: {fact_id}", by, why, look)


@app.command("move")
def move_fact(
    fact_id: str = typer.Argument(help="Id of the fact."),
    to: str = typer.Option(..., "--to", metavar="DATE", help="Its new first day, earlier or later."),
    by: str = BY,
    why: str = WHY,
    look: bool = LOOK,
) -> None:
    """Give a fact another first day; the one that it replaces ends the day before."""
    with plain_errors():
        day = parse_moment(to).date()
        _change(RecordChange(record=fact_id, move_to=day), f"Moved: {fact_id}, to {day.isoformat()}.", by, why, look)


@app.command("correct")
def correct_fact(
    fact_id: str = typer.Argument(help="Id of the fact."),
    lv: str = typer.Option(..., "--lv", help="The new wording in Latvian."),
    en: str = typer.Option(..., "--en", help="The new wording in English."),
    of: str = typer.Option("text", "--of", help="Which wording: text, short, ended, coming, coming_short."),
    known_from: str = typer.Option(
        None, "--known-from", metavar="DATE", help="First day on which the new wording is known; today when left out."
    ),
    by: str = BY,
    why: str = WHY,
    look: bool = LOOK,
) -> None:
    """Give a fact a new wording, in both languages; answers as of earlier days keep the former one."""
    with plain_errors():
        correction: dict[str, Any] = {"record": fact_id, "correct": {of: {"lv": lv, "en": en}}}
        if known_from:
            correction["known_from"] = parse_moment(known_from).date()
        document = announcement_of(
            {"id": "correct", "made_public": today(), "changes": [correction]},
            "bot facts correct",
        )
        _change(document.changes[0], f"Corrected: {fact_id}", by, why, look)


def _change(change: RecordChange, done: str, by: str | None, why: str | None, look: bool) -> None:
    """Make a change at once, or only show what would then be said."""
    with session_scope() as session:
        document = change_of(session, change, today())
        if look:
            show_preview(preview_report(session, document))
            show_former_days(still_named(session, document))
            return
        named = still_named(session, document)
        found = change_at_once(session, document, operator_name(by), why)
    out.print(done)
    show_former_days(named)
    remind(found)


@app.command()
def check(as_json: bool = typer.Option(False, "--json", help="One JSON object instead of text.")) -> None:
    """Validate the files: facts, quotes, validity, topics, and the texts of both languages."""
    with plain_errors():
        knowledge = load_folder()
        keys = {fact.key for fact in knowledge.facts.values()}
        for intent, topic in topics().items():
            for answer in (topic, *topic.places.values()):
                missing = [key for key in answer.keys if key not in keys]
                if missing:
                    raise KnowledgeError(f"topics.yml: '{intent}' uses facts that no file has: {', '.join(missing)}.")
        texts = catalogues()
        counts = {
            "facts": len(knowledge.facts),
            "sources": len(knowledge.sources),
            "topics": len(topics()),
            "replies": len(next(iter(texts.values())).responses),
        }
        if as_json:
            out.print_json(json.dumps(counts))
        else:
            out.print("All is well: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


@app.command("export")
def export(as_of: str = AsOf, file: Path = JSON_FILE, page: Path = PAGE_FILE) -> None:
    """Write all that is or was said as one open file (docs/schemas), and as a page for people; no person is named."""
    with plain_errors():
        set_clock(as_of)
        with session_scope() as session:
            content = open_facts(session, today())
        for path in write_open_files(content, file or (None if page else Path("facts.json")), page):
            out.print(f"Written: {path}, as of {today().isoformat()}", soft_wrap=True)


@app.command()
def load() -> None:
    """Create the database if need be, and load the facts and demo customers from the files."""
    with plain_errors():
        prepare_database(report)
