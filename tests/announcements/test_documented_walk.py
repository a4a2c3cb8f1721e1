"""What docs/knowledge.md shows a support lead works as it stands there: the commands, and what is then answered."""

import re
import shlex

import pytest
from announcing import said
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PROJECT
from bot.storage.engine import session_scope

PAGE = (PROJECT / "docs" / "knowledge.md").read_text(encoding="utf-8")
PART = PAGE.split("## From a release to answers in ten minutes")[1].split("\n## ")[0]
COMMANDS = re.findall(r"^bot (.*?)(?: +#.*)?$", PART.split("```")[1], re.MULTILINE)
ANSWERS = re.findall(r"^\| (\d{4}-\d\d-\d\d) \| (\S+) \| (.+) \|$", PART, re.MULTILINE)


@pytest.fixture
def walked(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of the page, run one after the other on 14 May."""
    monkeypatch.setenv("BOT_AS_OF", "2020-05-14")
    monkeypatch.chdir(PROJECT)
    for command in COMMANDS:
        result = CliRunner().invoke(app, shlex.split(command))
        assert (command, result.exit_code) == (command, 0), result.output


def test_there_is_something_to_look_at() -> None:
    assert (len(COMMANDS) > 4, len(ANSWERS) > 4) == (True, True)


@pytest.mark.usefixtures("walked")
def test_the_assistant_answers_what_the_page_says(database: str) -> None:
    def told(session: Session) -> dict[tuple[str, str], bool]:
        return {(day, question): words in said(session, question, day) for day, question, words in ANSWERS}

    with session_scope(database) as session:
        assert told(session) == {(day, question): True for day, question, _ in ANSWERS}
