"""What the limits `asked` and `stated` of the intent classifier would cost: how they are chosen, without the test sets.

.venv/bin/python -m bot.evaluation.margins

A model is trained on four fifths of the training sentences; pairs of the others are joined into messages with two
questions, and those of them that could be cut are the messages with one.
"""

import random
from dataclasses import dataclass
from itertools import pairwise

from rich.table import Table

from bot.commands.console import out
from bot.evaluation.curve import classifier_config, fitted
from bot.evaluation.sets import Sentence, training
from bot.nlu.cascade import Cascade
from bot.nlu.intent_classifier import answerable
from bot.nlu.linear import SEED
from bot.nlu.questions import Margins, asks, cuts, pairs
from bot.settings import LANGUAGES

LIMITS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
AND = {"lv": "un", "en": "and"}


@dataclass(frozen=True)
class Tried:
    """A message, whether it asks two things, whether its first side asks, and how clearly it is about which two."""

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
    """What the classifier makes of the clearest cut of a message; None where there is no cut."""
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
    """Print a table for each form of the first side."""
    examples = [one for language in LANGUAGES for one in training(language)]
    random.Random(SEED).shuffle(examples)  # noqa: S311
    fifth = len(examples) // 5
    cascade = fitted(examples[fifth:], classifier_config())
    messages = [(one.text, str(one.language), {one.label}) for one in examples[:fifth]]
    for language in LANGUAGES:
        own = [one for one in examples[:fifth] if one.language == language and one.label in answerable()]
        messages += [(joined(a, b), language, {a.label, b.label}) for a, b in pairwise(own) if a.label != b.label]
    found = [one for one in (tried(cascade, *message) for message in messages) if one]
    for form in (True, False):
        singles = [one for one in found if one.asked == form and not one.double]
        doubles = [one for one in found if one.asked == form and one.double]
        table = Table("limit", "two questions, both right", "one question, cut in two")
        for limit in LIMITS:
            hits = sum(one.margin >= limit and one.right for one in doubles) / len(doubles)
            table.add_row(
                f"{limit}", f"{hits:.3f}", f"{sum(one.margin >= limit for one in singles) / len(singles):.3f}"
            )
        out.print(
            f"{'asked' if form else 'stated'}: {len(doubles)} messages with two questions, {len(singles)} with one"
        )
        out.print(table)


if __name__ == "__main__":
    main()
