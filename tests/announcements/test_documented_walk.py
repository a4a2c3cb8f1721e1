"""What docs/knowledge.md shows a support lead works as it stands there: the commands, and what is then answered."""

import re
import shlex

import pytest
from announcing import said
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PROJECT
from bot.storage.engine import session_scope

PAGE = (PROJECT / "docs" / "knowledge.md").read_text(encoding="utf-8")
WALKS = {
    "From a release to answers in ten minutes": "2020-05-14",
    "A new emergency, a new place": "2020-11-10",
    "The year 2020 as a story": "2020-11-06",
}  # by the heading, the day on which it is done


def part(heading: str) -> str:
    return PAGE.split(f"## {heading}")[1].split("\n## ")[0]


def commands(heading: str) -> list[str]:
    return re.findall(r"^bot (.*?)(?: +#.*)?$", part(heading).split("```")[1], re.MULTILINE)


def answers(heading: str) -> list[tuple[str, str, str]]:
    return re.findall(r"^\| (\d{4}-\d\d-\d\d) \| (\S+) \| (.+) \|$", part(heading), re.MULTILINE)


@pytest.mark.parametrize("heading", WALKS)
def test_there_is_something_to_look_at(heading: str) -> None:
    assert (len(commands(heading)) > 4, len(answers(heading)) > 4) == (True, True)


@pytest.mark.parametrize(("heading", "day"), WALKS.items(), ids=WALKS)
def test_the_assistant_answers_what_the_page_says(
    heading: str, day: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_AS_OF", day)
    monkeypatch.chdir(PROJECT)
    for command in commands(heading):
        result = CliRunner().invoke(app, shlex.split(command))
        assert (command, result.exit_code) == (command, 0), result.output
    with session_scope(database) as session:
        told = {(when, asked): words in said(session, asked, when) for when, asked, words in answers(heading)}
    assert told == {(when, asked): True for when, asked, _ in answers(heading)}
