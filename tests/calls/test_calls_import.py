"""Importing transcripts: redacted before storage, each call whole and once, on all cores and on a cluster."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from needs import needs  # tests/needs.py
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.calls.models import RecordedCall, RecordedTurn
from bot.cli import app
from bot.settings import PROJECT
from bot.storage.engine import session_scope

TRANSCRIPTS = Path(__file__).parent / "transcripts"
FILES = sorted(TRANSCRIPTS.iterdir())
DIALOGUE = """Aģents: Elektrum klientu serviss, labdien, kā varu palīdzēt?
Klients: Labdien, mani sauc Ilze Paraudziņa. Vai mani atslēgs, ja kavēšu maksājumu?
Aģents: Līdz ārkārtējās situācijas beigām elektroapgādi kavētu maksājumu dēļ neatslēdz.
Klients: Man ir bail. Mans līgums ir deviņi nulle nulle viens ēē nulle nulle nulle nulle nulle trīs trīs.
Aģents: Viss būs labi, paldies.
Klients: Vai Rīgas klientu centrs ir slēgts?
Aģents: To es nezinu.
Klients: Tad es gribu iesniegt sūdzību, mans telefons ir 29123456.
"""


@pytest.fixture
@needs("model")
def folder(tmp_path: Path, database: str) -> Path:
    """A folder with every fixture; the commands of these tests use this test's database."""
    return Path(shutil.copytree(TRANSCRIPTS, tmp_path / "transcripts"))


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["calls", *arguments])
    return result.exit_code, result.stdout, result.stderr


def kept() -> tuple[int, int]:
    """How many calls and turns there are."""
    with session_scope() as session:
        counts = (select(func.count()).select_from(table) for table in (RecordedCall, RecordedTurn))
        calls, turns = (session.execute(count).scalar_one() for count in counts)
        return calls, turns


def imported(folder: Path, text: str) -> tuple[RecordedCall, list[RecordedTurn]]:
    (folder / "call.txt").write_text(text, encoding="utf-8")
    assert run("import", str(folder / "call.txt"), "--workers", "1")[0] == 0
    with session_scope() as session:
        session.expire_on_commit = False
        call = session.execute(select(RecordedCall)).scalar_one()
        turns = session.execute(select(RecordedTurn).order_by(RecordedTurn.position)).scalars().all()
        return call, list(turns)


@pytest.mark.both_databases
def test_every_format_is_brought_in_once(folder: Path) -> None:
    status, said, _ = run("import", str(folder))
    assert (status, said.split(",")[0], kept()[0]) == (0, f"{len(FILES)} calls brought in", len(FILES))
    before = kept()
    assert f"0 calls brought in, {len(FILES)} were there already" in run("import", str(folder))[1]
    assert kept() == before


def test_what_is_malformed_is_named_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "broken.json").write_text('{"segments": [{"start": "x"}]}', encoding="utf-8")
    (folder / "empty.vtt").write_text("", encoding="utf-8")
    status, said, complained = run("import", str(folder))
    assert (status, kept()[0], "2 could not be read" in said) == (1, len(FILES), True)
    assert "broken.json: The transcript is malformed at segments[0]" in " ".join(complained.split())
    assert "empty.vtt: The transcript is malformed at line 1: the file is empty." in complained


def test_a_folder_that_is_not_there_is_said(folder: Path) -> None:
    status, _, complained = run("import", str(folder / "nowhere"))
    assert (status, complained.strip()) == (1, f"There is no {folder / 'nowhere'}.")


def test_nothing_that_says_who_somebody_is_reaches_the_database(folder: Path) -> None:
    call, turns = imported(folder, DIALOGUE)
    of_turns = [[turn.text, turn.alternatives, turn.entities] for turn in turns]
    everything = json.dumps([call.summary, call.topics, of_turns], ensure_ascii=False)
    assert [word for word in ("Ilze", "Paraudz", "29123456", "nulle nulle") if word in everything] == []
    assert ("[name]" in everything, "[contract]" in everything, "[phone]" in everything) == (True, True, True)


def test_what_a_call_was_about_is_told(folder: Path) -> None:
    call, turns = imported(folder, DIALOGUE)
    assert [topic["intent"] for topic in call.topics][:1] == ["ask_disconnection_guarantee"]
    assert (call.language, call.requests, call.answered, call.mood) == ("lv", ["complain"], False, "afraid")
    assert [turn.answered for turn in turns if turn.answered is not None] == [True, False]
    assert "Bez atbildes: Kas ir slēgts?" in call.summary
    assert {turn.role for turn in turns} == {"customer", "agent"}


def test_an_agents_words_are_not_understood_as_a_customers(folder: Path) -> None:
    _, turns = imported(folder, DIALOGUE)
    assert [turn.intent for turn in turns if turn.role == "agent"] == [None] * 4


def test_callers_hear_what_todays_assistant_says(folder: Path) -> None:
    imported(folder, DIALOGUE)
    status, said, _ = run("replay", "--as-of", "2020-03-25")
    assert (status, "kavētu maksājumu dēļ" in said) == (0, True)


def test_between_a_model_and_itself_nothing_changes(folder: Path) -> None:
    from bot.training.trained_model import model_path

    imported(folder, DIALOGUE)
    assert run("replay", "--against", str(model_path()))[1].strip() == "0 turns are answered differently."


def test_no_scheduler_is_said(folder: Path) -> None:
    # In a separate process: Dask's client leaves an event loop behind, which breaks asynchronous tests.
    command = [sys.executable, "-m", "bot.cli", "calls", "import", str(folder), "--scheduler", "tcp://127.0.0.1:9"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, "No scheduler answers at tcp://127.0.0.1:9" in " ".join(done.stderr.split())) == (1, True)


@pytest.fixture
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and two workers, as an operator starts them; its address, and the workers to be killed."""
    from distributed.utils import open_port

    address = f"tcp://127.0.0.1:{open_port()}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    scheduler = subprocess.Popen([*dask, "--host", address, "--no-dashboard"], cwd=PROJECT)
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
    workers = [subprocess.Popen([*worker, "--no-nanny"], cwd=PROJECT) for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.terminate()
        process.wait(20)


def test_a_cluster_loses_a_worker_and_no_call(folder: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]) -> None:
    address, workers = cluster
    for n in range(100):
        (folder / f"more{n}.txt").write_text(DIALOGUE + f"Aģents: {n}\n", encoding="utf-8")
    command = [sys.executable, "-m", "bot.cli", "calls", "import", str(folder), "--scheduler", address]
    importing = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while kept()[0] < 10 and time.monotonic() < deadline:
        time.sleep(0.05)
    workers[0].kill()
    said, _ = importing.communicate(timeout=180)
    assert importing.returncode == 0, said
    assert kept()[0] == len(FILES) + 100


def test_places_are_kept_and_contract_numbers_are_not(folder: Path) -> None:
    _, turns = imported(folder, DIALOGUE)
    entities = {entity["entity"] for turn in turns for entity in turn.entities}
    assert ("place" in entities, "contract_number" in entities) == (True, False)
