"""The `rasa` command for a Rasa developer in a fresh clone: it works, or says what to use instead."""

import os
import pty
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

from bot.keys.model_signatures import signature_of, verified
from bot.rasa.importer import BilingualImporter
from bot.settings import PROJECT
from bot.training.trained_model import TRAINING_FOLDERS, model_path
from harness.ports import free_port

RASA = str(Path(sys.executable).parent / "rasa")
pytestmark = pytest.mark.rasa
TRAINING_PATIENCE = 900  # seconds; training takes minutes on a machine that is busy
FEW = """
version: "3.1"
nlu:
- intent: greet
  examples: |
    - labdien
    - hello there
- intent: thank
  examples: |
    - paldies
    - thanks a lot
"""


# What a terminal of 80 columns shows of the answer; the rest of a line that offers buttons is cut off there.
ANSWER = "service centre in Riga is closed"


class Home(NamedTuple):
    """A home folder, and an environment in which only the paths of this assistant are set."""

    folder: Path
    environment: dict[str, str]

    def rasa(self, *arguments: str, cwd: Path = PROJECT) -> "subprocess.CompletedProcess[str]":
        """Run the command to its end."""
        return subprocess.run(
            [RASA, *arguments],
            cwd=cwd,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=TRAINING_PATIENCE,
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A fresh one."""
    folder = tmp_path / "home"
    folder.mkdir()
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'assistant.db'}",
        "BOT_OUTBOX": str(tmp_path / "outbox.jsonl"),
    }
    return Home(folder, environment)


@pytest.mark.parametrize(
    ("command", "instead"),
    [
        ("init", "another folder"),
        ("x", "'bot serve'"),
        ("export", "'bot events republish'"),
        ("interactive", "'rasa shell' or 'bot chat'"),
        ("telemetry enable", "telemetry stays off"),
        ("test", "'bot evaluate'"),
        ("test nlu", "with --nlu."),
        ("test core", "with --stories."),
        ("run --enable-api", "does not take --enable-api"),
        ("run actions --cors *", "does not take --cors"),
    ],
)
def test_what_to_use_instead_is_told(home: Home, command: str, instead: str) -> None:
    done = home.rasa(*command.split())
    sentence = done.stderr.strip().splitlines()[-1]
    name = command.partition(" -")[0].removesuffix(" enable")
    assert (done.returncode, sentence[: len(name) + 8], sentence[-1]) == (1, f"'rasa {name}' ", ".")
    assert instead in sentence


@pytest.mark.parametrize("elsewhere", [False, True])
def test_nobody_is_told_of_telemetry(home: Home, elsewhere: bool) -> None:
    done = home.rasa("telemetry", cwd=home.folder if elsewhere else PROJECT)
    assert done.returncode == 0, done.stderr
    assert "currently disabled" in done.stdout
    assert "reports anonymous usage" not in done.stdout
    assert not (home.folder / ".config" / "rasa").exists()


def test_the_data_are_valid(home: Home) -> None:
    done = home.rasa("data", "validate", "--fail-on-warnings")
    assert done.returncode == 0, done.stderr
    assert "No story structure conflicts found." in done.stderr


def test_the_data_can_be_split_and_drawn(home: Home) -> None:
    assert home.rasa("data", "split", "nlu", "--out", str(home.folder / "split")).returncode == 0
    assert home.rasa("visualize", "--out", str(home.folder / "graph.html")).returncode == 0
    assert [*(home.folder / "split").rglob("test_data.yml")]
    assert "utter_greet" in (home.folder / "graph.html").read_text(encoding="utf-8")


def test_the_folder_that_rasa_reads_by_itself_holds_the_same_data() -> None:
    """And none of the held-out sentences, which are in it too."""
    folders = [str(PROJECT / folder) for folder in TRAINING_FOLDERS]
    whole, chosen = (
        BilingualImporter("config.yml", "domain.yml", paths) for paths in ([str(PROJECT / "data")], folders)
    )
    assert whole.get_nlu_data().fingerprint() == chosen.get_nlu_data().fingerprint()
    assert whole.get_stories().fingerprint() == chosen.get_stories().fingerprint()


@pytest.mark.model
def test_own_sentences_can_be_measured(home: Home) -> None:
    few = home.folder / "few.yml"
    few.write_text(FEW, encoding="utf-8")
    done = home.rasa("test", "nlu", "--nlu", str(few), "--out", str(home.folder / "results"))
    assert done.returncode == 0, done.stderr
    assert (home.folder / "results" / "intent_report.json").is_file()


@pytest.mark.model
def test_a_model_without_a_signature_is_told_in_a_sentence(home: Home) -> None:
    models = home.folder / "models"
    models.mkdir()
    shutil.copy(model_path(), models)
    home.environment["BOT_MODELS"] = str(models)
    done = home.rasa("shell")
    assert done.returncode == 1
    assert "has no readable signature and is not loaded" in done.stderr.strip().splitlines()[-1]


@pytest.mark.server
def test_what_was_trained_can_be_talked_to(home: Home) -> None:
    """`rasa train` makes the model that `bot serve` looks for, and `rasa shell` needs no action server."""
    models = home.folder / "models"
    home.environment["BOT_MODELS"] = str(models)
    done = home.rasa("train", "--skip-validation")
    assert done.returncode == 0, done.stderr
    made = models / model_path().name
    assert [path.name for path in sorted(models.glob("*.tar.gz*"))] == [made.name, signature_of(made).name]
    assert verified(made)
    assert ANSWER in said_in_shell(home, "Is the Riga centre open?")


def said_in_shell(home: Home, text: str) -> str:
    """What a terminal shows until the answer appears, or for two minutes."""
    ours, theirs = pty.openpty()
    command = [RASA, "shell", "--port", str(free_port())]
    environment = {**home.environment, "TERM": "dumb", "COLUMNS": "1000"}
    shell = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.set_blocking(ours, False)
    shown, asked, until = "", False, time.monotonic() + TRAINING_PATIENCE / 3
    while time.monotonic() < until and shell.poll() is None and ANSWER not in shown:
        try:
            shown += os.read(ours, 10_000).decode(errors="replace")
        except BlockingIOError:
            time.sleep(0.2)
        if not asked and "Your input" in shown:
            os.write(ours, f"{text}\r".encode())
            asked = True
    shell.kill()
    shell.wait()
    return shown


@pytest.mark.server
def test_both_servers_run_one_by_one(home: Home) -> None:
    port, action_port = str(free_port()), str(free_port())
    environment = {**home.environment, "BOT_ACTION_PORT": action_port}
    commands = [[RASA, "run", "actions", "--port", action_port], [RASA, "run", "--port", port]]
    servers = [subprocess.Popen(command, cwd=PROJECT, env=environment) for command in commands]
    try:
        until, status = time.monotonic() + TRAINING_PATIENCE / 3, 0
        while status != 200 and time.monotonic() < until and not any(server.poll() for server in servers):
            time.sleep(0.5)
            try:
                status = requests.get(f"http://127.0.0.1:{port}/chat/ready", timeout=5).status_code
            except requests.RequestException:
                continue
        assert status == 200
    finally:
        for server in servers:
            server.kill()
            server.wait()
