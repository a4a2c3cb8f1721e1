"""Recognises topics that were published after training, from the next message on, in every process.

The topics are in the database, which is asked for each message whether they have changed (`bot.knowledge.remembered`).
Where it cannot be read, messages are understood as they were trained.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import today
from bot.deadlines import TOPICS_READ
from bot.domain_names import ALARMS, Intent
from bot.knowledge.published_topics import PublishedTopic, TopicsOnDay, topics_now
from bot.nlu.topic_decision import topic_decision
from bot.nlu.topic_index import Placing, TopicIndex
from bot.observing.error_place import place_of
from bot.storage.engine import single_statements

logger = logging.getLogger(__name__)
UNREAD = 5.0  # seconds for which a database that failed slowly is left alone
SLOW = 0.1  # seconds from which a failure is slow: the next messages must not wait as long, too
SURE = 0.8  # confidence from which the intents below are kept, whatever a topic is like
# What a message does to the conversation, a form or an account comes before what is asked about a new topic.
KEPT = frozenset(
    {
        Intent.AFFIRM,
        Intent.CANCEL,
        Intent.CHANGE_LANGUAGE,
        Intent.COMPLAIN,
        Intent.DENY,
        Intent.GOODBYE,
        Intent.HOLD_ON,
        Intent.INSTRUCT_ASSISTANT,
        Intent.REPEAT,
        Intent.REPORT_SAFE,
        Intent.REQUEST_HUMAN,
        Intent.RESEND_CODE,
        Intent.SIGN_OUT,
        Intent.THANK,
        Intent.UNSURE,
        Intent.WITHOUT_NUMBER,
    }
)


def is_kept(intent: str | None, confidence: float) -> bool:
    """Whether a trained intent stays although a published topic may be asked about: danger, a person, the dialogue."""
    return intent in ALARMS or (intent in KEPT and confidence >= SURE)


def topics_today() -> TopicsOnDay:
    """The topics of today.

    Raises:
        SQLAlchemyError: the database cannot be read.
    """
    with single_statements() as session:
        return topics_now(session, today())


class TopicMatcher:
    """Finds the published topic that a text asks about."""

    def __init__(self, placing: Placing, source: Callable[[], TopicsOnDay] = topics_today) -> None:
        """
        Args:
            source: reads the topics.
        """
        self._placing, self._source = placing, source
        self._index = TopicIndex((), placing)
        self._seen: TopicsOnDay | None = None
        self._unread_until, self._readable = 0.0, True
        self._builder = ThreadPoolExecutor(1, thread_name_prefix="published-topics")
        self._building: Future[TopicIndex] | None = None

    def matched(self, text: str, beyond: float = 0.0) -> PublishedTopic | None:
        """The topic that a text asks about; None for none, and while no topics can be read.

        Args:
            beyond: by how much its score must be above its margin.
        """
        try:
            index = self._present()
            return best(index, self._placing, text, beyond) if index.topics else None
        except Exception as error:  # whatever is wrong with a topic, messages are understood as trained
            self._building = None
            logger.error("Published topics cannot be used: %s at %s.", type(error).__name__, place_of(error))
            return None

    def _present(self) -> TopicIndex:
        """The index of today's topics."""
        began = time.monotonic()
        if began < self._unread_until:
            return self._index
        try:
            found = self._source()
        except (SQLAlchemyError, OSError) as error:
            if time.monotonic() - began > SLOW:
                self._unread_until = time.monotonic() + UNREAD
            if self._readable:
                logger.warning("Published topics cannot be read: %s at %s.", type(error).__name__, place_of(error))
            self._readable = False
            return self._index
        self._readable = True
        if found != self._seen:
            self._seen = found
            if found.topics != self._index.topics:
                self._building = self._builder.submit(TopicIndex, found.topics, self._placing)
        return self._built()

    def _built(self) -> TopicIndex:
        """The index, once it is built; the earlier one while that takes long."""
        if self._building is None:
            return self._index
        with suppress(TimeoutError):
            self._index = self._building.result(TOPICS_READ)
            self._building = None
        return self._index


def best(index: TopicIndex, placing: Placing, text: str, beyond: float = 0.0) -> PublishedTopic | None:
    """The topic of an index that a text asks about: word for word, or with a score so much beyond its margin."""
    message = placing.text(text)
    if (verbatim := index.verbatim(message)) is not None:
        return verbatim
    above = topic_decision().above(index.features(message), index.counts)
    return index.topics[int(above.argmax())] if above.max() >= beyond else None
