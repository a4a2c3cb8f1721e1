"""`bot new-topics`: topics that are published with questions of their own and answered without training."""

from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table

from bot.announcements.announcement_document import read_announcement
from bot.clock import today
from bot.commands.console import fail, key_column, out, plain_errors, progress, show_table
from bot.data_files import read_yaml
from bot.knowledge.published_topics import PublishedTopic, topics_now
from bot.knowledge.records import FactRecord, KnowledgeError, read_file
from bot.storage.engine import session_scope
from bot.training.published_examples import learn_topics
from bot.training.trained_model import model_path

app = typer.Typer(help="Topics published with questions of their own: list, check, learn.", no_args_is_help=True)
TOPIC_FILE = typer.Argument(help="A YAML file, an announcement or facts, with 'questions' (docs/knowledge.md).")
DAYS = typer.Option(None, "--days", min=1, help="Only sentences of calls imported in the last so many days.")


@app.command("list")
def list_topics() -> None:
    """List the topics that are answered today, with the number of their examples."""
    with plain_errors():
        table = Table(key_column("key"), "title", "lv", "en")
        with session_scope() as session:
            for topic in topics_now(session, today()).topics:
                counts = [str(len(topic.questions[language])) for language in ("lv", "en")]
                table.add_row(topic.key, escape(topic.titles["en"]), *counts)
        show_table(table)


@app.command()
def check(path: Path = TOPIC_FILE, days: int = DAYS) -> None:
    """Show what publishing a file's topics would change: what answers their examples today, what they would take."""
    with plain_errors(), progress() as tell:
        topics = _topics_of(path)
        model = model_path()
        if not model.is_file():
            fail(f"The model {model} is missing; train it with 'bot train'.")
        with session_scope() as session:
            topics_now(session, today())  # before the model: a database without tables is told at once
        tell("Loading the model …")
        from bot.rasa.local_assistant import LocalAssistant

        understand = LocalAssistant(model).parse  # first, since it prepares how Rasa is imported
        from bot.evaluation.model_parts import model_parts
        from bot.evaluation.topic_conflicts import answered_today, not_understood, summary, would_answer, would_take

        parts = model_parts(model)
        with session_scope() as session:
            waiting = not_understood(session, days)
        lines: list[str] = []
        for topic in topics:
            taken = would_take(parts, topic)
            lines += [f"{topic.key}:", *(f"  {line}" for line in summary(answered_today(understand, topic), taken))]
            lines += [f"    {one.intent}: {one.text}" for one in taken]
            answered = would_answer(parts, topic, waiting)
            lines.append(
                f"  Of {len(waiting)} sentences that were not understood, it would have answered {len(answered)}."
            )
    out.print("\n".join(lines), markup=False, soft_wrap=True)


@app.command()
def learn() -> None:
    """Take the published topics into the training data; the next 'bot train' learns them as questions of an intent."""
    with plain_errors():
        with session_scope() as session:
            topics = topics_now(session, today()).topics
        if not topics:
            fail("No topic is published with questions of its own.")
        found = learn_topics(topics)
        out.print(f"{found.topics} topics with {found.examples} examples; 'bot train' learns them.", markup=False)
        for text in found.left_out:
            out.print(f"Left out, since it stands elsewhere: {text}", markup=False, soft_wrap=True)


def _records_of(path: Path) -> list[FactRecord]:
    content = read_yaml(path)
    is_announcement = isinstance(content, dict) and "records" in content
    return read_announcement(path).records if is_announcement else read_file(path).facts


def _topics_of(path: Path) -> list[PublishedTopic]:
    """The topics of a file that is not published yet.

    Raises:
        KnowledgeError: the file cannot be used, or no record has questions.
    """
    facts = [fact for fact in _records_of(path) if fact.questions and fact.title]
    if not facts:
        raise KnowledgeError(f"{path}: no record has 'questions'; add them, with a 'title', to the one they ask about.")
    return [
        PublishedTopic(
            fact.key,
            {str(language): text for language, text in (fact.title or {}).items()},
            {str(language): text for language, text in fact.text.items()},
            {str(language): list(asked) for language, asked in (fact.questions or {}).items()},
        )
        for fact in facts
    ]
