"""Errors of commands are one sentence, never a traceback; every command has help."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
import yaml
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PROJECT

GOOD = {
    "id": "new-fact",
    "key": "new_fact",
    "kind": "outside",
    "source": "portal-terms",
    "rows": ["X1"],
    "text": {"lv": "Jauns.", "en": "New."},
    "valid_from": "2020-04-01",
    "approved_by": "Anna",
}


@pytest.fixture(autouse=True)
def _own_database(database: str) -> None:
    """No command of these tests may reach another database."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def sentence(result: Result) -> str:
    """The one-line error message of a failed command."""
    assert isinstance(result.exception, SystemExit), f"a traceback: {result.exception!r}"
    assert (result.exit_code, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    return line


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["facts", "show", "nosuch"], "There is no fact 'nosuch'; 'bot facts list --all' shows them all."),
        (["facts", "show", "[red]x"], "There is no fact '[red]x'; 'bot facts list --all' shows them all."),
        (["facts", "withdraw", "nosuch"], "There is no fact 'nosuch'; 'bot facts list' shows them all."),
        (["facts", "withdraw", "channels", "--on", "soon"], "'soon' is not a date; write it like 2020-03-20."),
        (
            ["facts", "withdraw", "channels", "--on", "31.12.2020"],
            "'31.12.2020' is not a date; write it like 2020-03-20.",
        ),
        (
            ["facts", "list", "--as-of", "2020-02-30"],
            "'2020-02-30' is not a date; write it like 2020-03-20. February 2020 has 29 days.",
        ),
        (["emergency", "show", "--as-of", "x"], "'x' is not a date; write it like 2020-03-20."),
        (["emergency", "end", "--on", ""], "'' is not a date; write it like 2020-03-20."),
        (
            ["emergency", "end", "--on", "2020-06-31"],
            "'2020-06-31' is not a date; write it like 2020-03-20. June has 30 days.",
        ),
        (["emergency", "end", "--on", "2020-03-11"], "The emergency began on 2020-03-12; it cannot end on 2020-03-11."),
        (["emergency", "end", "--on", "0001-01-01"], "'0001-01-01' is outside the years 2000 to 2100."),
        (["emergency", "reopen"], "The emergency is open; there is no end to undo."),
        (["figures", "check", "--since", "x"], "'x' is not a date; write it like 2020-03-20."),
        (["facts", "publish", "/nosuch.yml"], "/nosuch.yml: cannot be read (No such file or directory)."),
        (["staff", "link", "nobody"], "There is no account 'nobody'; 'bot staff list' shows them."),
        (["staff", "reset-codes", "nobody"], "There is no account 'nobody'; 'bot staff list' shows them."),
        (["staff", "disable", "nobody"], "There is no account 'nobody'; 'bot staff list' shows them."),
        (["staff", "roles", "nobody", "--role", "agent"], "There is no account 'nobody'; 'bot staff list' shows them."),
        (
            ["staff", "add", "a b", "--name", "Anna"],
            "'a b' is no login; use 3 to 120 small letters, digits and . _ @ + -.",
        ),
        (["staff", "add", "anna", "--name", ""], "The name that customers see has 1 to 60 characters."),
        (["evaluate", "--against", "gpt"], "--against gpt: there is only 'stock'."),
        (["facts", "publish", "/"], "/: cannot be read (Is a directory)."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_told_in_one_sentence(arguments: list[str], told: str) -> None:
    assert sentence(run(*arguments)) == told


def test_the_emergency_cannot_be_ended_twice() -> None:
    run("emergency", "end", "--on", "2020-06-09", "--emergency", "--why", "heard on the radio")
    assert sentence(run("emergency", "end", "--on", "2020-06-10")) == (
        "The emergency was ended already, on 2020-06-09; 'bot emergency reopen' undoes that."
    )


def test_a_fact_cannot_be_withdrawn_twice() -> None:
    run("facts", "withdraw", "channels", "--on", "2020-06-10")
    assert sentence(run("facts", "withdraw", "channels", "--on", "2020-06-11")) == (
        "The fact 'channels' is withdrawn already, from 2020-06-10 on."
    )


def test_a_fact_cannot_be_published_twice(tmp_path: Path) -> None:
    path = tmp_path / "new.yml"
    path.write_text(yaml.safe_dump({"facts": [GOOD]}), encoding="utf-8")
    run("facts", "publish", str(path))
    assert sentence(run("facts", "publish", str(path))).endswith(
        "record 'new-fact': this id is already published; give the new record an id of its own."
    )


BAD_FILES = [
    ({"facts": [{**GOOD, "key": "no_disconnection"}]}, "overlapping validity with 'no-disconnection' for the key"),
    ({"facts": [{**GOOD, "colour": "red"}]}, "record 'new-fact', colour: unknown key"),
    ({"facts": [GOOD], "colours": []}, "colours: unknown key"),
    ({"facts": [{**GOOD, "source": "nosuch"}]}, "record 'new-fact': there is no source 'nosuch'."),
    ({"facts": [{**GOOD, "id": "New Fact"}]}, "record 'New Fact', id: string does not match"),
    ({"facts": [{**GOOD, "text": {"lv": "Jauns."}}]}, "the text in 'en' is missing or empty"),
    ({"facts": [{**GOOD, "valid_from": "soon"}]}, "record 'new-fact', valid_from: invalid date format"),
    ({"facts": [{**GOOD, "valid_until": "2020-03-31"}]}, "valid_until is before valid_from"),
    ({"facts": [{**GOOD, "replaces": "nosuch"}]}, "there is no record 'nosuch' to replace."),
    ({"facts": [{**GOOD, "replaces": "channels"}]}, "replaces 'channels', which has another key"),
    ({"facts": [None]}, "record 'number 1'"),
    ({"facts": []}, "there are no facts in it."),
    ({}, "there are no facts in it."),
    ([GOOD], "a mapping with 'sources', 'events' or 'facts' is expected."),
    (
        {"facts": [GOOD], "events": [{"id": "e", "name": {"lv": "e", "en": "e"}, "began": "2020-01-01"}]},
        "events are changed with 'bot emergency', not published.",
    ),
]


@pytest.mark.parametrize(("content", "told"), BAD_FILES, ids=[told[:40] for _, told in BAD_FILES])
def test_a_wrong_fact_file_is_refused_in_one_sentence(tmp_path: Path, content: object, told: str) -> None:
    path = tmp_path / "new.yml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert told in sentence(run("facts", "publish", str(path)))


@pytest.mark.parametrize("content", [b"facts: [", b"a: 1\na: 2\n", b"\xff\xfe", b"\tfacts: []\n"])
def test_a_file_that_is_no_yaml_is_named_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "new.yml"
    path.write_bytes(content)
    assert sentence(run("facts", "publish", str(path))).startswith(f"{path}: not readable as YAML: ")


def test_nothing_of_a_refused_file_is_published(tmp_path: Path) -> None:
    path = tmp_path / "new.yml"
    path.write_text(yaml.safe_dump({"facts": [GOOD, {**GOOD, "id": "other"}]}), encoding="utf-8")
    run("facts", "publish", str(path))
    assert sentence(run("facts", "show", "new-fact")).startswith("There is no fact 'new-fact'")


@pytest.mark.parametrize("command", [["facts", "list"], ["facts", "show", "channels"], ["emergency", "show"]])
@pytest.mark.parametrize(
    "address", ["nonsense", "nosuch://x/y", "sqlite:///{}/empty.db", "sqlite:///{}/junk.db", "sqlite:///{}"]
)
def test_an_unusable_database_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, command: list[str]
) -> None:
    (tmp_path / "junk.db").write_bytes(b"this is no database" * 100)
    monkeypatch.setenv("DATABASE_URL", address.format(tmp_path))
    assert sentence(run(*command)).startswith("The database cannot be used: ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nosuch"],
        ["facts", "nosuch"],
        ["facts", "show"],
        ["facts", "publish"],
        ["emergency", "end"],
        ["facts", "list", "--nosuch"],
        ["staff", "add", "anna"],
        ["staff", "roles", "anna"],
        ["staff", "roles", "anna", "--role", "king"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_status_two(arguments: list[str]) -> None:
    """As other Unix commands do."""
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BOT_LIMIT_CONVERSATION", "0", "BOT_LIMIT_CONVERSATION='0' cannot be used; it is a number from 1 to 999999."),
        ("BOT_LIMIT_ADDRESS", "many", "BOT_LIMIT_ADDRESS='many' cannot be used; it is a number from 1 to 999999."),
        ("BOT_SESSION_HOURS", "1.5", "BOT_SESSION_HOURS='1.5' cannot be used; it is a number from 1 to 999999."),
        ("BOT_ORIGINS", "*", "BOT_ORIGINS: '*' is no origin; write it like https://www.elektrum.lv."),
    ],
)
def test_nothing_is_served_with_a_setting_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    assert sentence(run("serve", "--no-train")) == told


