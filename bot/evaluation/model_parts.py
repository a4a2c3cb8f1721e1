"""Parts of a trained model without Rasa: what places texts beside the trained examples."""

import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.curve import classifier_config
from bot.keys.model_signatures import verified
from bot.nlu.cascade import Cascade
from bot.nlu.encoder import e5
from bot.nlu.intent_classifier import CascadeIntentClassifier
from bot.nlu.meaning_space import MeaningSpace, load_known_examples
from bot.nlu.topic_index import Placing


@dataclass(frozen=True)
class ModelParts:
    """What published topics are compared with.

    Attributes:
        known: text and intent of each of the space's known examples.
    """

    placing: Placing
    known: list[tuple[str, str]]


def model_parts(model: Path) -> ModelParts:
    """The parts of a model.

    Raises:
        UntrustedModel: its signature is not valid.
        ValueError: it was trained without sentence vectors.
    """
    verified(model)
    with tempfile.TemporaryDirectory() as folder, tarfile.open(model) as archive:
        archive.extractall(folder, filter="data")
        part = next(Path(folder).rglob(f"*{CascadeIntentClassifier.__name__}*"))
        cascade = Cascade.load(part, e5(), classifier_config()["sure"])
        placing = Placing.of(cascade, MeaningSpace.load(part))
        if placing is None:
            raise ValueError(f"{model} was trained without sentence vectors, which published topics need.")
        return ModelParts(placing, load_known_examples(part))
