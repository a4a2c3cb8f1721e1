"""Processes that parse single sentences use one native thread, and no process's threads spin while waiting."""

import json
import os
import subprocess
import sys

import pytest

from bot.settings import PROJECT

# scikit-learn bundles OpenMP on every platform; the encoder, if it has a wheel, uses the copy loaded first.
LOOK = """
import json, os
{first}
import sklearn.svm
from threadpoolctl import threadpool_info
threads = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "openmp"]
print(json.dumps([threads, os.environ.get("OMP_WAIT_POLICY")]))
"""
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def looked(first: str) -> tuple[list[int], str]:
    """Threads of OpenMP, and how they wait, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OMP_")}
    command = [sys.executable, "-c", LOOK.format(first=first)]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True)
    threads, policy = json.loads(done.stdout.splitlines()[-1])
    return threads, policy


@pytest.mark.rasa
def test_the_assistant_in_a_process_takes_one_thread() -> None:
    """`bot chat`, `bot parse`, `bot explain`, `bot phone`, recorded calls, the tests."""
    assert looked("import bot.rasa.local_assistant") == ([1], "passive")


def test_training_takes_all_cores_without_spinning() -> None:
    assert looked("from bot.native_threads import wait_asleep; wait_asleep()") == ([CORES], "passive")