def commands() -> Iterator[list[str]]:
    """The words of every command and group, the outermost included."""

    def walk(command: click.Command, words: list[str]) -> Iterator[list[str]]:
        yield words
        for name, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, [*words, name])

    yield from walk(typer.main.get_command(app), [])


ANNOUNCEMENT = ("draft", "new", "check", "preview", "approve", "publish", "undo", "log", "list", "show", "questions")


def test_these_are_the_commands() -> None:
    assert sorted(" ".join(words) for words in commands()) == sorted(
        [
            *["", "serve", "train", "chat", "parse", "evaluate", "explain", "outbox", "facts", "emergency"],
            *["events", "events republish"],
            *["messenger", "privacy", "calls", "phone", "phone demo", "prepare", "run", "run rasa", "run actions"],
            *["figures", "figures check"],
            "run console",
            *["staff", *(f"staff {name}" for name in ("add", "list", "disable", "link", "reset-codes", "roles"))],
            "review",
            *["places", "places list", "places history"],
            *["new-topics", *(f"new-topics {name}" for name in ("list", "check", "learn"))],
            *["audit", "backup", "restore", "model", "model sign", "model verify", "model keys"],
            *[f"review {name}" for name in ("list", "accept", "reject", "correct")],
            *[f"calls {name}" for name in ("import", "replay", "report")],
            *[f"facts {name}" for name in ("list", "show", "publish", "withdraw", "check", "load", "history")],
            *[f"facts {name}" for name in ("move", "correct", "restore", "export")],
            *["announcement", *(f"announcement {name}" for name in ANNOUNCEMENT)],
            *[f"emergency {name}" for name in ("list", "show", "begin", "end", "reopen")],
            *[f"messenger {name}" for name in ("setup", "check", "inbox")],
            *[f"privacy {name}" for name in ("forget", "purge", "log")],
        ]
    )


