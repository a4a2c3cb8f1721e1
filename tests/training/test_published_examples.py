"""Published topics become training data: files that Rasa and we read, without what stands elsewhere."""

from pathlib import Path

import pytest
from rasa.shared.nlu.constants import INTENT_RESPONSE_KEY
from rasa.shared.nlu.training_data.loading import load_data

from bot.domain_names import Intent
from bot.knowledge.published_topics import PublishedTopic
from bot.settings import LANGUAGES
from bot.training.published_examples import FILE, learn_topics
from bot.training.sentences import training

ASKED = {
    "lv": ["Kas ir zvaigžņu lietus?", "Kad būs zvaigžņu lietus [augustā]?"],
    "en": ["What are shooting stars?", "When are the shooting stars?"],
}
TEXTS = {"lv": "Zvaigznes.", "en": "Stars."}
TOPIC = PublishedTopic("stars", TEXTS, TEXTS, ASKED)
OTHER = PublishedTopic("moon", TEXTS, TEXTS, {"lv": ["Kur ir mēness?"], "en": ["Where is the moon?"]})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of training data without examples."""
    for language in LANGUAGES:
        (tmp_path / language).mkdir()
    return tmp_path


def learnt(folder: Path, language: str) -> dict[str, list[str]]:
    """By question, the examples that Rasa reads."""
    found: dict[str, list[str]] = {}
    for example in load_data(str(folder / language / FILE)).training_examples:
        found.setdefault(example.get(INTENT_RESPONSE_KEY), []).append(example.get("text"))
    return found


def test_a_topic_is_a_question_of_the_intent_of_published_topics(folder: Path) -> None:
    learn_topics([TOPIC], folder)
    assert learnt(folder, "en") == {f"{Intent.ASK_PUBLISHED_TOPIC}/stars": ASKED["en"]}


def test_brackets_are_no_entities(folder: Path) -> None:
    learn_topics([TOPIC], folder)
    assert learnt(folder, "lv")["ask_published_topic/stars"][1] == "Kad būs zvaigžņu lietus (augustā)?"


def test_topics_of_an_earlier_file_stay(folder: Path) -> None:
    learn_topics([TOPIC], folder)
    learn_topics([OTHER], folder)
    assert list(learnt(folder, "lv")) == ["ask_published_topic/stars", "ask_published_topic/moon"]


def test_writing_twice_changes_nothing(folder: Path) -> None:
    learn_topics([TOPIC], folder)
    before = (folder / "lv" / FILE).read_bytes()
    learn_topics([TOPIC], folder)
    assert (folder / "lv" / FILE).read_bytes() == before


def test_a_sentence_that_is_trained_already_is_left_out(folder: Path) -> None:
    known = training("en")[0].text
    topic = PublishedTopic("stars", TEXTS, TEXTS, {**ASKED, "en": [*ASKED["en"], known]})
    assert learn_topics([topic], folder).left_out == (known,)
