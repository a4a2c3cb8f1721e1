"""The commands in README.md and docs/ exist, and those for the support lead can be run."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner

from bot.channels.web.announcement import announcement
from bot.cli import app
from bot.settings import LANGUAGES, PROJECT

DOCUMENTS = [PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))]
COMMAND = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?bot (.*)")
HELD_ON = "2020-03-25"


def commands(path: Path) -> Iterator[str]:
    """What follows `bot` in each line of a block of code, and in code within a sentence."""
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```\w*\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    inline = re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)
    for line in [line.strip() for block in blocks for line in block.splitlines()] + inline:
        if found := COMMAND.match(line):
            yield found[1].split("  #")[0].split(" #")[0].strip()


ALL = sorted({(path.name, command) for path in DOCUMENTS for command in commands(path)})


def test_there_are_commands_to_look_at() -> None:
    assert len(ALL) > 50


@pytest.mark.parametrize(("document", "command"), ALL, ids=lambda value: value)
def test_a_documented_command_is_there(document: str, command: str) -> None:
    """Its words and options exist; values such as FILE are not checked."""
    found: click.Command = typer.main.get_command(app)
    words = shlex.split(command.replace("…", ""))
    while words and words[0] in getattr(found, "commands", {}):
        found = found.commands[words.pop(0)]  # type: ignore[attr-defined]
    if hasattr(found, "commands") and not words:
        return
    written = [word for word in words if word.startswith("--")]
    known = {name for parameter in found.params for name in parameter.opts} | {"--help"}
    assert (hasattr(found, "commands"), [word for word in written if word.split("=")[0] not in known]) == (
        False,
        [],
    )


@pytest.fixture
def blocks_for_the_support_lead() -> list[list[str]]:
    part = (PROJECT / "README.md").read_text(encoding="utf-8").split("## For the support lead")[1].split("\n## ")[0]
    blocks = re.findall(r"```\n(.*?)```", part, re.DOTALL)
    return [[COMMAND.sub(r"\1", line).split(" #")[0] for line in block.splitlines()] for block in blocks]


def test_what_the_readme_shows_the_support_lead_can_be_run_and_takes_no_help_away(
    blocks_for_the_support_lead: list[list[str]],
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """The numbers to call stay on the page, whatever else a reader tries out."""
    monkeypatch.setenv("BOT_AS_OF", HELD_ON)
    monkeypatch.chdir(tmp_path)
    example = (PROJECT / "docs/examples/reopening.yml").read_text(encoding="utf-8")
    (tmp_path / "announcement.yml").write_text(example, encoding="utf-8")
    shutil.copy(PROJECT / "docs/examples/release.txt", tmp_path)
    before = {language: contacts(language) for language in LANGUAGES}
    for line in blocks_for_the_support_lead[0]:
        result = CliRunner().invoke(app, shlex.split(line))
        assert (line, result.exit_code) == (line, 0), result.output
    assert {language: contacts(language) for language in LANGUAGES} == before


def contacts(language: str) -> set[str]:
    """The telephone numbers that the page shows."""
    return set(re.findall(r"\b\d{3,8}\b", str(announcement(language)["parts"]["contact"]["blocks"])))
