"""`bot emergency`: show whether the emergency is open, end it, reopen it."""

from collections.abc import Callable
from datetime import date

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import app
from bot.knowledge.emergency_events import emergency, hanging_facts
from bot.storage.engine import session_scope

Run = Callable[..., Result]


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command on this test's own database."""
    monkeypatch.setenv("COLUMNS", "400")
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


def ended_on() -> date | None:
    with session_scope() as session:
        return emergency(session).ended_on


def test_show_tells_that_it_is_open(run: Run) -> None:
    assert "began 2020-03-12; open: nobody has ended it." in run("emergency", "show").stdout


def test_show_counts_the_facts_that_hang_on_it(run: Run) -> None:
    with session_scope() as session:
        count = hanging_facts(session)
    assert f"\n{count} facts hold until it ends.\n" in run("emergency", "show").stdout


def test_show_tells_of_no_change_before_there_was_one(run: Run) -> None:
    assert "Last changed" not in run("emergency", "show").stdout


def test_show_tells_the_last_day(run: Run) -> None:
    run("emergency", "end", "--on", "2020-06-09")
    assert "; ended; its last day: 2020-06-09." in run("emergency", "show").stdout


def test_show_tells_who_changed_it(run: Run) -> None:
    run("emergency", "end", "--on", "2020-06-09", "--by", "Anna Bērziņa")
    assert run("emergency", "show").stdout.endswith(" (Riga) by Anna Bērziņa.\n")


@pytest.mark.parametrize(("day", "holds"), [("2020-06-08", True), ("2020-06-09", True), ("2020-06-10", False)])
def test_show_tells_whether_it_still_holds(run: Run, day: str, holds: bool) -> None:
    run("emergency", "end", "--on", "2020-06-09")
    assert (f"On {day} it still holds." in run("emergency", "show", "--as-of", day).stdout) == holds


def test_end_confirms_the_last_day(run: Run) -> None:
    assert "its last day: 2020-06-09." in run("emergency", "end", "--on", "2020-06-09").stdout


def test_end_sets_the_last_day(run: Run) -> None:
    run("emergency", "end", "--on", "2020-06-09")
    assert ended_on() == date(2020, 6, 9)


def test_it_may_end_on_the_day_that_it_began(run: Run) -> None:
    run("emergency", "end", "--on", "2020-03-12")
    assert ended_on() == date(2020, 3, 12)


def test_reopen_takes_the_end_back(run: Run) -> None:
    run("emergency", "end", "--on", "2020-06-09")
    run("emergency", "reopen")
    assert ended_on() is None


def test_reopen_notes_who(run: Run) -> None:
    run("emergency", "end", "--on", "2020-06-09", "--by", "Anna")
    run("emergency", "reopen", "--by", "Juris")
    assert run("emergency", "show").stdout.endswith(" by Juris.\n")


def test_it_can_be_ended_again_after_it_was_reopened(run: Run) -> None:
    run("emergency", "end", "--on", "2020-06-09")
    run("emergency", "reopen")
    run("emergency", "end", "--on", "2020-05-12")
    assert ended_on() == date(2020, 5, 12)


def test_a_second_end_leaves_the_first(run: Run) -> None:
    run("emergency", "end", "--on", "2020-06-09")
    run("emergency", "end", "--on", "2020-05-12")
    assert ended_on() == date(2020, 6, 9)


STORM = ("--lv", "vētra", "--genitive", "vētras", "--accusative", "vētru", "--en", "the storm", "--began", "2020-05-14")


def test_a_new_event_begins(run: Run) -> None:
    assert run("emergency", "begin", "storm", *STORM).stdout.startswith("Begun: storm, on 2020-05-14.")


def test_an_event_with_an_impossible_end_is_refused(run: Run) -> None:
    told = run("emergency", "begin", "storm", *STORM, "--ends", "2020-05-01").stderr
    assert "event 'storm': ends is before began" in told


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2020-05-13", "not known yet"),
        ("2020-05-14", "in force, until 2020-05-20"),
        ("2020-05-21", "in doubt: its official end, 2020-05-20, has passed"),
        ("2020-05-23", "over; its last day: 2020-05-21"),
    ],
)
def test_the_list_tells_how_each_event_stands(run: Run, day: str, standing: str) -> None:
    run("emergency", "begin", "storm", *STORM, "--official-end", "2020-05-20", "--known-from", "2020-05-14")
    run("emergency", "end", "storm", "--on", "2020-05-21", "--known-from", "2020-05-23")
    lines = run("emergency", "list", "--as-of", day).stdout.splitlines()
    assert next(standing in line for line in lines if "storm" in line)


def test_ending_one_of_several_needs_its_name(run: Run) -> None:
    run("emergency", "begin", "storm", *STORM)
    assert "There are several events: emergency, storm" in run("emergency", "end", "--on", "2020-06-09").stderr


def test_ending_one_leaves_the_other(run: Run) -> None:
    run("emergency", "begin", "storm", *STORM)
    run("emergency", "end", "storm", "--on", "2020-05-20")
    with session_scope() as session:
        assert [emergency(session, one).ended_on for one in ("emergency", "storm")] == [None, date(2020, 5, 20)]


def test_show_tells_the_history(run: Run) -> None:
    run("emergency", "begin", "storm", *STORM, "--by", "Anna", "--why", "the wind")
    run("emergency", "end", "storm", "--on", "2020-05-20", "--by", "Juris")
    told = run("emergency", "show", "storm").stdout
    assert ("1. begun, " in told, "by Anna: the wind; known always" in told, "2. ended, " in told) == (True, True, True)
