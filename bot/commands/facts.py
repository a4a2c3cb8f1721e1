"""`bot facts`: what the assistant may say."""

import json
from datetime import date
from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from bot.clock import parse_moment, today
from bot.commands.console import AsOf, key_column, out, plain_errors, report, set_clock, show_table
from bot.knowledge.fact_store import all_facts, last_day, publish, status_on, withdraw
from bot.knowledge.models import Fact
from bot.knowledge.records import KnowledgeError
from bot.knowledge.topics import topics
from bot.knowledge.validation import load_folder
from bot.replies.catalogue import catalogues
from bot.server.preparation import prepare_database
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope

app = typer.Typer(help="Facts that the assistant may say: list, show, publish, withdraw, check.", no_args_is_help=True)
FACT_FILE = typer.Argument(help="A YAML file with 'facts:' (docs/knowledge.md shows one).")
ON = typer.Option(None, "--on", metavar="DATE", help="First day without the fact (2020-06-10); today when left out.")


@app.command("list")
def list_facts(
    as_of: str = AsOf, everything: bool = typer.Option(False, "--all", help="Also facts that no longer hold.")
) -> None:
    """List the facts and whether they hold."""
    with plain_errors():
        set_clock(as_of)
        table = Table(
            key_column("id"), "status", key_column("from"), "until", "English", title=f"Facts on {today().isoformat()}"
        )
        with session_scope() as session:
            for fact in all_facts(session):
                status = status_on(fact, today()).value
                if everything or status in ("in force", "not yet"):
                    table.add_row(fact.id, status, fact.valid_from.isoformat(), _until(fact), escape(fact.texts["en"]))
        show_table(table)


def _until(fact: Fact) -> str:
    last = last_day(fact)
    if last is not None:
        return str(last.isoformat())
    return f"the event '{fact.until_event_id}' ends" if fact.until_event_id else "further notice"


@app.command()
def show(fact_id: str = typer.Argument(help="Id of the fact, as 'bot facts list' shows it.")) -> None:
    """Show one fact in full: texts, source, quote, validity, who approved it."""
    with plain_errors(), session_scope() as session:
        fact = session.get(Fact, fact_id)
        if fact is None:
            raise KnowledgeError(f"There is no fact '{fact_id}'; 'bot facts list --all' shows them all.")
        table = Table(show_header=False, title=fact.id)
        rows = {
            "key": fact.key,
            "status today": status_on(fact, today()).value,
            "holds": f"{fact.valid_from.isoformat()} until {_until(fact)}",
            **{f"text, {language}": fact.texts[language] for language in LANGUAGES},
            **{f"after the end, {language}": (fact.ended_texts or {}).get(language, "–") for language in LANGUAGES},
            "quote": fact.quote or "–",
            "source": f"{fact.source.titles['en']} {fact.source.url or ''}",
            "rows of the fact list": ", ".join(fact.rows),
            "approved by": fact.approved_by,
            "withdrawn from": fact.withdrawn_from.isoformat() if fact.withdrawn_from else "–",
            "answers": ", ".join(_used_by(fact.key)) or "nothing",
        }
        for name, value in rows.items():
            table.add_row(name, escape(value))
        show_table(table)


def _used_by(key: str) -> list[str]:
    return [intent for intent, topic in topics().items() if any(key in t.keys for t in (topic, *topic.places.values()))]


@app.command("publish")
def publish_file(file: Path = FACT_FILE) -> None:
    """Publish the facts of a file; they hold with the next message, in all running processes."""
    with plain_errors():
        with session_scope() as session:
            ids = publish(session, file)
        out.print(f"Published: {', '.join(ids)}")


@app.command("withdraw")
def withdraw_fact(
    fact_id: str = typer.Argument(help="Id of the fact."),
    on: str = ON,
) -> None:
    """Withdraw a fact; from that day on the assistant says that it is no longer in force."""
    with plain_errors():
        day: date = parse_moment(on).date() if on else today()
        with session_scope() as session:
            withdraw(session, fact_id, day)
        out.print(f"Withdrawn: {fact_id}, from {day.isoformat()} on.")


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


@app.command()
def load() -> None:
    """Create the database if need be, and load the facts and demo customers from the files."""
    with plain_errors():
        prepare_database(report)
