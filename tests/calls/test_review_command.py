"""`bot review` as a person at the terminal sees it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import select
from test_review_queue import heard  # tests/calls/test_review_queue.py
from typer.testing import CliRunner

from bot.calls.models import ReviewDecision
from bot.calls.review_queue import IntentGuess, key_of
from bot.commands import review
from bot.storage.engine import session_scope
from bot.training.sentences import TRAINING

pytestmark = pytest.mark.both_databases
ELEPHANT, HORSE = "Kāpēc zilonis ēd manu rēķinu?", "Does a horse need a bill?"
NAMED = "mani sauc [name] un man ir zilonis"


@pytest.fixture(autouse=True)
def folder(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two calls in the database, and writable training data."""
    folder = Path(shutil.copytree(TRAINING, tmp_path / "nlu"))
    monkeypatch.setattr(review, "TRAINING", folder)
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.setenv("LOGNAME", "anna")
    likely = {"intent": "check_invoice", "intent_confidence": 0.31}
    with session_scope() as session:
        heard(session, "c1", {"text": ELEPHANT, **likely}, {"text": NAMED}, {"text": "žirafe", "language": None})
        heard(session, "c2", {"text": ELEPHANT}, {"text": HORSE, "problem": "out_of_scope", "language": "en"})
        heard(session, "c3", {"text": ELEPHANT}, {"text": NAMED}, {"text": HORSE, "language": "en"}, {"text": NAMED})
        heard(session, "c4", {"text": ELEPHANT}, {"text": "[b]ok[/b]", "problem": None, "intent": "affirm"})
    return folder


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(review.app, list(arguments), input=typed)


def failed(result: Result) -> str:
    """The one-sentence error message of a failed command."""
    assert isinstance(result.exception, SystemExit), f"a traceback: {result.exception!r}"
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    return line


def listed(*arguments: str) -> list[str]:
    """The texts in the queue."""
    return [item["text"] for item in json.loads(run("list", "--json", *arguments).stdout)]


def decided() -> dict[str, str | None]:
    with session_scope() as session:
        rows = session.execute(select(ReviewDecision)).scalars()
        assert all(row.decided_by == "anna" for row in rows)
        return {row.key: row.intent for row in session.execute(select(ReviewDecision)).scalars()}


def learnt(folder: Path, language: str = "lv") -> set[str]:
    """Lines of the training data that are new."""

    def lines(where: Path) -> set[str]:
        paths = (where / language).glob("*.yml")
        return {f"{path.stem}: {line}" for path in paths for line in path.read_text(encoding="utf-8").splitlines()}

    return lines(folder) - lines(TRAINING)


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ((), [ELEPHANT, NAMED, HORSE, "žirafe"]),
        (("--reason", "low_confidence"), [ELEPHANT, NAMED, HORSE, "žirafe"]),
        (("--reason", "out_of_scope"), [HORSE]),
        (("--reason", "corrected"), []),
        (("--language", "en"), [HORSE]),
        (("--language", "ru"), []),
        (("--most", "1"), [ELEPHANT]),
        (("--language", "lv", "--most", "5"), [ELEPHANT, NAMED]),
    ],
)
def test_what_waits_is_listed_as_asked_for(arguments: tuple[str, ...], shown: list[str]) -> None:
    assert listed(*arguments) == shown


def test_an_item_as_json_has_everything() -> None:
    first = json.loads(run("list", "--json").stdout)[0]
    assert first == {
        "key": key_of(ELEPHANT),
        "text": ELEPHANT,
        "count": 4,
        "language": "lv",
        "reasons": ["low_confidence"],
        "guesses": [{"intent": "check_invoice", "confidence": 0.31}],
        "call_id": "c4",
    }


def test_the_table_shows_marks_and_how_many_more_there_are() -> None:
    result = run("list", "--most", "2")
    assert all(shown in result.stdout for shown in (key_of(NAMED)[:12], NAMED, "check_invoice 0.31", "low_confidence"))
    assert result.stderr == "There are 2 more; --most shows them.\n"


def test_disagreements_with_the_present_model_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review, "_present_model", lambda: lambda text: IntentGuess("ask_contact", 0.8))
    assert listed("--reason", "disagreement") == [ELEPHANT, "[b]ok[/b]"]


def test_disagreements_need_a_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(review, "model_path", lambda: tmp_path / "none.tar.gz")
    assert failed(run("list", "--reason", "disagreement")).endswith("is missing; train it with 'bot train'.")


@pytest.mark.parametrize(
    ("key", "more", "language", "line"),
    [
        (ELEPHANT, (), "lv", f"account:     - {ELEPHANT}"),
        (ELEPHANT, ("--as", "Zilonis apēda rēķinu."), "lv", "account:     - Zilonis apēda rēķinu."),
        (NAMED, ("--as", "Mani sauc Zilonis."), "lv", "account:     - Mani sauc Zilonis."),
        (HORSE, (), "en", f"account:     - {HORSE}"),
        ("žirafe", ("--language", "lv"), "lv", "account:     - žirafe"),
    ],
)
def test_an_accepted_sentence_is_learnt_and_does_not_come_back(
    folder: Path, key: str, more: tuple[str, ...], language: str, line: str
) -> None:
    result = run("accept", key_of(key)[:12], "check_invoice", *more)
    assert (result.exit_code, result.stdout.startswith("Accepted as check_invoice, in ")) == (0, True)
    assert (learnt(folder, language), decided()) == ({line}, {key_of(key): "check_invoice"})
    assert key not in listed()


