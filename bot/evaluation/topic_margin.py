"""Chooses when a message asks about a published topic: fits `bot/nlu/topic_decision.json` on the development topics.

.venv/bin/python -m bot.evaluation.topic_margin

Its negatives are the development half of `data/held_out`, without the sentences that ask about one of the topics. The
margin is chosen on scores of models that did not see the topic (leave-one-topic-out), so that with all development
topics published no more than ALLOWED of that half are taken, those sentences included: other topics overlap more.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bot.evaluation.model_parts import model_parts
from bot.evaluation.new_topic_sets import DEVELOPMENT_TOPICS, EXAMPLES, NewTopic, new_topics, same_subject
from bot.nlu.topic_decision import TopicDecision
from bot.nlu.topic_index import FEATURES, Features, Placing, TopicIndex
from bot.nlu.topic_matcher import is_kept
from bot.training.sentences import DEVELOPMENT, held_out
from bot.training.trained_model import model_path

ALLOWED = 0.01  # share of other sentences that may be taken
STRENGTH = 0.01  # C; ten times more or less changes little with four topics

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """What was found with one number of examples.

    Attributes:
        asked: features of the topics' sentences (sentence, topic, feature); own: the topic of each.
        others: features of other sentences; on_subject: of those of the other sets that ask about a topic.
    """

    asked: Features
    own: npt.NDArray[np.int64]
    others: Features
    on_subject: Features

    def of_topics(self, chosen: list[int]) -> tuple[Features, Flags]:
        """Features and answers (whether it is asked about) of these topics."""
        right = np.concatenate([self.asked[self.own == topic, topic] for topic in chosen])
        wrong = [self.asked[self.own != topic, topic] for topic in chosen]
        wrong += [self.others[:, topic] for topic in chosen]
        rows = np.concatenate([right, *wrong])
        return rows, np.arange(len(rows)) < len(right)


def measured(
    placing: Placing, topics: list[NewTopic], count: int, others: list[str], on_subject: list[str]
) -> Measured:
    """The features of all sentences with so many examples a language."""
    index = TopicIndex([one.with_examples(count) for one in topics], placing)
    asked = [(place, text) for place, one in enumerate(topics) for _, text in one.sentences]
    return Measured(
        np.stack([index.features(placing.example(text)) for _, text in asked]),
        np.asarray([place for place, _ in asked]),
        np.stack([index.features(placing.example(text)) for text in others]),
        np.stack([index.features(placing.example(text)) for text in on_subject]),
    )


def fitted(found: list[Measured], chosen: list[int]) -> TopicDecision:
    """The regression of these topics, without margins."""
    parts = [one.of_topics(chosen) for one in found]
    rows, answers = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    means, scales = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-9)
    model = LogisticRegression(C=STRENGTH, max_iter=2000, class_weight="balanced").fit((rows - means) / scales, answers)
    return TopicDecision(
        FEATURES, _short(means), _short(scales), _short(model.coef_[0]), bias=_short(model.intercept_)[0]
    )


def _short(values: Features) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)


def held_back(found: list[Measured], topics: int) -> list[tuple[Features, Features]]:
    """For each number of examples, the scores of asked and of other sentences, each topic's by a model without it."""
    every = range(topics)
    models = [fitted(found, [other for other in every if other != topic]) for topic in every]
    return [
        (
            np.stack([models[topic].scores(one.asked[:, topic]) for topic in every], axis=1),
            np.stack([models[topic].scores(others[:, topic]) for topic in every], axis=1),
        )
        for one in found
        for others in (np.concatenate([one.others, one.on_subject]),)
    ]


def main() -> None:
    """Fit, choose the margin, print what it gives, and write the file."""
    placing = model_parts(model_path()).placing
    topics = new_topics(DEVELOPMENT_TOPICS)
    subject = same_subject(DEVELOPMENT_TOPICS)
    every = {one.text: one.label for name in DEVELOPMENT.intents for one in held_out(name)}
    others = [text for text, label in every.items() if not is_kept(label, 1.0) and text not in subject]
    found = [measured(placing, topics, count, others, sorted(subject)) for count in EXAMPLES]
    scores = held_back(found, len(topics))
    # The dialogue's own intents are not taken.
    share = ALLOWED * len(every) / (len(others) + len(subject))
    margins = [float(np.quantile(of_others.max(axis=1), 1 - share)) for _, of_others in scores]
    for count, one, (asked, _), margin in zip(EXAMPLES, found, scores, margins, strict=True):
        taken = asked.max(axis=1) >= margin
        right = int((taken & (asked.argmax(axis=1) == one.own)).sum())
        print(f"{count} examples: {right} of {len(one.own)} answered, {int(taken.sum()) - right} as another topic")
    chosen = fitted(found, list(range(len(topics))))
    replace(chosen, counts=tuple(map(float, EXAMPLES)), margins=_short(np.asarray(margins))).save()
    print(f"margins {margins}, with which {ALLOWED} of {len(every)} other sentences are taken")


if __name__ == "__main__":
    main()
