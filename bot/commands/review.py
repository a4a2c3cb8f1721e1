"""`bot review`: sentences that were not understood are reviewed one by one, and added to the training data."""

import getpass
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy.orm import Session

from bot.calls.caller_meaning import Reader
from bot.calls.review_queue import (
    DISAGREEMENT,
    REASONS,
    IntentGuess,
    Parse,
    ReviewError,
    ReviewItem,
    analysed,
    decide,
    disagreements,
    find,
    queue,
)
from bot.calls.review_queue import correct as put_correction
from bot.calls.training_file import MARK, TrainingFileError, add_example, check_intent
from bot.commands.console import err, fail, key_column, out, plain_errors, report, show_table
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope, take_your_time
from bot.training.sentences import TRAINING
from bot.training.trained_model import model_path

app = typer.Typer(invoke_without_command=True)
SHOWN_KEY = 12  # characters of a key in the table; enough to identify an item
KEY = typer.Argument(help="The key that 'bot review list' shows, or a prefix of it.")
INTENT = typer.Argument(help="What the sentence means: an intent of the training data.")
LANGUAGE = typer.Option(None, help=f"One of {', '.join(LANGUAGES)}; where the turns do not tell it.")


@app.callback()
def review(context: typer.Context) -> None:
    """Review sentences that were not understood; without a subcommand, one after the other."""
    if context.invoked_subcommand is None:
        with _plain_errors():
            _review_all()


@app.command("list")
def list_items(
    reason: str = typer.Option(None, help=f"One of {', '.join(REASONS)}; {DISAGREEMENT} loads the model."),
    language: str = typer.Option(None, help=f"One of {', '.join(LANGUAGES)}, or another language that was spoken."),
    most: int = typer.Option(20, min=1, help="How many to show."),
    as_json: bool = typer.Option(False, "--json", help="One JSON list instead of a table."),
) -> None:
    """List the sentences that wait for review, the most frequent first.

    Sentences on which two models disagree (the one that calls were analysed with, and the current one) are only
    searched with --reason disagreement.
    """
    if reason not in (None, *REASONS):
        fail(f"There is no reason {reason!r}; there are {', '.join(REASONS)}.")
    with _plain_errors(), session_scope() as session:
        items = [
            item
            for item in _waiting(session, compare=reason == DISAGREEMENT)
            if reason in (None, *item.reasons) and language in (None, item.language)
        ]
    if as_json:
        out.print_json(json.dumps([_as_json(item) for item in items[:most]]))
        return
    table = Table(key_column("key"), "count", "language", "reasons", "guesses", "text", key_column("call"))
    for item in items[:most]:
        cells = (item.key[:SHOWN_KEY], str(item.count), item.language, ", ".join(item.reasons), _guesses(item))
        table.add_row(*(escape(cell or "–") for cell in (*cells, item.text, item.call_id)))
    show_table(table)
    if len(items) > most:
        report(f"There are {len(items) - most} more; --most shows them.")


@app.command()
def accept(
    key: str = KEY,
    intent: str = INTENT,
    wording: str = typer.Option(
        None, "--as", metavar="TEXT", help="The sentence to learn instead, such as with a made-up name for [name]."
    ),
    language: str = LANGUAGE,
) -> None:
    """Add a sentence to the training data; it is not asked about again."""
    with _plain_errors(), session_scope() as session:
        take_your_time(session)
        path = _accept(session, find(session, key), intent, wording, language)
    _tell_accepted(intent, path)


@app.command()
def reject(key: str = KEY) -> None:
    """Reject a sentence: nothing is learnt from it, and it is not asked about again."""
    with _plain_errors(), session_scope() as session:
        take_your_time(session)
        item = find(session, key)
        decide(session, item.key, None, _reviewer())
    out.print(f"Rejected: {item.text}", markup=False, soft_wrap=True)


@app.command()
def correct(
    text: str = typer.Argument(help="What was said; personal data are redacted."),
    intent: str = INTENT,
    language: str = typer.Option(..., help=f"One of {', '.join(LANGUAGES)}."),
) -> None:
    """Put a sentence into the queue with the intent that it should have had."""
    with _plain_errors():
        check_intent(language, intent, TRAINING)
        with session_scope() as session:
            key = put_correction(session, text, intent, language)
    out.print(f"It waits for review with the key {key[:SHOWN_KEY]}.")


