"""The learning curve: what more training examples would bring."""

import random
from collections.abc import Callable
from typing import Any

import yaml

from bot.nlu.cascade import Cascade
from bot.nlu.intent_classifier import CascadeIntentClassifier, training_encoder
from bot.nlu.linear import SEED
from bot.nlu.spelling import Spelling
from bot.nlu.text_features import TextFeatures
from bot.settings import LANGUAGES, PROJECT
from bot.training.sentences import UNTOUCHED, Sentence, held_out, training

SHARES = (0.25, 0.5, 0.75, 1.0)


def classifier_config() -> dict[str, Any]:
    """The intent classifier's configuration in config.yml, merged with the defaults."""
    parts = yaml.safe_load((PROJECT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    given = next(part for part in parts if part["name"].endswith(CascadeIntentClassifier.__name__))
    return {**CascadeIntentClassifier.get_default_config(), **given}


def fitted(examples: list[Sentence], config: dict[str, Any]) -> Cascade:
    """The classifier trained on these examples."""
    features = TextFeatures(config["shortest"], config["longest"], config["min_df"], config["words"])
    encoder = training_encoder(config, keep_only=False)
    texts, labels = [one.text for one in examples], [one.label for one in examples]
    no_questions: list[str | None] = [None] * len(texts)
    spelling = Spelling.learn(texts)
    return Cascade.fit(texts, labels, no_questions, spelling, features, config["strength"], encoder, config["sure"])


def learning_curve(report: Callable[[str], None]) -> list[dict[str, Any]]:
    """Accuracy on the untouched clean sets of classifiers trained on growing shares of the examples, without the gate.

    Returns:
        [{"share", "examples", "lv", "en"}]
    """
    config = classifier_config()
    examples = [one for language in LANGUAGES for one in training(language)]
    random.Random(SEED).shuffle(examples)  # noqa: S311
    points = []
    for share in SHARES:
        report(f"Training on {share:.0%} of the examples …")
        shown = examples[: round(len(examples) * share)]
        cascade = fitted(shown, config)
        point: dict[str, Any] = {"share": share, "examples": len(shown)}
        for language in LANGUAGES:
            clean = held_out(f"{UNTOUCHED.name}/clean.{language}")
            rights = 0
            for one in clean:
                intents, confidences = cascade.confidences(one.text)
                rights += intents[int(confidences.argmax())] == one.label
            point[language] = rights / len(clean)
        points.append(point)
    return points
