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


def alone(run: Run, *arguments: str) -> Result:
    """Changes an event at once, as in an emergency."""
    why = () if "--why" in arguments else ("--why", "nobody else is there")
    return run("emergency", *arguments, "--emergency", *why)


def begin(run: Run, *arguments: str) -> Result:
    return alone(run, "begin", *arguments)


def end(run: Run, *arguments: str) -> Result:
    return alone(run, "end", *arguments)


def reopen(run: Run, *arguments: str) -> Result:
    return alone(run, "reopen", *arguments)


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
    end(run, "--on", "2020-06-09")
    assert "; ended; its last day: 2020-06-09." in run("emergency", "show").stdout


def test_show_tells_who_changed_it(run: Run) -> None:
    end(run, "--on", "2020-06-09", "--by", "Anna Bērziņa")
    assert run("emergency", "show").stdout.endswith(" (Riga) by Anna Bērziņa.\n")


@pytest.mark.parametrize(("day", "holds"), [("2020-06-08", True), ("2020-06-09", True), ("2020-06-10", False)])
def test_show_tells_whether_it_still_holds(run: Run, day: str, holds: bool) -> None:
    end(run, "--on", "2020-06-09")
    assert (f"On {day} it still holds." in run("emergency", "show", "--as-of", day).stdout) == holds


def test_end_confirms_the_last_day(run: Run) -> None:
    assert "its last day: 2020-06-09." in end(run, "--on", "2020-06-09").stdout


def test_end_sets_the_last_day(run: Run) -> None:
    end(run, "--on", "2020-06-09")
    assert ended_on() == date(2020, 6, 9)


def test_it_may_end_on_the_day_that_it_began(run: Run) -> None:
    end(run, "--on", "2020-03-12")
    assert ended_on() == date(2020, 3, 12)


def test_reopen_takes_the_end_back(run: Run) -> None:
    end(run, "--on", "2020-06-09")
    reopen(run)
    assert ended_on() is None


def test_reopen_notes_who(run: Run) -> None:
    end(run, "--on", "2020-06-09", "--by", "Anna")
    reopen(run, "--by", "Juris")
    assert run("emergency", "show").stdout.endswith(" by Juris.\n")


def test_it_can_be_ended_again_after_it_was_reopened(run: Run) -> None:
    end(run, "--on", "2020-06-09")
    reopen(run)
    end(run, "--on", "2020-05-12")
    assert ended_on() == date(2020, 5, 12)


def test_a_second_end_leaves_the_first(run: Run) -> None:
    end(run, "--on", "2020-06-09")
    end(run, "--on", "2020-05-12")
    assert ended_on() == date(2020, 6, 9)


STORM = ("--lv", "vētra", "--genitive", "vētras", "--accusative", "vētru", "--en", "the storm", "--began", "2020-05-14")


def test_a_new_event_begins(run: Run) -> None:
    assert begin(run, "storm", *STORM).stdout.startswith("Published: storm begins on 2020-05-14.")


def test_an_event_with_an_impossible_end_is_refused(run: Run) -> None:
    told = begin(run, "storm", *STORM, "--ends", "2020-05-01").stderr
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
    begin(run, "storm", *STORM, "--official-end", "2020-05-20", "--known-from", "2020-05-14")
    end(run, "storm", "--on", "2020-05-21", "--known-from", "2020-05-23")
    lines = run("emergency", "list", "--as-of", day).stdout.splitlines()
    assert next(standing in line for line in lines if "storm" in line)


def test_ending_one_of_several_needs_its_name(run: Run) -> None:
    begin(run, "storm", *STORM)
    assert "There are several events: emergency, storm" in end(run, "--on", "2020-06-09").stderr


def test_ending_one_leaves_the_other(run: Run) -> None:
    begin(run, "storm", *STORM)
    end(run, "storm", "--on", "2020-05-20")
    with session_scope() as session:
        assert [emergency(session, one).ended_on for one in ("emergency", "storm")] == [None, date(2020, 5, 20)]


def test_show_tells_the_history(run: Run) -> None:
    begin(run, "storm", *STORM, "--by", "Anna", "--why", "the wind")
    end(run, "storm", "--on", "2020-05-20", "--by", "Juris")
    told = run("emergency", "show", "storm").stdout
    assert ("1. begun, " in told, "by Anna: the wind; known always" in told, "2. ended, " in told) == (True, True, True)


CHANGES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "begin": (("begin", "storm", *STORM), "begin-storm-1", "storm begins on 2020-05-14"),
    "end": (("end", "--on", "2020-06-09"), "end-emergency-2", "emergency ends; its last day: 2020-06-09"),
}


def shown_events(run: Run) -> str:
    return run("emergency", "list").stdout


@pytest.mark.parametrize(("arguments", "name", "what"), CHANGES.values(), ids=CHANGES)
def test_nothing_changes_before_a_second_person_approves(
    run: Run, arguments: tuple[str, ...], name: str, what: str
) -> None:
    before = shown_events(run)
    proposed = run("emergency", *arguments, "--by", "Anna")
    between = shown_events(run)
    refused = [
        run("announcement", *step, name, "--by", "Anna").stderr.split(" '")[0] for step in (["approve"], ["publish"])
    ]
    run("announcement", "approve", name, "--by", "Bruno")
    run("announcement", "publish", name, "--by", "Anna")
    assert proposed.stdout == f"Proposed: {what} ({name}).\n"
    assert refused == ["Anna proposed or published", "The announcement"]
    assert (before == between, between == shown_events(run)) == (True, False)


def test_what_one_person_does_alone_needs_a_reason(run: Run) -> None:
    refused = run("emergency", "end", "--on", "2020-06-09", "--emergency")
    assert (refused.exit_code, ended_on()) == (1, None)
    assert "needs a reason; give it with --why" in refused.stderr


def test_what_one_person_did_alone_is_marked_until_it_is_approved(run: Run) -> None:
    done = end(run, "--on", "2020-06-09", "--by", "Anna")
    pending = run("announcement", "list").output
    run("announcement", "approve", "end-emergency-2", "--by", "Bruno")
    told = " ".join(done.stderr.split())  # however wide the terminal is
    assert "a second person does: bot announcement approve end-emergency-2" in told
    assert ("approval pending" in pending, "approval pending" in run("announcement", "list").output) == (True, False)


def test_an_end_is_undone_as_an_announcement_is(run: Run) -> None:
    end(run, "--on", "2020-06-09")
    run("announcement", "undo", "end-emergency-2", "--by", "Anna")
    run("announcement", "undo", "end-emergency-2", "--by", "Bruno")
    assert ended_on() is None


def test_the_preview_of_an_end_shows_what_would_be_said(run: Run) -> None:
    run("emergency", "end", "--on", "2020-06-09")
    shown = run("announcement", "preview", "end-emergency-2", "--language", "en", "--day", "2020-06-10").stdout
    assert "which ended on 9 June 2020" in shown
