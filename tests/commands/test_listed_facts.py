"""`bot facts list --as-of` shows what was known on the day, in the version and wording of the day."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PROJECT

Run = Callable[..., Result]
EXAMPLE = PROJECT / "docs" / "examples" / "reopening.yml"
OPEN = "example-riga-centre-open"
NEXT_DAYS = {
    "id": "another-day",
    "made_public": "2020-05-16",
    "changes": [
        {"record": OPEN, "move_to": "2020-05-25"},
        {"record": OPEN, "correct": {"text": {"lv": "Centrs ir atvērts.", "en": "Open since {begins_on}."}}},
    ],
}


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command after the centre was announced on 14 May and moved on 16 May."""
    monkeypatch.setenv("BOT_AS_OF", "2020-06-01")

    def command(*arguments: object) -> Result:
        return CliRunner().invoke(app, [str(part) for part in arguments])

    moved = tmp_path / "another-day.yml"
    moved.write_text(yaml.safe_dump(NEXT_DAYS, allow_unicode=True), encoding="utf-8")
    for name, path in (("riga-centre-reopens", EXAMPLE), ("another-day", moved)):
        command("announcement", "new", path, "--by", "Anna")
        command("announcement", "publish", name, "--by", "Anna", "--emergency", "--why", "a test")
    return command


def rows(result: Result) -> dict[str, list[str]]:
    """The cells of each row behind its first cell, the id."""
    cells = [[cell.strip() for cell in line.split("│")[1:-1]] for line in result.stdout.splitlines() if "│" in line]
    return {row[0]: row[1:] for row in cells}


CLOSED = "The Elektrum customer service centre in Riga is closed for the time of the emergency situation."
KNOWN: dict[str, tuple[str, str, list[str] | None]] = {
    "not before it is public": ("2020-05-13", OPEN, None),
    "announced": (
        "2020-05-14",
        OPEN,
        ["announced", "2020-05-18", "further notice", "The Elektrum customer service centre in Riga is closed until "
         "17 May 2020; it opens on 18 May 2020."],
    ),
    "announced for another day": (
        "2020-05-16",
        OPEN,
        ["announced", "2020-05-25", "further notice", "The Elektrum customer service centre in Riga is closed until "
         "24 May 2020; it opens on 25 May 2020."],
    ),
    "in force, with its day written out": (
        "2020-05-25", OPEN, ["in force", "2020-05-25", "further notice", "Open since 25 May 2020."]
    ),
    "until further notice, before": (
        "2020-05-13",
        "closed-riga-centre",
        ["in force", "2020-03-20", "the event 'emergency' ends", CLOSED],
    ),
    "with the end known then": (
        "2020-05-15",
        "closed-riga-centre",
        ["in force", "2020-03-20", "2020-05-17", CLOSED],
    ),
    "with the end known later": (
        "2020-05-16",
        "closed-riga-centre",
        ["in force", "2020-03-20", "2020-05-24", CLOSED],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("day", "fact", "cells"), KNOWN.values(), ids=KNOWN)
def test_a_fact_is_listed_as_it_was_known_on_the_day(run: Run, day: str, fact: str, cells: list[str] | None) -> None:
    assert rows(run("facts", "list", "--as-of", day)).get(fact) == cells


def test_it_says_that_it_is_what_was_known(run: Run) -> None:
    shown = run("facts", "list", "--as-of", "2020-05-13").stdout
    assert "Facts on 2020-05-13, as they were known on that day" in shown
    assert "Not known yet on 2020-05-13: recorded for later" in shown


def test_what_is_known_later_stands_apart(run: Run) -> None:
    known, _, later = run("facts", "list", "--as-of", "2020-05-13", "--all").stdout.partition("Not known yet")
    assert (OPEN in known, OPEN in later) == (False, True)


@pytest.mark.parametrize("command", [("show", OPEN), ("history", OPEN), ("list",)], ids=lambda one: one[0])
def test_no_placeholder_is_printed(run: Run, command: tuple[str, ...]) -> None:
    shown = run("facts", *command).stdout
    assert "25 May 2020" in shown
    assert "{" not in shown


def test_the_rows_are_shown_in_sentences(run: Run) -> None:
    said = rows(run("facts", "show", "closed-riga-centre"))["what the rows say"]
    assert said[0].startswith("S23: For the time of the emergency, the customer service centres in Riga")
