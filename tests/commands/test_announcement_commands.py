"""`bot announcement`, and the single changes of `bot facts`, as a support lead uses them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from own_databases import MadeOnce  # tests/own_databases.py
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PROJECT

Run = Callable[..., Result]
EXAMPLE = PROJECT / "docs" / "examples" / "reopening.yml"
ID = "riga-centre-reopens"


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(part) for part in arguments])


def propose_by_anna(_: str) -> None:
    invoke("announcement", "new", EXAMPLE, "--by", "Anna")


def publish_by_two(database: str) -> None:
    propose_by_anna(database)
    invoke("announcement", "approve", ID, "--by", "Bruno")
    invoke("announcement", "publish", ID, "--by", "Anna")


@pytest.fixture
def run(database: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command on this test's own database, on 15 May 2020."""
    monkeypatch.setenv("BOT_AS_OF", "2020-05-15")
    return invoke


@pytest.fixture
def proposed(run: Run, database: str, made_once: MadeOnce) -> Run:
    """`run`, after the example was proposed by Anna."""
    made_once(database, propose_by_anna)
    return run


@pytest.fixture
def published(run: Run, database: str, made_once: MadeOnce) -> Run:
    """`run`, after it was also approved by Bruno and published."""
    made_once(database, publish_by_two)
    return run


def test_from_a_file_to_answers(run: Run) -> None:
    steps = [
        run("announcement", "new", EXAMPLE, "--by", "Anna"),
        run("announcement", "check", ID),
        run("announcement", "approve", ID, "--by", "Bruno"),
        run("announcement", "publish", ID, "--by", "Anna"),
        run("announcement", "undo", ID, "--by", "Anna"),
        run("announcement", "undo", ID, "--by", "Bruno"),
    ]
    assert [step.stdout for step in steps] == [
        f"Proposed: {ID}\n",
        f"All is well: {ID} can be published.\n",
        f"Approved: {ID}, by Bruno; it is approved.\n",
        f"Published: {ID}\n",
        f"Proposed: to undo {ID}\n",
        f"Undone: {ID}\n",
    ]


@pytest.mark.parametrize("what", [EXAMPLE, ID], ids=["file", "id"])
def test_a_preview_shows_old_beside_new_on_each_channel(proposed: Run, what: object) -> None:
    shown = proposed("announcement", "preview", what, "--language", "en").stdout
    row = next(line for line in shown.splitlines() if "ask_reopening/when@riga_centre" in line and "│ spoken" in line)
    assert "does not say when" in row
    assert "it opens on" in row


def test_a_preview_as_json(proposed: Run) -> None:
    found = json.loads(proposed("announcement", "preview", ID, "--json").stdout)
    assert set(found) == {"summary", "answers", "topics", "fixed"}
    assert set(found["answers"][0]) == {"questions", "language", "days", "before", "after"}
    assert set(found["answers"][0]["after"]) == {"web", "messenger", "spoken"}
    assert found["summary"]["announcement"] == ID
    assert found["summary"]["answers"] == len(found["answers"])


FILTERS: dict[str, tuple[list[str], dict[str, object]]] = {
    "a day": (["--day", "2020-05-18"], {"days": {"2020-05-18"}}),
    "a question": (["--question", "ask_how_to_pay"], {"questions": {"ask_how_to_pay/cash"}}),
    "a channel": (["--channel", "spoken"], {"channels": {"spoken"}}),
    "a language": (["--language", "lv"], {"languages": {"lv"}}),
}


@pytest.mark.parametrize(("filters", "left"), FILTERS.values(), ids=FILTERS)
def test_a_preview_is_filtered(proposed: Run, filters: list[str], left: dict[str, object]) -> None:
    found = json.loads(proposed("announcement", "preview", ID, "--json", *filters).stdout)["answers"]
    shown = {
        "days": {day for one in found for day in one["days"]},
        "questions": {name.partition(" ")[0] for one in found for name in one["questions"]},
        "channels": {channel for one in found for channel in one["after"]},
        "languages": {one["language"] for one in found},
    }
    assert {name: shown[name] for name in left} == left


