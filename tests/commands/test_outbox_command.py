"""`bot outbox` as an operator sees it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.accounts.senders import CodeMessage, OutboxSender
from bot.cli import app
from bot.settings.accounts import OUTBOX

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The outbox of this test; nothing is in it."""
    monkeypatch.setenv(OUTBOX.name, str(tmp_path / "outbox.jsonl"))
    return OUTBOX.value()


@pytest.fixture
def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `bot outbox` in a wide terminal; gives the exit status and what is shown."""
    monkeypatch.setenv("COLUMNS", "300")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["outbox", *arguments])
        return done.exit_code, done.output

    return run


def fill(path: Path, count: int) -> None:
    """Messages "code 1" to "code COUNT", as the demo's sender leaves them."""
    for number in range(1, count + 1):
        OutboxSender(path).send(CodeMessage("+37120000001", "A code", f"code {number}"))


def shown(output: str) -> list[str]:
    """The texts that a table shows, from the top."""
    return [line.split("│")[3].strip() for line in output.splitlines() if "code" in line]


@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        ((), ["code 3", "code 4", "code 5", "code 6", "code 7"]),
        (("--last", "2"), ["code 6", "code 7"]),
        (("--last", "100"), [f"code {number}" for number in range(1, 8)]),
    ],
)
def test_the_latest_messages_are_shown_the_newest_last(
    run: Run, path: Path, arguments: tuple[str, ...], texts: list[str]
) -> None:
    fill(path, 7)
    _, output = run(*arguments)
    assert shown(output) == texts


def test_it_is_said_who_would_have_got_a_message(run: Run, path: Path) -> None:
    fill(path, 1)
    _, output = run()
    assert "+37120000001" in output


@pytest.mark.parametrize("ending", ['{"at": "2026', "no json\n", "[]\n", "\n", "\ufffd"])
def test_a_broken_last_line_is_left_out(run: Run, path: Path, ending: str) -> None:
    fill(path, 1)
    with path.open("a", encoding="utf-8") as file:
        file.write(ending)
    status, output = run()
    assert (status, shown(output)) == (0, ["code 1"])


def test_half_a_letter_at_the_end_is_left_out(run: Run, path: Path) -> None:
    fill(path, 1)
    with path.open("ab") as file:
        file.write('{"text": "ā'.encode()[:-1])
    _, output = run()
    assert shown(output) == ["code 1"]


def test_brackets_in_a_message_are_no_markup(run: Run, path: Path) -> None:
    path.write_text(json.dumps({"at": "now", "to": "x", "text": "code [b]1[/b]"}), encoding="utf-8")
    _, output = run()
    assert shown(output) == ["code [b]1[/b]"]


@pytest.mark.parametrize("content", [None, "", "{"])
def test_an_empty_outbox_says_what_that_means(run: Run, path: Path, content: str | None) -> None:
    if content is not None:
        path.write_text(content, encoding="utf-8")
    status, output = run()
    assert (status, "BOT_SMS_URL" in output) == (0, True)


def test_a_count_below_one_is_refused(run: Run) -> None:
    status, _ = run("--last", "0")
    assert status == 2
