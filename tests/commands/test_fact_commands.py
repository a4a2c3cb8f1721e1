"""`bot facts` and `bot emergency`, as an operator uses them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.cli import app
from bot.knowledge.models import Fact
from bot.knowledge.topics import topics
from bot.knowledge.validation import load_folder
from bot.storage.engine import session_scope

Run = Callable[..., Result]
NEW_FACT = {
    "id": "line-hours",
    "key": "line_hours",
    "kind": "outside",
    "source": "portal-terms",
    "rows": ["X1"],
    "text": {"lv": "Tālrunis 8400 strādā no astoņiem.", "en": "The line 8400 works from eight."},
    "valid_from": "2020-04-01",
    "approved_by": "Anna",
}


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on this test's own database, in a terminal wide enough for every table."""
    monkeypatch.setenv("COLUMNS", "2000")
    return lambda *arguments: CliRunner().invoke(app, [str(part) for part in arguments])


@pytest.fixture
def fact_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file with one new fact, some of its keys changed."""

    def write(**changes: object) -> Path:
        path = tmp_path / "new.yml"
        path.write_text(yaml.safe_dump({"facts": [{**NEW_FACT, **changes}]}, allow_unicode=True), encoding="utf-8")
        return path

    return write


def row(result: Result, first: str) -> list[str]:
    """The cells of the table's row that begins with this cell."""
    rows = [[cell.strip() for cell in line.strip("│┃ ").split("│")] for line in result.stdout.splitlines()]
    return next(cells for cells in rows if cells[0] == first)


def ids(result: Result) -> set[str]:
    """The first cells of the rows below a table's head."""
    return {line.split("│")[1].strip() for line in result.stdout.splitlines() if line.startswith("│")}


def count_of_facts() -> int:
    with session_scope() as session:
        return int(session.execute(select(func.count()).select_from(Fact)).scalar_one())


def test_list_shows_what_holds_and_what_will(run: Run) -> None:
    run("facts", "withdraw", "channels", "--on", "2020-03-25")
    assert ids(run("facts", "list", "--as-of", "2020-03-26")) >= {"no-disconnection", "closures", "legal-end-2"}


def test_list_leaves_out_what_no_longer_holds(run: Run) -> None:
    run("facts", "withdraw", "channels", "--on", "2020-03-25")
    assert "channels" not in ids(run("facts", "list", "--as-of", "2020-03-25"))


@pytest.mark.parametrize("day", ["2020-01-01", "2020-03-25", "2030-01-01"])
def test_list_all_shows_every_fact(run: Run, day: str) -> None:
    assert ids(run("facts", "list", "--all", "--as-of", day)) == set(load_folder().facts)


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2020-03-19", "not yet"),
        ("2020-03-20", "in force"),
        ("2020-06-09", "in force"),
        ("2020-06-10", "ended"),
    ],
)
def test_list_shows_the_status_on_the_day(run: Run, day: str, status: str) -> None:
    run("emergency", "end", "--on", "2020-06-09", "--emergency", "--why", "heard on the radio")
    assert row(run("facts", "list", "--all", "--as-of", day), "no-disconnection")[1] == status


@pytest.mark.parametrize(("day", "status"), [("2020-03-24", "in force"), ("2020-03-25", "withdrawn")])
def test_list_shows_a_withdrawal_from_its_day_on(run: Run, day: str, status: str) -> None:
    run("facts", "withdraw", "channels", "--on", "2020-03-25")
    assert row(run("facts", "list", "--all", "--as-of", day), "channels")[1] == status


def test_list_names_the_day(run: Run) -> None:
    assert "Facts on 2020-03-25" in run("facts", "list", "--as-of", "2020-03-25").stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("key", "no_disconnection"),
        ("holds", "2020-03-20 until the event 'emergency' ends"),
        ("approved by", "assistant team"),
        ("rows of the fact list", "S1, S2, S3, S4, S5, S6, S7"),
        ("withdrawn from", "–"),
    ],
)
def test_show_tells_of_a_fact(run: Run, name: str, value: str) -> None:
    assert row(run("facts", "show", "no-disconnection"), name)[1] == value


def test_show_names_the_answers_that_use_the_fact(run: Run) -> None:
    using = [intent for intent, topic in topics().items() if "portal_and_app" in topic.keys]
    assert row(run("facts", "show", "portal-and-app"), "answers")[1] == ", ".join(using)


@pytest.mark.parametrize("language", ["lv", "en"])
def test_show_gives_the_text_in_both_languages(run: Run, fact_file: Callable[..., Path], language: str) -> None:
    run("facts", "publish", fact_file())
    assert row(run("facts", "show", "line-hours"), f"text, {language}")[1] == NEW_FACT["text"][language]


def test_publish_tells_the_id(run: Run, fact_file: Callable[..., Path]) -> None:
    assert run("facts", "publish", fact_file()).stdout == "Published: line-hours\n"


def test_a_published_fact_holds_from_its_day_on(run: Run, fact_file: Callable[..., Path]) -> None:
    run("facts", "publish", fact_file())
    assert row(run("facts", "list", "--as-of", "2020-04-01"), "line-hours")[1] == "in force"


def test_a_fact_that_replaces_another_withdraws_it(run: Run, fact_file: Callable[..., Path]) -> None:
    run("facts", "publish", fact_file(key="channels", replaces="channels"))
    assert row(run("facts", "show", "channels"), "withdrawn from")[1] == "2020-04-01"


def test_withdraw_tells_the_day(run: Run) -> None:
    assert (
        run("facts", "withdraw", "channels", "--on", "2020-06-10").stdout
        == "Withdrawn: channels, from 2020-06-10 on.\n"
    )


def test_withdraw_without_a_day_means_today(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_AS_OF", "2020-05-04")
    assert "from 2020-05-04 on" in run("facts", "withdraw", "channels").stdout


def test_check_is_content_with_the_files(run: Run) -> None:
    assert run("facts", "check").stdout.startswith(f"All is well: {len(load_folder().facts)} facts, ")


def test_check_gives_json(run: Run) -> None:
    found = json.loads(run("facts", "check", "--json").stdout)
    assert found["facts"] == len(load_folder().facts)


def test_load_brings_in_the_facts_of_the_files(run: Run) -> None:
    run("facts", "load")
    assert count_of_facts() == len(load_folder().facts)
