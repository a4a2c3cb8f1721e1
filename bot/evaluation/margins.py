"""Measures thresholds for `asked` and `stated` of the intent classifier on held-out training examples, not test sets.

.venv/bin/python -m bot.evaluation.margins

A model is trained on four fifths of the training examples. Pairs of the others are joined into messages with two
questions; single ones that could be cut in two are the messages with one question.
"""

import random
from dataclasses import dataclass
from itertools import pairwise

from rich.console import Console
from rich.table import Table

from bot.evaluation.curve import classifier_config, fitted
from bot.nlu.cascade import Cascade
from bot.nlu.linear import SEED
from bot.nlu.several_questions import answerable
from bot.nlu.two_questions import Margins, asks, cuts, pairs
from bot.settings import LANGUAGES
from bot.training.sentences import Sentence, training

LIMITS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
AND = {"lv": "un", "en": "and"}


@dataclass(frozen=True)
class Tried:
    """A message: whether it has two questions, whether its first side asks, its margin, and if the cut is right."""

    double: bool
    asked: bool
    margin: float
    right: bool


def joined(first: Sentence, second: Sentence) -> str:
    """Two sentences as one message."""
    if first.text[-1] in ".?!":
        return f"{first.text} {second.text}"
    return f"{first.text} {AND[str(first.language)]} {second.text}"


def tried(cascade: Cascade, text: str, language: str, labels: set[str]) -> Tried | None:
    """The classifier's result for the clearest cut of a message; None where there is no cut."""
    places, none = cuts(text, language), Margins(0.0, 0.0)
    if not places:
        return None
    clearest = max(pairs(text, places, cascade.glance, none), key=lambda pair: pair.above)
    (pair,) = pairs(text, [clearest.spans], cascade.distributions, none)
    possible = len(pair.intents) == 2 and pair.intents <= answerable()
    first = pair.questions[0]
    asked = asks(text[first.start : first.end])
    return Tried(len(labels) == 2, asked, pair.above if possible else -2.0, possible and pair.intents == labels)


def main() -> None:
    """Print a table for each form of the first side (`asked`, `stated`)."""
    examples = [one for language in LANGUAGES for one in training(language)]
    random.Random(SEED).shuffle(examples)  # noqa: S311
    fifth = len(examples) // 5
    cascade = fitted(examples[fifth:], classifier_config())
    messages = [(one.text, str(one.language), {one.label}) for one in examples[:fifth]]
    for language in LANGUAGES:
        own = [one for one in examples[:fifth] if one.language == language and one.label in answerable()]
        messages += [(joined(a, b), language, {a.label, b.label}) for a, b in pairwise(own) if a.label != b.label]
    found = [one for one in (tried(cascade, *message) for message in messages) if one]
    console = Console(highlight=False)
    for form in (True, False):
        singles = [one for one in found if one.asked == form and not one.double]
        doubles = [one for one in found if one.asked == form and one.double]
        table = Table("limit", "two questions, both right", "one question, cut in two")
        for limit in LIMITS:
            hits = sum(one.margin >= limit and one.right for one in doubles) / len(doubles)
            table.add_row(
                f"{limit}", f"{hits:.3f}", f"{sum(one.margin >= limit for one in singles) / len(singles):.3f}"
            )
        console.print(
            f"{'asked' if form else 'stated'}: {len(doubles)} messages with two questions, {len(singles)} with one"
        )
        console.print(table)


if __name__ == "__main__":
    main()
