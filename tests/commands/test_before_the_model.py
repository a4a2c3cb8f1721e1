"""What takes seconds to load is loaded after a look at the database, and says nothing of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import PROJECT

NEW_TOPIC = """
facts:
  - id: holiday
    key: holiday
    kind: outside
    source: faults-page
    rows: [holiday]
    valid_from: 2020-04-01
    approved_by: Anna
    text: {lv: "Piesakieties pa tālruni 8400.", en: "Apply on 8400."}
    title: {lv: "Maksājumu brīvdienas", en: "Payment holiday"}
    questions:
      lv: ["Kā pieteikties brīvdienām?", "Gribu maksājumu brīvdienas", "Kam der?", "Vai var nemaksāt?", "Kad?"]
      en: ["How do I apply for it?", "I want a payment holiday", "Who gets it?", "May I pause?", "Holiday"]
"""
HEAVY = ("rasa", "tensorflow", "bot.rasa.local_assistant")


@pytest.mark.parametrize("command", ["draft", "check"])
def test_a_database_without_tables_is_told_before_anything_is_loaded(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    for name in HEAVY:
        monkeypatch.setitem(sys.modules, name, None)  # importing it fails
    topic, model = tmp_path / "topic.yml", tmp_path / "model.tar.gz"
    topic.write_text(NEW_TOPIC, encoding="utf-8")
    model.touch()
    monkeypatch.setattr("bot.commands.new_topics.model_path", lambda: model)
    arguments = {
        "draft": [
            "announcement",
            "draft",
            str(PROJECT / "docs/examples/release.txt"),
            "--out",
            str(tmp_path / "d.yml"),
        ],
        "check": ["new-topics", "check", str(topic)],
    }[command]
    told = CliRunner().invoke(app, arguments).stderr
    assert "'bot facts load' makes its tables" in told, told


def test_a_draft_prints_no_notes_of_libraries(database: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "bot.cli",
            "announcement",
            "draft",
            "docs/examples/release.txt",
            "--out",
            tmp_path / "d.yml",
        ],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": database, "PYTHONWARNINGS": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert [line for line in done.stderr.splitlines() if "tensorflow" in line.lower() or "Warning" in line] == []
