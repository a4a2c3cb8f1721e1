"""A topic that is published is answered with the next message; danger and requests for a person come before it."""

from typing import TYPE_CHECKING

import pytest

from bot.clock import pretending
from bot.domain_names import Intent
from bot.evaluation.new_topic_figures import publish_topics, withdraw_topics
from bot.knowledge.published_topics import PublishedTopic

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

pytestmark = pytest.mark.model
DAY = "2020-04-15"
TOPIC = PublishedTopic(
    "lamp_exchange",
    {"lv": "Spuldžu maiņa", "en": "Lamp exchange"},
    {"lv": "Vecās spuldzes mainām pret jaunām.", "en": "We exchange old lamps for new ones."},
    {
        "lv": ["Kur mainīt spuldzes?", "Vai mainīsiet lampas?", "Kas ir spuldžu maiņa?", "Kad maina?", "Cik spuldžu?"],
        "en": [
            "Where do I swap lamps?",
            "Do you swap bulbs?",
            "What is the exchange?",
            "When is it?",
            "How many bulbs?",
        ],
    },
)


@pytest.fixture
def published(loaded: "LocalAssistant", database: str) -> "LocalAssistant":
    """The assistant, after the topic was published."""
    publish_topics([TOPIC], database)
    loaded.restart()
    return loaded


async def test_a_published_topic_is_answered(published: "LocalAssistant") -> None:
    with pretending(DAY):
        turn = await published.say("where can I swap lamps")
    assert [TOPIC.texts["en"] in reply["text"] for reply in turn["replies"]] == [True]


async def test_a_title_is_a_button_where_somebody_asks_what_is_new(published: "LocalAssistant") -> None:
    with pretending(DAY):
        await published.say("What has changed?")
        turn = await published.say(TOPIC.titles["en"])
    assert turn["questions"] == [Intent.ASK_PUBLISHED_TOPIC]


async def test_the_second_question_of_a_message_may_be_about_a_topic(published: "LocalAssistant") -> None:
    with pretending(DAY):
        turn = await published.say("Vai Rīgas centrs ir slēgts? Kur mainīt spuldzes?")
    assert any(TOPIC.texts["lv"] in reply["text"] for reply in turn["replies"])


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("māja deg! kur mainīt spuldzes", Intent.REPORT_DANGER),
        ("savienojiet mani ar operatoru", Intent.REQUEST_HUMAN),
        ("vai mani atslēgs?", Intent.ASK_DISCONNECTION_GUARANTEE),
    ],
)
async def test_other_messages_are_understood_as_before(published: "LocalAssistant", said: str, intent: str) -> None:
    with pretending(DAY):
        assert (await published.parse(said)).intent == intent


async def test_a_withdrawn_topic_is_not_answered(published: "LocalAssistant", database: str) -> None:
    withdraw_topics(database)
    with pretending(DAY):
        assert (await published.parse("Kur mainīt spuldzes?")).intent != Intent.ASK_PUBLISHED_TOPIC
