"""The learning curve: what more examples would bring."""

import random
from collections.abc import Callable
from typing import Any

import yaml

from bot.evaluation.sets import held_out, training
from bot.nlu.cascade import Cascade
from bot.nlu.intent_classifier import CascadeIntentClassifier, training_encoder
from bot.nlu.linear import SEED, TextFeatures
from bot.settings import LANGUAGES, PROJECT

SHARES = (0.25, 0.5, 0.75, 1.0)


def learning_curve(report: Callable[[str], None]) -> list[dict[str, Any]]:
    """Accuracy on the clean sets of classifiers trained on growing shares of the examples, without the gate.

    Returns:
        [{"share", "examples", "lv", "en"}]
    """
    parts = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    given = next(part for part in parts if part["name"].endswith(CascadeIntentClassifier.__name__))
    config = CascadeIntentClassifier.get_default_config() | given
    examples = [one for language in LANGUAGES for one in training(language)]
    random.Random(SEED).shuffle(examples)  # noqa: S311
    encoder = training_encoder(config, keep_only=False)
    points = []
    for share in SHARES:
        report(f"Training on {share:.0%} of the examples …")
        shown = examples[: round(len(examples) * share)]
        features = TextFeatures(config["shortest"], config["longest"], config["min_df"], config["words"])
        texts, labels = [one.text for one in shown], [one.label for one in shown]
        cascade = Cascade.fit(texts, labels, features, config["strength"], encoder, config["sure"])
        point: dict[str, Any] = {"share": share, "examples": len(shown)}
        for language in LANGUAGES:
            clean = held_out(f"clean.{language}")
            rights = 0
            for one in clean:
                intents, confidences = cascade.confidences(one.text)
                rights += intents[int(confidences.argmax())] == one.label
            point[language] = rights / len(clean)
        points.append(point)
    return points
