"""The held-out sets of new topics: complete, and apart from their own examples and from the training data."""

import pytest

from bot.evaluation.new_topic_sets import (
    DEVELOPMENT_TOPICS,
    EXAMPLES,
    UNTOUCHED_TOPICS,
    NewTopic,
    new_topics,
    same_subject,
)
from bot.settings import LANGUAGES
from bot.training.sentences import DEVELOPMENT, held_out, training
from bot.words.text import fold

TOPICS = {f"{half}/{one.topic.key}": one for half in (DEVELOPMENT_TOPICS, UNTOUCHED_TOPICS) for one in new_topics(half)}


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_a_topic_has_enough_different_examples(topic: NewTopic) -> None:
    counts = {language: len(set(map(fold, topic.topic.questions[language]))) for language in LANGUAGES}
    assert min(counts.values()) >= max(EXAMPLES)


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_no_sentence_is_an_example(topic: NewTopic) -> None:
    examples = {fold(text) for texts in topic.topic.questions.values() for text in texts}
    assert [text for _, text in topic.sentences if fold(text) in examples] == []


@pytest.mark.parametrize("topic", TOPICS.values(), ids=TOPICS)
def test_fewer_examples_are_the_first_ones(topic: NewTopic) -> None:
    few = topic.with_examples(EXAMPLES[0])
    assert few.questions == {language: topic.topic.questions[language][: EXAMPLES[0]] for language in LANGUAGES}


def test_no_sentence_is_trained_on() -> None:
    known = {fold(one.text) for language in LANGUAGES for one in training(language)}
    assert [text for topic in TOPICS.values() for _, text in topic.sentences if fold(text) in known] == []


def test_sentences_of_the_same_subject_stand_in_the_development_sets() -> None:
    texts = {one.text for name in DEVELOPMENT.intents for one in held_out(name)}
    assert same_subject(DEVELOPMENT_TOPICS) - texts == frozenset()
