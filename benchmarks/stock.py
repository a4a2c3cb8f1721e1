"""Rasa as `rasa init` sets it up, with our training data, rules and actions: what the assistant is measured against.

Its pipeline comes from `bot.evaluation.stock`, which trains it for most of an hour when it is missing. Its policies are
trained here, in minutes, and both are put into one model. It keeps conversations in memory, as `rasa init` has it; ours
writes them to a database.

.venv/bin/python -m benchmarks.stock MODEL    (trains MODEL where it is missing)
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from benchmarks.served import Served, free_port, until
from bot.evaluation.stock import configuration, load_tensorflow, trained
from bot.settings import PROJECT, settings

CREDENTIALS = "rest:\n"
ENDPOINTS = "action_endpoint:\n  url: http://127.0.0.1:{port}/webhook\n"


def model() -> tuple[Path, float]:
    """The whole stock model, and the seconds that its training took; in a process of its own: it needs TensorFlow."""
    pipeline, seconds = trained(print)
    whole = settings().models / f"{pipeline.name.removesuffix('.tar.gz')}-whole.tar.gz"
    if not whole.is_file():
        subprocess.run([sys.executable, "-m", "benchmarks.stock", str(whole)], cwd=PROJECT, check=True)  # noqa: S603
    return whole, seconds + float(whole.with_suffix(".seconds").read_text(encoding="utf-8"))


def serve(folder: Path, whole: Path, action_port: int) -> Served:
    """Start `rasa run` with the REST channel and wait until it answers.

    Args:
        folder: for its configuration and its output.
        action_port: where an action server listens.

    Raises:
        RuntimeError: it did not start; the message holds what it printed.
    """
    (folder / "credentials.yml").write_text(CREDENTIALS, encoding="utf-8")
    (folder / "endpoints.yml").write_text(ENDPOINTS.format(port=action_port), encoding="utf-8")
    output, port = folder / "stock.txt", free_port()
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL": "ERROR"}
    files = [f"--{name}={folder / name}.yml" for name in ("credentials", "endpoints")]
    with output.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603 (our own modules)
            [sys.executable, "-m", "rasa", "run", f"--model={whole}", f"--port={port}", "-i", "127.0.0.1", *files],
            cwd=PROJECT,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    served = Served(process, f"http://127.0.0.1:{port}/webhooks/rest/webhook", environment, output)
    until(served, lambda text: "Rasa server is up and running" in text)
    return served


def _train(target: Path) -> None:
    """Train the policies and put them and the pipeline into one model."""
    import time

    load_tensorflow()
    import rasa.model_training

    pipeline, _ = trained(print)
    with tempfile.TemporaryDirectory() as name:
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


BOTH = 3  # rasa.shared.data.TrainingType.BOTH


if __name__ == "__main__":
    _train(Path(sys.argv[1]))
