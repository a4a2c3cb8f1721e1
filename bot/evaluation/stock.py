"""The pipeline that `rasa init` gives, trained on the same examples: what ours is measured against."""

import importlib.resources
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from bot.settings import PROJECT

IMPORTER = "bot.training.importer.BilingualImporter"


def configuration() -> str:
    """The configuration of `rasa init` (its pipeline is left to Rasa's default), with our importer."""
    initial = importlib.resources.files("rasa.cli") / "initial_project" / "config.yml"
    content = yaml.safe_load(initial.read_text(encoding="utf-8"))
    return yaml.safe_dump({**content, "importers": [{"name": IMPORTER}]})


def train(folder: Path, report: Callable[[str], None]) -> tuple[Path, float]:
    """Train it into a folder (half an hour on two cores); gives back the model and how many seconds that took."""
    from bot.server.logs import quiet

    quiet()
    import rasa.model_training

    from bot.training.model import quietly

    config = folder / "config.yml"
    config.write_text(configuration(), encoding="utf-8")
    began = time.monotonic()
    with quietly(report):
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