def test_a_rejected_sentence_does_not_come_back(folder: Path) -> None:
    assert run("reject", key_of(NAMED)).stdout == f"Rejected: {NAMED}\n"
    assert (learnt(folder), decided(), NAMED in listed()) == (set(), {key_of(NAMED): None}, False)


def test_a_corrected_sentence_waits_and_can_be_accepted(folder: Path) -> None:
    assert run("correct", "Vai zilonim vajag skaitītāju?", "out_of_scope", "--language", "lv").exit_code == 0
    assert listed("--reason", "corrected") == ["Vai zilonim vajag skaitītāju?"]
    run("accept", key_of("vai zilonim vajag skaititaju"), "out_of_scope")
    assert learnt(folder) == {"out_of_scope:     - Vai zilonim vajag skaitītāju?"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("list", "--reason", "boredom"), "There is no reason 'boredom'; there are low_confidence, out_of_scope,"),
        (
            ("accept", "ffffff", "inform"),
            "There is no sentence with the key 'ffffff'; 'bot review list' shows the keys.",
        ),
        (("accept", "f", "inform"), "'f' is too short for a key; write at least 6 characters of it."),
        (("accept", key_of(ELEPHANT), "dance"), "There is no intent 'dance'; there are affirm, ask_about_others,"),
        (
            ("accept", key_of(ELEPHANT), "ask_payment_delay"),
            "'ask_payment_delay' has questions; name the one that is meant: ask_p",
        ),
        (("accept", key_of(ELEPHANT), "d" * 90), "There is no intent 'ddd"),
        (
            ("accept", key_of(NAMED), "inform"),
            f"{NAMED!r} has '[name]', and no brackets may get into the training data",
        ),
        (("accept", key_of(HORSE), "inform", "--language", "de"), "There is no language 'de'; there are lv, en."),
        (("accept", key_of("žirafe"), "inform"), "It is not known what language this is; say it with --language"),
        (("accept", key_of(ELEPHANT), "inform", "--as", ""), "'' has no words to learn from."),
        (("reject", "[red]x[/red]"), "There is no sentence with the key '[red]x[/red]'; 'bot review list' shows"),
        (("correct", "zilonis", "dance", "--language", "lv"), "There is no intent 'dance'; there are affirm,"),
        (("correct", "zilonis", "inform", "--language", "ru"), "There is no language 'ru'; there are lv, en."),
        (("correct", "?!", "inform", "--language", "lv"), "'?!' has no words."),
    ],
)
def test_a_mistake_is_told_in_a_sentence_and_nothing_is_decided(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    assert failed(run(*arguments)).startswith(told)
    assert (learnt(folder), learnt(folder, "en"), decided()) == (set(), set(), {})


@pytest.mark.parametrize(
    "arguments", [("list", "--most", "0"), ("accept",), ("nosuch",), ("correct", "zilonis", "inform")]
)
def test_wrong_usage_ends_with_status_two(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_a_database_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////dev/null/assistant.db")
    assert failed(run()).startswith("The database cannot be used: ")


# Without a command: one sentence after the other

DIALOGUES = {
    "nothing typed": ("", set(), {}, "0 decided, 4 left."),
    "quit": ("q\n", set(), {}, "0 decided, 4 left."),
    "the likeliest intent": (
        "a\n\n\nq\n",
        {f"account:     - {ELEPHANT}"},
        {ELEPHANT: "check_invoice"},
        "1 decided, 3 left.",
    ),
    "another intent and wording": (
        "A\nask_contact\nKur zvana zilonis?\nq\n",
        {"ask_contact:     - Kur zvana zilonis?"},
        {ELEPHANT: "ask_contact"},
        "1 decided, 3 left.",
    ),
    "a mark is to be replaced": (
        "s\na\ninform\n\na\ninform\nMani sauc Zilonis.\nq\n",
        {"dialogue:     - Mani sauc Zilonis."},
        {NAMED: "inform"},
        "1 decided, 3 left.",
    ),
    "the language is asked for": (
        "s\ns\ns\na\ninform\n\nlv\n",
        {"dialogue:     - žirafe"},
        {"žirafe": "inform"},
        "1 decided, 3 left.",
    ),
    "a mistake is told and asked again": ("a\ndance\n\nx\n\nr\nq\n", set(), {ELEPHANT: None}, "1 decided, 3 left."),
    "ended in the middle": ("a\ninform\n", set(), {}, "0 decided, 4 left."),
    "all": ("r\nreject\ns\nr\n", set(), {ELEPHANT: None, NAMED: None, "žirafe": None}, "3 decided, 1 left."),
}


@pytest.mark.parametrize("name", DIALOGUES)
def test_sentences_are_decided_of_one_after_the_other(folder: Path, name: str) -> None:
    typed, lines, decisions, last = DIALOGUES[name]
    result = run(typed=typed)
    assert (result.exit_code, learnt(folder)) == (0, lines)
    assert decided() == {key_of(text): intent for text, intent in decisions.items()}
    assert result.stdout.splitlines()[-1].endswith(last)


def test_an_item_is_shown_with_its_reasons_and_guesses() -> None:
    shown = run(typed="q\n").stdout
    assert "1 of 4, 4 times, lv" in shown
    assert f"{ELEPHANT}\nlow_confidence; guesses: check_invoice 0.31\n" in shown


def test_when_nothing_waits_it_is_said() -> None:
    run(typed="r\nr\nr\nr\n")
    assert run().stdout == "Nothing waits for review.\n"
