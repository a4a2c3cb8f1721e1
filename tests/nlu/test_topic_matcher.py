"""Recognising topics that were published after training, on small made-up data with a fake encoder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from rasa.shared.nlu.training_data.message import Message
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from test_models import SENTENCES, Keywords, cascade

from bot.clock import pretending
from bot.domain_names import Intent
from bot.evaluation.new_topic_figures import publish_topics
from bot.knowledge.published_topics import PublishedTopic, TopicsOnDay
from bot.nlu import topic_matcher
from bot.nlu.annotations import note_danger_in_part, note_despair, note_intent, note_questions, seen_in
from bot.nlu.meaning_space import MeaningSpace
from bot.nlu.published_questions import CLEARLY, PublishedQuestions
from bot.nlu.topic_index import Placing, TopicIndex
from bot.nlu.topic_matcher import TopicMatcher, is_kept
from bot.parse_result import Guess, Question
from bot.storage.engine import engine_for

ASKED = {"lv": ["ziedojums ģimenēm", "kas ziedo naudu"], "en": ["a donation for families", "who donates money"]}
TOPIC = PublishedTopic("donation", {"lv": "Ziedojums", "en": "Donation"}, {"lv": "Ziedojam.", "en": "We give."}, ASKED)
PUBLISHED = PublishedTopic(
    TOPIC.key,
    TOPIC.titles,
    TOPIC.texts,
    {
        "lv": [*ASKED["lv"], "kam ziedo", "cik ziedo", "kad ziedo"],
        "en": [*ASKED["en"], "who gets money", "how much money", "when is it given"],
    },
)
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


@contextmanager
def statements(database: str) -> Iterator[list[str]]:
    """The statements that a database is sent meanwhile."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(engine_for(database), "before_cursor_execute", note)
    yield found
    event.remove(engine_for(database), "before_cursor_execute", note)


@pytest.mark.both_databases
def test_a_message_costs_one_query_at_most(database: str) -> None:
    publish_topics([PUBLISHED], database)
    looking = TopicMatcher(placing())
    with pretending(DAY):
        looking.matched(VERBATIM)
        with statements(database) as asked:
            assert looking.matched(VERBATIM) is not None
    assert len(asked) == 1


def test_a_database_without_the_tables_is_named_in_one_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    looking = TopicMatcher(placing())
    assert [looking.matched(VERBATIM) for _ in range(3)] == [None] * 3
    assert [(one.levelname, "cannot be read" in one.message) for one in caplog.records] == [("WARNING", True)]


SEVERAL = "only you? really? for donations?"


class ScoreOfWhole(TopicMatcher):
    """A matcher for which only the whole of `SEVERAL` has a score beyond the margin: this one."""

    def __init__(self, score: float) -> None:
        super().__init__(placing(), published(TOPIC))
        self._score = score

    def matched(self, text: str, beyond: float = 0.0) -> PublishedTopic | None:
        return TOPIC if text == SEVERAL and self._score >= beyond else None


@pytest.mark.parametrize(
    ("score", "intent"), [(CLEARLY, Intent.ASK_PUBLISHED_TOPIC), (CLEARLY - 0.1, Intent.ASK_CONTACT)]
)
def test_several_questions_are_looked_at_whole_where_none_is_about_a_topic(score: float, intent: Intent) -> None:
    message = Message(data={"text": SEVERAL})
    note_intent(message, Guess(Intent.ASK_CONTACT, 0.9))
    note_questions(message, [Question(Intent.ASK_CONTACT, 0.9, 0, 9), Question(Intent.ASK_CONTACT, 0.9, 10, 17)])
    PublishedQuestions(cascade(Keywords(), 0.9), ScoreOfWhole(score)).note(message, SEVERAL, (0, len(SEVERAL)))
    assert seen_in(message).intent == intent
