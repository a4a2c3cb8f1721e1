"""Work that only one process does at a time."""

import os
import subprocess
import sys
from pathlib import Path

from bot.settings import PROJECT


def test_parts_that_start_at_once_prepare_a_new_database_one_after_the_other(tmp_path: Path) -> None:
    """As with `rasa run` and `rasa run actions` in two terminals."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}
    command = [sys.executable, "-m", "bot.cli", "prepare"]
    started = [
        subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for _ in range(4)
    ]
    said = [process.communicate(timeout=120)[0].decode() for process in started]
    assert [process.returncode for process in started] == [0, 0, 0, 0], said
