"""`bot evaluate` and `bot explain`: NLU metrics on the held-out test sets, and the parse of one sentence explained."""

import asyncio
import time
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.clock import now
from bot.commands.console import fail, key_column, out, plain_errors, progress, show_table
from bot.commands.evaluate_conversations import evaluate_conversations
from bot.commands.evaluate_new_topics import evaluate_new_topics
from bot.settings import PROJECT
from bot.training.trained_model import model_path, train

REPORTS = typer.Option(PROJECT / "reports", "--reports", metavar="FOLDER", help="Where the report is written.")
AGAINST = typer.Option(None, "--against", metavar="stock", help="Also train and measure the pipeline of 'rasa init'.")
CHECK = typer.Option(False, "--check", help="Exit with status 1 when a figure is over a point below the baseline.")
ACCEPT = typer.Option(False, "--accept", help="Make the figures of this run the baseline.")
CONVERSATIONS = typer.Option(
    False, "--conversations", help="Hold whole labelled conversations instead; writes reports/conversations.json."
)
NEW_TOPICS = typer.Option(
    False, "--new-topics", help="Publish new topics and measure those instead; writes reports/new_topics.json."
)
QUICK = typer.Option(False, "--quick", help="Skip learning curve and latency.")
NEAREST = 5


def evaluate(
    reports: Path = REPORTS,
    against: str = AGAINST,
    check: bool = CHECK,
    accept: bool = ACCEPT,
    quick: bool = QUICK,
    conversations: bool = CONVERSATIONS,
    new_topics: bool = NEW_TOPICS,
) -> None:
    """Measure NLU on the held-out test sets; writes reports/nlu.html and reports/nlu.json.

    Trains first if the model is missing or out of date.
    """
    if against not in (None, "stock"):
        fail(f"--against {against}: there is only 'stock'.")
    if new_topics:
        if against or quick or check or accept or conversations:
            fail("--new-topics goes with --reports only.")
        with plain_errors(), progress() as tell:
            evaluate_new_topics(reports, tell)
        return
    if conversations:
        if against or quick:
            fail("--conversations goes with --reports, --check and --accept.")
        with plain_errors(), progress() as tell:
            below = evaluate_conversations(reports, tell, accept=accept)
        if check and below:
            fail("Conversations fell below the baseline: " + "; ".join(below) + ".")
        return
    with plain_errors(), progress() as tell:
        from bot.evaluation import baseline, evaluation_report, stock, understanding_figures, understood_sentences
        from bot.evaluation.throwaway_database import throwaway_database

        if against:
            stock.load_tensorflow()
        began, missing = time.monotonic(), not model_path().exists()
        model = train(tell)
        seconds = time.monotonic() - began if missing else None
        with throwaway_database(tell):
            found = understood_sentences.every_set(understood_sentences.own(model), tell)
        content: dict[str, Any] = {
            "made": now().isoformat(timespec="minutes"),
            "model": model.name,
            "training_seconds": seconds,
            "stock_training_seconds": None,
            "models": {"ours": understanding_figures.of_groups(found)},
            "latency": None,
            "learning_curve": [],
            "changes": [],
        }
        if against:
            content["models"]["stock"], content["stock_training_seconds"] = _stock(tell)
        if not quick:
            from bot.evaluation import curve, latency

            tell("Measuring the time of a parse on one core …")
            content["latency"] = latency.measured(model)
            content["learning_curve"] = curve.learning_curve(tell)
        before = baseline.read() if baseline.BASELINE.is_file() else {"figures": {}, "wrong": {}}
        falls = baseline.falls(found, before)
        content["changes"] = baseline.changes(found, before)
        page, _ = evaluation_report.write(content, found, reports)
        if accept:
            baseline.write(found)
    _show(content)
    out.print(f"Report: {page}", markup=False, soft_wrap=True)
    if check and falls:
        out.print("\n".join(content["changes"]), markup=False, soft_wrap=True)
        fail("Understanding fell below the baseline: " + "; ".join(falls) + ".")


def _stock(tell: Any) -> tuple[dict[str, Any], float]:
    from bot.evaluation import stock, understanding_figures, understood_sentences

    path, seconds = stock.trained(tell)
    return understanding_figures.of_groups(
        understood_sentences.every_set(understood_sentences.rasa_model(path), tell)
    ), seconds


def _show(content: dict[str, Any]) -> None:
    from bot.evaluation.goals import compared

    models = content["models"]
    table = Table(key_column("set"), "sentences", *(f"{name}: right" for name in models))
    for group, ours in models["ours"].items():
        for name, one in ours["sets"].items():
            rights = [f"{figures[group]['sets'][name]['accuracy']:.3f}" for figures in models.values()]
            table.add_row(name, str(one["sentences"]), *rights)
    show_table(table)
    for row in compared(content):
        if row["met"] is False:
            missed = f"{row['figure']} {row['reached']:.3f} instead of {row['wanted']}"
            out.print(f"Goal missed: {missed}.", markup=False, soft_wrap=True)


def explain(text: str = typer.Argument(help="What a customer wrote.")) -> None:
    """Show how a sentence is parsed: language, corrected words, intents, entities, nearest training examples."""
    with plain_errors(), progress() as tell:
        model = model_path()
        if not model.is_file():
            fail(f"The model {model} is missing; train it with 'bot train'.")
        tell("Loading the model …")
        from bot.rasa.local_assistant import LocalAssistant
        from bot.words.text import fold

        found = asyncio.run(LocalAssistant(model).parse(text))
        tell("Looking for the nearest training examples …")
        from bot.evaluation.nearest import nearest

        mended, near = nearest(text, NEAREST)
    table = Table(show_header=False, box=None)
    table.add_row("language", f"{found.language_code}  {found.language.confidence if found.language else 0:.2f}")
    table.add_row("mended", escape(mended))
    table.add_row("normalised", escape(" · ".join(fold(mended).split())))
    table.add_row("answered as", f"{found.intent}  {found.confidence:.2f}")
    for question in found.questions:
        asked = escape(text[question.start : question.end])
        table.add_row("a question", f"{question.intent}  {question.confidence:.2f}  {asked}")
    for guess in found.ranking[:NEAREST]:
        table.add_row("likely", f"{guess.intent}  {guess.confidence:.2f}")
    for entity in found.entities:
        table.add_row("entity", escape(f"{entity.name} = {entity.value}"))
    for one in near:
        place = f"{one.example.path.relative_to(PROJECT)}:{one.example.line}"
        table.add_row("nearest", f"{one.nearness:.2f}  {one.example.label}  {escape(one.example.text)}  ({place})")
    out.print(table, soft_wrap=True)
