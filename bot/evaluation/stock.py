"""The stock model for comparison: the pipeline of `rasa init`, trained on the same examples."""

import hashlib
import importlib.resources
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import yaml

from bot.keys.model_signatures import sign
from bot.observing.logs import quiet
from bot.rasa.boot import boot
from bot.rasa.processes import Process
from bot.rasa.quiet_training import quiet_training
from bot.settings import PROJECT, settings

IMPORTER = "bot.rasa.importer.BilingualImporter"


def configuration() -> str:
    """The configuration of `rasa init` (its pipeline is left to Rasa's default), with our importer."""
    initial = importlib.resources.files("rasa.cli") / "initial_project" / "config.yml"
    content = yaml.safe_load(initial.read_text(encoding="utf-8"))
    return yaml.safe_dump({**content, "importers": [{"name": IMPORTER}]})


def load_tensorflow() -> None:
    """Import TensorFlow, which the assistant itself does without; call before Rasa is imported.

    Raises:
        RuntimeError: it is not installed.
    """
    quiet()  # before TensorFlow is imported
    try:
        import tensorflow  # noqa: F401
    except ImportError as error:
        raise RuntimeError("The pipeline of 'rasa init' needs TensorFlow: .uv/bin/uv sync --group dev") from error


def trained(report: Callable[[str], None]) -> tuple[Path, float]:
    """The stock model of the current examples, trained if it is missing (most of an hour on two cores).

    Returns:
        Its path, and the seconds that its training took.
    """
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    # The parts of the domain that its pipeline learns; a change of slots or actions must not cost an hour of training.
    learnt = json.dumps([domain["intents"], domain["entities"]])
    seen = hashlib.sha256(f"{version('rasa')}\0{configuration()}\0{learnt}".encode())
    for path in sorted((PROJECT / "data" / "nlu").rglob("*.yml")):
        seen.update(path.read_bytes())
    model = settings().models / f"stock-{seen.hexdigest()[:12]}.tar.gz"
    taken = model.with_suffix(".seconds")
    if not (model.is_file() and taken.is_file()):
        report("Training the pipeline of 'rasa init'; most of an hour on two cores …")
        with tempfile.TemporaryDirectory() as folder:
            made, seconds = _train(Path(folder), report)
            shutil.move(made, model)
        sign(model)
        taken.write_text(f"{seconds:.1f}", encoding="utf-8")
    return model, float(taken.read_text(encoding="utf-8"))


def _train(folder: Path, report: Callable[[str], None]) -> tuple[Path, float]:
    boot(Process.STOCK)
    import rasa.model_training

    config = folder / "config.yml"
    config.write_text(configuration(), encoding="utf-8")
    began = time.monotonic()
    with quiet_training(report):
        path = rasa.model_training.train_nlu(
            config=str(config),
            nlu_data=str(PROJECT / "data" / "nlu"),
            domain=str(PROJECT / "domain.yml"),
            output=str(folder),
            fixed_model_name="stock",
        )
    if not path:
        raise RuntimeError("Rasa could not train the pipeline of 'rasa init'.")
    return Path(path), time.monotonic() - began
