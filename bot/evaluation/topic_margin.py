"""Chooses when a message asks about a published topic: fits `bot/nlu/topic_decision.json` on the development topics.

.venv/bin/python -m bot.evaluation.topic_margin

Its negatives are the development half of `data/held_out`. The margin is chosen on scores of models that did not see the
topic (leave-one-topic-out), so that with all development topics published no more than ALLOWED of those are taken.
"""

import random
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bot.evaluation.model_parts import model_parts
from bot.evaluation.new_topic_sets import DEVELOPMENT_TOPICS, EXAMPLES, NewTopic, new_topics, same_subject
from bot.knowledge.published_topics import PublishedTopic
from bot.nlu.linear import SEED
from bot.nlu.slips import with_slips
from bot.nlu.topic_decision import TopicDecision, with_products
from bot.nlu.topic_index import FEATURES, Features, Placing, TopicIndex
from bot.nlu.topic_matcher import is_kept
from bot.training.sentences import DEVELOPMENT, held_out
from bot.training.trained_model import model_path
from bot.words.text import without_diacritics

ALLOWED = 0.01  # share of other sentences that may be taken
BEFORE = {"lv": "Sakiet,", "en": "Tell me,"}
STRENGTH = 0.01  # C; with more, the regression fits single topics

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Measured:
    """What was found with one number of examples.

    Attributes:
        asked: features of the topics' sentences (sentence, topic, feature); own: the topic of each.
        varied: features of each topic's own examples with typing errors (topic, example, feature).
        others: features of other sentences.
    """

    asked: Features
    own: npt.NDArray[np.int64]
    others: Features
    varied: tuple[Features, ...]

    def of_topics(self, chosen: list[int]) -> tuple[Features, Flags]:
        """Features and answers (whether it is asked about) of these topics."""
        right = np.concatenate(
            [self.asked[self.own == topic, topic] for topic in chosen] + [self.varied[topic] for topic in chosen]
        )
        wrong = [self.asked[self.own != topic, topic] for topic in chosen]
        wrong += [self.others[:, topic] for topic in chosen]
        rows = np.concatenate([right, *wrong])
        return rows, np.arange(len(rows)) < len(right)


def measured(placing: Placing, topics: list[NewTopic], count: int, others: list[str]) -> Measured:
    """The features of all sentences with so many examples a language."""
    index = TopicIndex([one.with_examples(count) for one in topics], placing)
    asked = [(place, text) for place, one in enumerate(topics) for _, text in one.sentences]
    return Measured(
        np.stack([index.features(placing.example(text)) for _, text in asked]),
        np.asarray([place for place, _ in asked]),
        np.stack([index.features(placing.example(text)) for text in others]),
        tuple(
            np.stack([index.features(placing.example(text))[place] for text in _varied(one.with_examples(count))])
            for place, one in enumerate(topics)
        ),
    )


def _varied(topic: PublishedTopic) -> list[str]:
    """The examples of a topic as others write them: with typing errors, without diacritics, with a word before."""
    texts = [(language, text) for language, asked in topic.questions.items() for text in asked]
    slips = [without_diacritics(with_slips(text, random.Random(f"{SEED} {text}"))) for _, text in texts]  # noqa: S311
    return [*slips, *(f"{BEFORE[language]} {text}" for language, text in texts)]


def fitted(found: list[Measured], chosen: list[int]) -> TopicDecision:
    """The regression of these topics, without margins."""
    parts = [one.of_topics(chosen) for one in found]
    rows, answers = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
    means, scales = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-9)
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(with_products((rows - means) / scales), answers)
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
            np.stack([models[topic].scores(one.others[:, topic]) for topic in every], axis=1),
        )
        for one in found
    ]


def main() -> None:
    """Fit, choose the margin, print what it gives, and write the file."""
    placing = model_parts(model_path()).placing
    topics = new_topics(DEVELOPMENT_TOPICS)
    excepted = same_subject(DEVELOPMENT_TOPICS)
    every = {one.text: one.label for name in DEVELOPMENT.intents for one in held_out(name) if one.text not in excepted}
    others = [text for text, label in every.items() if not is_kept(label, 1.0)]
    found = [measured(placing, topics, count, others) for count in EXAMPLES]
    scores = held_back(found, len(topics))
    share = ALLOWED * len(every) / len(others)  # the dialogue's own intents are not taken
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
