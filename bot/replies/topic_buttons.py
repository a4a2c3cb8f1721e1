"""Buttons for topics that were published with questions of their own."""

import json
from datetime import date

from sqlalchemy.orm import Session

from bot.domain_names import EntityName, Intent
from bot.knowledge.published_topics import PublishedTopic, topics_now
from bot.replies.catalogue import Button

OFFERED = 2  # topics at most, beside the buttons of the answer


def topic_button(topic: PublishedTopic, language: str) -> Button:
    """The button of a topic, with its published title."""
    payload = f"/{Intent.ASK_PUBLISHED_TOPIC}{json.dumps({EntityName.PUBLISHED_TOPIC: topic.key})}"
    return Button(topic.titles[language], payload)


def topic_buttons(session: Session, language: str, day: date) -> tuple[Button, ...]:
    """The buttons of the topics that are answered on a day; few, and those by the order of their keys."""
    return tuple(topic_button(topic, language) for topic in topics_now(session, day).topics[:OFFERED])
