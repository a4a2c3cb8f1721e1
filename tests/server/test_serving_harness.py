"""The harness that starts assistants for tests and benchmarks leaves no process behind."""

import sys
from pathlib import Path

import psutil
import pytest

from harness import served

pytestmark = pytest.mark.server
PROGRAM = """#!/bin/sh
cd {folder}
setsid sleep 1000 & echo $! > of-another-session
sleep 1000 & echo $! > of-its-own
echo $$ > itself
{then}
"""


@pytest.mark.parametrize("then", ["wait", "exit 1"], ids=["it is never ready", "it ends"])
def test_an_assistant_that_does_not_start_is_ended_with_all_that_it_has_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    program = tmp_path / "python"
    program.write_text(PROGRAM.format(folder=tmp_path, then=then), encoding="ascii")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(served, "SERVER_PATIENCE", 1.0)
    with pytest.raises(RuntimeError, match="did not start"):
        served.serve(tmp_path)
    names = ["itself", "of-its-own", *(["of-another-session"] if then == "wait" else [])]
    started = {name: int((tmp_path / name).read_text(encoding="ascii")) for name in names}
    assert {name: is_there(pid) for name, pid in started.items()} == dict.fromkeys(started, False)
    if then == "exit 1":  # of a session of its own, and without a parent: a server of ours ends by itself then
        psutil.Process(int((tmp_path / "of-another-session").read_text(encoding="ascii"))).kill()


def is_there(pid: int) -> bool:
    try:
        return str(psutil.Process(pid).status()) != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