@pytest.mark.parametrize("words", commands(), ids=lambda words: " ".join(words) or "bot")
def test_every_command_has_help(words: list[str]) -> None:
    result = run(*words, "--help")
    assert (result.exit_code, "Usage: " in result.stdout) == (0, True)


@pytest.mark.parametrize("words", list(commands())[1:], ids=" ".join)
def test_every_command_is_explained_in_a_sentence(words: list[str]) -> None:
    command: click.Command = typer.main.get_command(app)
    for word in words:
        command = command.commands[word]
    assert (command.help or "").split("\n\n")[0].strip().endswith(".")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["restore", "{}/nope"], "{}/nope cannot be read: No such file or directory. Nothing was changed."),
        (["restore", "{}"], "{} cannot be read: Is a directory. Nothing was changed."),
        (["backup", "{}/nope/backup"], "{}/nope/backup cannot be written: No such file or directory."),
        (["facts", "publish", "{}/nope.yml"], "{}/nope.yml: cannot be read (No such file or directory)."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_file_is_not_taken_for_the_database(tmp_path: Path, arguments: list[str], told: str) -> None:
    assert sentence(run(*(part.format(tmp_path) for part in arguments))) == told.format(tmp_path)


def test_a_reader_that_has_enough_is_no_error() -> None:
    """`bot facts list | head -1`: no error message, least of all about the database."""
    command = f"{sys.executable} -m bot.cli facts list --all | true"
    done = subprocess.run(command, shell=True, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S602
    assert done.stderr == ""
