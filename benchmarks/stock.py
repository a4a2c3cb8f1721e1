"""The setup of `rasa init` with our training data, rules and actions: the baseline for the assistant.

Its pipeline comes from `bot.evaluation.stock`, which trains it for most of an hour when it is missing. Its policies are
trained here, in minutes, and both are put into one model. It keeps conversations in memory, as `rasa init` has it; ours
writes them to a database.

.venv/bin/python -m benchmarks.stock MODEL    (trains MODEL where it is missing)
"""

import json
import os
import secrets
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from bot.evaluation.stock import configuration, load_tensorflow, trained
from bot.keys.model_signatures import sign
from bot.settings import PROJECT, settings
from harness.ports import free_port
from harness.topology.part import Part

BOTH = 3  # rasa.shared.data.TrainingType.BOTH
CREDENTIALS = "rest:\n"
ENDPOINTS = """action_endpoint:
  url: http://127.0.0.1:{port}/webhook
  headers: {{Authorization: Bearer {secret}}}
"""


def model() -> tuple[Path, float]:
    """The whole stock model, and the seconds that its training took; in a process of its own: it needs TensorFlow."""
    pipeline, seconds = trained(print)
    whole = settings().models / f"{pipeline.name.removesuffix('.tar.gz')}-whole.tar.gz"
    if not whole.is_file():
        subprocess.run([sys.executable, "-m", "benchmarks.stock", str(whole)], cwd=PROJECT, check=True)  # noqa: S603
    return whole, seconds + float(whole.with_suffix(".seconds").read_text(encoding="utf-8"))


@contextmanager
def serve(whole: Path) -> Iterator[tuple[Part, str, float]]:
    """A context with `rasa run`, with the REST channel, and our action server.

    Gives the Rasa server, the address that takes messages, and the seconds until it answered.

    Raises:
        PartError: one of them did not start; the message holds what it printed.
    """
    with TemporaryDirectory(prefix="benchmarks-") as name, ExitStack() as stack:
        folder, (port, action_port), secret = Path(name), (free_port(), free_port()), secrets.token_hex()
        (folder / "credentials.yml").write_text(CREDENTIALS, encoding="utf-8")
        (folder / "endpoints.yml").write_text(ENDPOINTS.format(port=action_port, secret=secret), encoding="utf-8")
        environment = {
            "PYTHONPATH": str(PROJECT),
            "DATABASE_URL": f"sqlite:///{folder / 'served.db'}",
            "BOT_ACTION_PORT": str(action_port),
            "BOT_ACTION_SECRET": secret,
            "BOT_AS_OF": "2020-03-25",
            "RASA_TELEMETRY_ENABLED": "false",
        }
        of_rasa = {**environment, "LOG_LEVEL": "ERROR"}
        bot = [sys.executable, "-m", "bot.cli"]
        subprocess.run(  # noqa: S603 (our own command)
            [*bot, "prepare"], cwd=PROJECT, env={**os.environ, **environment}, check=True, capture_output=True
        )
        rasa = [sys.executable, "-m", "rasa", "run", f"--model={whole}", f"--port={port}", "--interface=127.0.0.1"]
        rasa += [f"--{name}={folder / name}.yml" for name in ("credentials", "endpoints")]
        parts = (
            Part("actions", [*bot, "run", "actions"], folder / "actions.log", _up(action_port), environment),
            Part("stock", rasa, folder / "stock.log", _up(port, "/webhooks/rest/"), of_rasa),
        )
        for part in parts:
            stack.callback(part.kill)
            began = time.monotonic()
            part.start()
            part.wait()
        yield parts[1], f"http://127.0.0.1:{port}/webhooks/rest/webhook", time.monotonic() - began


def _up(port: int, path: str = "/health") -> Callable[[], bool]:
    """Whether a server answers: Rasa listens only when its model is loaded."""

    def look() -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"http://127.0.0.1:{port}{path}", timeout=5).status_code == 200
        return False

    return look


def _train(target: Path) -> None:
    """Train the policies and put them and the pipeline into one model."""
    load_tensorflow()
    import rasa.model_training

    pipeline, _ = trained(print)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(configuration(), encoding="utf-8")
        for part in ("rules", "stories"):
            (folder / part).symlink_to(PROJECT / "data" / part)
        began = time.monotonic()
        policies = rasa.model_training.train_core(
            str(PROJECT / "domain.yml"), str(folder / "config.yml"), str(PROJECT / "data"), str(folder), "policies"
        )
        target.with_suffix(".seconds").write_text(f"{time.monotonic() - began:.1f}", encoding="utf-8")
        _join(pipeline, Path(str(policies)), folder / "whole", target)
        sign(target)


def _join(pipeline: Path, policies: Path, folder: Path, target: Path) -> None:
    """One model with the components of both."""
    parts = []
    for archive in (pipeline, policies):
        with tarfile.open(archive) as packed:
            packed.extractall(folder)  # noqa: S202 (made here)
        parts.append(json.loads((folder / "metadata.json").read_text(encoding="utf-8")))
    of_pipeline, whole = parts
    whole["predict_schema"]["nodes"] |= of_pipeline["predict_schema"]["nodes"]
    whole |= {"nlu_target": of_pipeline["nlu_target"], "training_type": BOTH}
    (folder / "metadata.json").write_text(json.dumps(whole), encoding="utf-8")
    with tarfile.open(target, "w:gz") as packed:
        for path in sorted(folder.iterdir()):
            packed.add(path, path.name)


if __name__ == "__main__":
    _train(Path(sys.argv[1]))