WRONG_FILTERS = {
    "a channel": (["--channel", "fax"], "--channel fax: give one of web, messenger, spoken."),
    "a language": (["--language", "ru"], "--language ru: give one of lv, en."),
    "a day": (["--day", "2020-06-31"], "'2020-06-31' is not a date; write it like 2020-03-20. June has 30 days."),
}


@pytest.mark.parametrize(("filters", "told"), WRONG_FILTERS.values(), ids=WRONG_FILTERS)
def test_a_filter_that_is_none_is_refused(proposed: Run, filters: list[str], told: str) -> None:
    done = proposed("announcement", "preview", ID, *filters)
    assert (done.exit_code, done.stderr) == (1, f"{told}\n")


def test_a_preview_begins_with_a_summary_and_is_not_padded(proposed: Run) -> None:
    shown = proposed("announcement", "preview", ID).stdout
    first, *_, last = shown.splitlines()
    assert first.startswith(f"Preview of {ID}: ")
    assert "  " not in last
    assert len(shown) < 1_000_000


def test_the_contradictions_are_listed(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "short.yml"
    written = EXAMPLE.read_text(encoding="utf-8")
    path.write_text(written.replace("      - ask_reopening\n", ""), encoding="utf-8")
    done = run("announcement", "check", path)
    assert done.exit_code == 1
    assert "ask_reopening/when@riga_centre" in done.stdout


def test_the_log_shows_who_did_what(published: Run) -> None:
    steps = [line.split("│")[3:5] for line in published("announcement", "log").stdout.splitlines() if "│" in line]
    assert [[cell.strip() for cell in step] for step in steps if step][-3:] == [
        ["proposed", "Anna"],
        ["approved", "Bruno"],
        ["published", "Anna"],
    ]


@pytest.mark.parametrize("command", ["log", "list"])
def test_an_emergency_is_marked_until_it_is_approved(proposed: Run, command: str) -> None:
    proposed("announcement", "publish", ID, "--by", "Anna", "--emergency", "--why", "the centre opens in an hour")
    pending = proposed("announcement", command).output
    proposed("announcement", "approve", ID, "--by", "Bruno")
    assert ("pending" in pending, "pending" in proposed("announcement", command).output) == (True, False)


def test_undoing_alone_is_marked_until_it_is_approved(published: Run) -> None:
    done = published("announcement", "undo", ID, "--by", "Anna", "--emergency", "--why", "it was a mistake")
    pending = published("announcement", "list").output
    approved = published("announcement", "approve", ID, "--by", "Bruno")
    assert (done.stdout, "undone, approval pending" in pending) == (f"Undone: {ID}\n", True)
    assert approved.stdout == f"Approved: {ID}, by Bruno; it is undone.\n"


UNDO_REFUSED = {
    "by the same person": (["--by", "  bruno"], "bruno proposed to undo 'riga-centre-reopens' and cannot do it alone"),
    "from another day": (
        ["--by", "Anna", "--day", "2020-05-18"],
        "To undo it is proposed from 2020-05-16 on; leave --day out",
    ),
    "alone without a reason": (["--by", "Bruno", "--emergency"], "needs a reason; give it with --why"),
}


@pytest.mark.parametrize(("arguments", "told"), UNDO_REFUSED.values(), ids=UNDO_REFUSED)
def test_what_a_second_person_may_not_do_is_told(published: Run, arguments: list[str], told: str) -> None:
    published("announcement", "undo", ID, "--by", "Bruno", "--day", "2020-05-16")
    done = published("announcement", "undo", ID, *arguments)
    assert (done.exit_code, told in done.stderr) == (1, True), done.stderr
    assert "undo proposed" in published("announcement", "log", ID).stdout.splitlines()[-2]


def test_a_proposal_to_undo_is_taken_back(published: Run) -> None:
    published("announcement", "undo", ID, "--by", "Bruno")
    done = published("announcement", "undo", ID, "--by", "Anna", "--take-back", "--why", "it is right")
    assert (done.stdout, "undo it is proposed" in published("announcement", "log").output) == (
        f"Taken back: that {ID} is undone; it stays published.\n",
        False,
    )


def test_a_proposal_is_taken_back_as_a_whole(published: Run) -> None:
    done = published("announcement", "undo", ID, "--take-back", "--emergency")
    assert (done.exit_code, "goes with neither --emergency nor --day" in done.stderr) == (1, True)


def test_show_gives_the_whole_announcement(proposed: Run) -> None:
    found = json.loads(proposed("announcement", "show", ID).stdout)
    assert (found["state"], found["announcement"]["id"], found["steps"][0]["who"]) == ("proposed", ID, "Anna")


def test_questions_are_listed_by_a_part_of_their_name(run: Run) -> None:
    assert "ask_reopening/when@riga_centre" in run("announcement", "questions", "reopening").stdout.splitlines()


SINGLE = {
    "withdraw": (["withdraw", "channels", "--on", "2020-05-20"], "Withdrawn: channels, from 2020-05-20 on."),
    "move": (
        ["move", "caution-emergency", "--to", "2020-06-05"],
        "Moved: caution-emergency, to 2020-06-05.",
    ),
    "correct": (["correct", "own-case", "--lv", "Zvaniet.", "--en", "Call."], "Corrected: own-case"),
}


@pytest.mark.parametrize(("arguments", "told"), SINGLE.values(), ids=SINGLE)
def test_a_single_change_is_made_at_once_and_its_approval_is_awaited(run: Run, arguments: list[str], told: str) -> None:
    assert run("facts", *arguments, "--by", "Anna").stdout == f"{told}\n"
    assert "approval pending" in run("announcement", "list").output


@pytest.mark.parametrize(("arguments", "told"), SINGLE.values(), ids=SINGLE)
def test_a_preview_of_a_single_change_changes_nothing(run: Run, arguments: list[str], told: str) -> None:
    before = run("facts", "show", arguments[1]).stdout
    assert "until now" in run("facts", *arguments, "--preview").stdout
    assert run("facts", "show", arguments[1]).stdout == before


@pytest.mark.parametrize("look", [[], ["--preview"]], ids=["moved", "previewed"])
def test_a_move_names_the_records_that_still_name_the_day(run: Run, look: list[str]) -> None:
    done = run("facts", "move", "channels", "--to", "2020-03-21", *look)
    assert "'no-disconnection' still names 2020-03-20, which changes with 'channels'" in done.stderr


def test_a_check_names_what_to_look_at_beside_the_result(run: Run) -> None:
    done = run("announcement", "check", EXAMPLE)
    assert "'example-riga-centre-open' answers all of ask_place_closed" in done.stderr
    assert "silent-on-where (ask_reopening)" in done.stderr
    assert done.exit_code == 0


def test_contradictions_are_grouped_with_what_the_rows_say(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lone.yml"
    begin, _, _ = EXAMPLE.read_text(encoding="utf-8").partition("    places: [riga_centre]\n")
    path.write_text(begin, encoding="utf-8")
    shown = run("announcement", "check", path).stdout
    first, second = (shown.index(words) for words in ("silent-on-reopening", "'closed-riga-centre' ends"))
    assert "N8: It names no day on which the centres, the museum or its repository reopen." in shown
    assert "S23: For the time of the emergency" in shown
    assert first < second


def test_a_withdrawn_fact_is_restored(run: Run) -> None:
    run("facts", "withdraw", "channels", "--on", "2020-05-20")
    assert run("facts", "restore", "channels").stdout == "Restored: channels\n"


def test_a_day_before_the_fact_began_is_refused_with_what_to_do(run: Run) -> None:
    done = run("facts", "withdraw", "channels", "--on", "2020-01-01")
    assert (done.exit_code, done.stderr) == (
        1,
        "The fact 'channels' begins on 2020-03-20, so it cannot be withdrawn from 2020-01-01 on. Give a day from "
        "2020-03-20 on; with 2020-03-20 itself it never comes into force.\n",
    )


def test_history_shows_each_version_and_which_answers_used_it(published: Run) -> None:
    told = published("facts", "history", "closed-riga-centre").stdout
    assert ("files, data/knowledge" in told, "replaced, Anna" in told) == (True, True)
    assert "ask_place_closed@riga_centre" in told


def test_what_is_announced_is_listed_as_such(published: Run) -> None:
    listed = published("facts", "list", "--as-of", "2020-05-15").stdout
    assert "announced" in next(line for line in listed.splitlines() if "example-riga-centre-open" in line)