def _waiting(session: Session, *, compare: bool) -> list[ReviewItem]:
    take_your_time(session)
    if not compare:
        return queue(session)
    turns, as_analysed = analysed(session)
    return queue(session, disagreements(turns, as_analysed, _present_model()) if turns else ())


def _present_model() -> Parse:
    """The model of the current training data; loading it takes seconds."""
    model = model_path()
    if not model.is_file():
        fail(f"The model {model} is missing; train it with 'bot train'.")
    report("Loading the model …")
    reader = Reader(model)

    def parse(text: str) -> IntentGuess:
        meaning = reader.meaning(text)
        return IntentGuess(str(meaning.intent), meaning.confidence)

    return parse


def _accept(session: Session, item: ReviewItem, intent: str, wording: str | None, language: str | None) -> Path:
    spoken = language or item.language
    if spoken is None:
        raise ReviewError(f"It is not known what language this is; say it with --language ({', '.join(LANGUAGES)}).")
    check_intent(spoken, intent, TRAINING)
    # The decision first: if the database refuses it, nothing is learnt; if the file does, the decision is rolled back.
    decide(session, item.key, intent, _reviewer())
    return add_example(item.text if wording is None else wording, spoken, intent, TRAINING)


def _tell_accepted(intent: str, path: Path) -> None:
    out.print(f"Accepted as {intent}, in {path}; 'bot train' learns it.", markup=False, soft_wrap=True)


def _review_all() -> None:
    with session_scope() as session:
        items = _waiting(session, compare=False)
    done = 0
    for number, item in enumerate(items, 1):
        out.print(f"\n{number} of {len(items)}, {item.count} times, {item.language or 'language not known'}")
        out.print(item.text, style="bold", markup=False, soft_wrap=True)
        out.print(f"{', '.join(item.reasons)}; guesses: {_guesses(item) or 'none'}", markup=False, soft_wrap=True)
        try:
            done += _asked(item)
        except (EOFError, KeyboardInterrupt):
            break
    out.print(f"{done} decided, {len(items) - done} left." if items else "Nothing waits for review.")


def _asked(item: ReviewItem) -> bool:
    """Ask until the item is decided (True) or skipped (False).

    Raises:
        EOFError: the person wants to end.
    """
    while True:
        key = input("a accept, r reject, s skip, q quit > ").strip().lower()[:1]
        try:
            if key == "a":
                _accept_asked(item)
                return True
            if key == "r":
                with session_scope() as session:
                    decide(session, item.key, None, _reviewer())
                return True
        except (ReviewError, TrainingFileError) as error:
            err.print(str(error), style="red", markup=False, soft_wrap=True)
        if key == "s":
            return False
        if key == "q":
            raise EOFError


def _accept_asked(item: ReviewItem) -> None:
    likeliest = item.guesses[0].intent if item.guesses else ""
    intent = input(f"Intent{f' (Enter: {likeliest})' if likeliest else ''} > ").strip() or likeliest
    keep = "" if MARK.search(item.text) else " (Enter: as it stands)"
    wording = input(f"Sentence to learn{keep} > ").strip() or None
    language = item.language
    if language not in LANGUAGES:
        language = input(f"Language ({', '.join(LANGUAGES)}) > ").strip()
    with session_scope() as session:
        path = _accept(session, item, intent, wording, language)
    _tell_accepted(intent, path)


def _guesses(item: ReviewItem) -> str:
    return ", ".join(f"{guess.intent} {guess.confidence:.2f}" for guess in item.guesses)


def _as_json(item: ReviewItem) -> dict[str, object]:
    return {**vars(item), "guesses": [guess._asdict() for guess in item.guesses]}


def _reviewer() -> str:
    """The login name of the reviewer."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in containers
        return "unknown"


@contextmanager
def _plain_errors() -> Iterator[None]:
    with plain_errors():
        try:
            yield
        except (ReviewError, TrainingFileError) as error:
            fail(str(error))
