"""Recognising topics that were published after training, on small made-up data with a fake encoder."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message
from sqlalchemy.exc import OperationalError
from test_models import SENTENCES, Keywords, cascade

from bot.domain_names import Intent
from bot.knowledge.published_topics import PublishedTopic, TopicsOnDay
from bot.nlu import topic_matcher
from bot.nlu.annotations import note_danger_in_part, note_despair, note_intent, seen_in
from bot.nlu.letter_likeness import LetterLikeness, profile
from bot.nlu.meaning_space import MeaningSpace
from bot.nlu.published_questions import PublishedQuestions
from bot.nlu.topic_decision import topic_decision
from bot.nlu.topic_index import FEATURES, Placing, TopicIndex
from bot.nlu.topic_matcher import TopicMatcher, is_kept
from bot.parse_result import Guess

ASKED = {"lv": ["ziedojums ģimenēm", "kas ziedo naudu"], "en": ["a donation for families", "who donates money"]}
TOPIC = PublishedTopic("donation", {"lv": "Ziedojums", "en": "Donation"}, {"lv": "Ziedojam.", "en": "We give."}, ASKED)
VERBATIM = "Kas ziedo naudu?"
DAY = date(2020, 4, 15)


def space() -> MeaningSpace:
    """The space of the made-up sentences."""
    texts = [text for texts in SENTENCES.values() for text in texts]
    labels = [label for label, texts in SENTENCES.items() for _ in texts]
    return MeaningSpace.learn(Keywords().encode(texts), labels, [1.0] * len(texts), [True] * len(texts))


def placing() -> Placing:
    """What places texts with the made-up cascade."""
    found = Placing.of(cascade(Keywords(), 0.9), space())
    assert found is not None
    return found


def matcher(source: Callable[[], TopicsOnDay]) -> TopicMatcher:
    """A matcher that reads topics from here."""
    return TopicMatcher(placing(), source)


def published(*topics: PublishedTopic) -> Callable[[], TopicsOnDay]:
    """A source of these topics."""
    return lambda: TopicsOnDay("1", DAY, topics)


def broken() -> TopicsOnDay:
    """A source whose database is down."""
    raise OperationalError("select", {}, Exception("the database is down"))


@pytest.mark.parametrize("said", [VERBATIM, "kas ziedo naudu", "DONATION", "ziedojums"])
def test_an_example_and_a_title_are_recognised_word_for_word(said: str) -> None:
    assert matcher(published(TOPIC)).matched(said) == TOPIC


def test_without_topics_nothing_is_matched() -> None:
    assert matcher(published()).matched(VERBATIM) is None


def test_a_topic_is_recognised_with_the_message_after_it_was_published() -> None:
    states = iter([TopicsOnDay("1", DAY, ()), TopicsOnDay("2", DAY, (TOPIC,))])
    looking = matcher(lambda: next(states))
    assert [looking.matched(VERBATIM), looking.matched(VERBATIM)] == [None, TOPIC]


def test_a_withdrawn_topic_is_not_recognised_any_more() -> None:
    states = iter([TopicsOnDay("1", DAY, (TOPIC,)), TopicsOnDay("2", DAY, ())])
    looking = matcher(lambda: next(states))
    assert [looking.matched(VERBATIM), looking.matched(VERBATIM)] == [TOPIC, None]


def test_without_the_database_messages_are_understood_as_trained() -> None:
    assert matcher(broken).matched(VERBATIM) is None


@pytest.mark.parametrize(("slow", "times"), [(-1.0, 1), (60.0, 2)], ids=["slowly", "at once"])
def test_a_database_that_fails_slowly_is_left_alone(slow: float, times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic_matcher, "SLOW", slow)
    tries: list[int] = []

    def counted() -> TopicsOnDay:
        tries.append(1)
        return broken()

    looking = matcher(counted)
    looking.matched(VERBATIM)
    looking.matched(VERBATIM)
    assert len(tries) == times


def test_known_topics_stay_while_the_database_is_down() -> None:
    state = [TopicsOnDay("1", DAY, (TOPIC,))]
    looking = matcher(lambda: state.pop() if state else broken())
    assert [looking.matched(VERBATIM), looking.matched(VERBATIM)] == [TOPIC, TOPIC]


def test_messages_are_not_kept_waiting_for_many_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = Event()
    looking = matcher(published(TOPIC))
    monkeypatch.setattr(topic_matcher, "TOPICS_READ", 0.01)
    monkeypatch.setattr(topic_matcher, "TopicIndex", lambda *args: ready.wait(10) and TopicIndex(*args))
    before = looking.matched(VERBATIM)
    ready.set()
    monkeypatch.setattr(topic_matcher, "TOPICS_READ", 10)
    assert (before, looking.matched(VERBATIM)) == (None, TOPIC)


def test_a_topic_that_cannot_be_used_disturbs_nobody() -> None:
    broken_topic = PublishedTopic("broken", {}, {}, {"lv": []})
    assert matcher(published(broken_topic)).matched(VERBATIM) is None


KEPT = {
    "danger": (Intent.REPORT_DANGER, 0.3, True),
    "despair": (Intent.REPORT_DESPAIR, 0.3, True),
    "a person": (Intent.REQUEST_HUMAN, 0.9, True),
    "perhaps a person": (Intent.REQUEST_HUMAN, 0.5, False),
    "leaving a form": (Intent.CANCEL, 0.95, True),
    "a question": (Intent.ASK_CONTACT, 0.99, False),
}


@pytest.mark.parametrize("name", KEPT)
def test_danger_and_the_dialogue_come_before_topics(name: str) -> None:
    intent, confidence, kept = KEPT[name]
    assert is_kept(intent, confidence) is kept


def noted(message: Message) -> Message:
    """The message, after published topics were looked for."""
    asked = PublishedQuestions(cascade(Keywords(), 0.9), matcher(published(TOPIC)))
    asked.note(message, VERBATIM, (0, len(VERBATIM)))
    return message


def said(intent: Intent) -> Message:
    """A message that was classified as this."""
    message = Message(data={"text": VERBATIM})
    note_intent(message, Guess(intent, 0.95))
    return message


def test_a_topic_replaces_the_trained_intent() -> None:
    seen = seen_in(noted(said(Intent.ASK_CONTACT)))
    assert (seen.intent, seen.about) == (Intent.ASK_PUBLISHED_TOPIC, Guess("ask_published_topic/donation", 1.0))


@pytest.mark.parametrize("note", [note_danger_in_part, note_despair])
def test_danger_and_despair_in_a_message_come_before_a_topic(note: Callable[[Message], None]) -> None:
    message = said(Intent.ASK_CONTACT)
    note(message)
    assert seen_in(noted(message)).intent == Intent.ASK_CONTACT


def test_there_is_a_row_of_features_for_each_topic() -> None:
    index = TopicIndex([TOPIC, TOPIC], placing())
    assert index.features(placing().text("kur rēķins")).shape == (2, len(FEATURES))


def test_the_decision_is_for_these_features() -> None:
    assert len(topic_decision().means) == len(FEATURES)


def test_words_that_training_never_saw_count_by_letters() -> None:
    ngrams = cascade(None, 0.9).ngrams
    alike = LetterLikeness([profile(ngrams, "ziedojums"), profile(ngrams, "kur ir rekins")])
    found = alike.to(profile(ngrams, "ziedojumu"))
    assert found[0] > 0.5 > found[1]


def test_a_space_is_the_same_after_saving_and_loading(tmp_path: Path) -> None:
    made = space()
    made.save(tmp_path)
    read = MeaningSpace.load(tmp_path)
    vectors = Keywords().encode(["kur mans rēķins"])
    assert read is not None
    assert np.allclose(read.places(vectors), made.places(vectors), atol=1e-6)


def test_a_model_without_sentence_vectors_has_no_space(tmp_path: Path) -> None:
    assert MeaningSpace.load(tmp_path) is None
