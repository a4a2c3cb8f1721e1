"""How well topics are recognised that were published after training: measured through the whole pipeline.

The topics of a half are published together in a throwaway database, with few and with more examples. Counted are the
sentences that ask about them, and what they take of the other held-out sets of the same half.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from bot.clock import pretending
from bot.domain_names import Intent
from bot.evaluation.new_topic_sets import DEVELOPMENT_TOPICS, EXAMPLES, UNTOUCHED_TOPICS, NewTopic, new_topics
from bot.evaluation.understood_sentences import Understand
from bot.knowledge.fact_store import publish
from bot.knowledge.follow_ups import aspect_of
from bot.knowledge.models import Fact
from bot.knowledge.published_topics import PublishedTopic
from bot.knowledge.record_changes import withdraw
from bot.parse_result import ParseResult
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope
from bot.training.sentences import DEVELOPMENT, UNTOUCHED, Sentence, held_out

HALVES = {DEVELOPMENT_TOPICS: DEVELOPMENT, UNTOUCHED_TOPICS: UNTOUCHED}
DAY = date(2020, 4, 1)
SOURCE = "new-topics"
READ_IN, READ_AGAIN = 120.0, 0.2  # seconds for the examples of all topics, on a busy machine; between two looks


@dataclass(frozen=True)
class Recognised:
    """A sentence that asks about a new topic, and what answers it: a topic's key, or an intent."""

    topic: str
    language: str
    text: str
    answered_by: str

    @property
    def right(self) -> bool:
        """Whether its topic answers it."""
        return self.answered_by == self.topic


@dataclass(frozen=True)
class NewTopicFigures:
    """What was found with one number of examples a language.

    Attributes:
        taken: sentences of the other sets that a topic takes, with it; of `others` sentences.
        taken_right: how many of them would have been understood rightly.
    """

    examples: int
    asked: tuple[Recognised, ...]
    taken: tuple[tuple[Sentence, str], ...]
    taken_right: int
    others: int

    def right_in(self, language: str) -> float:
        """The share of a language's sentences that their topic answers."""
        own = [one for one in self.asked if one.language == language]
        return sum(one.right for one in own) / len(own)

    @property
    def as_json(self) -> dict[str, Any]:
        """The figures by name."""
        return {
            "examples": self.examples,
            "sentences": len(self.asked),
            "right": sum(one.right for one in self.asked),
            **{f"right {language}": round(self.right_in(language), 3) for language in LANGUAGES},
            "as another topic": sum(not one.right and not one.answered_by.startswith("=") for one in self.asked),
            "others": self.others,
            "taken": len(self.taken),
            "taken share": round(len(self.taken) / self.others, 4),
            "taken that were right": self.taken_right,
        }


def new_topic_figures(
    understand: Understand, half: str, database: str, tell: Callable[[str], None]
) -> list[NewTopicFigures]:
    """The figures of a half, for each number of examples.

    Args:
        database: URL of a throwaway database, the one that the pipeline reads.
    """
    topics = new_topics(half)
    others = list({one.text: one for name in HALVES[half].intents for one in held_out(name)}.values())
    found = []
    with pretending(DAY):
        for count in EXAMPLES:
            tell(f"Publishing the {half} topics with {count} examples …")
            publish_topics([one.with_examples(count) for one in topics], database)
            found.append(asyncio.run(_figures(understand, topics, count, others)))
            withdraw_topics(database)
    return found


async def _read_in(understand: Understand, topics: Iterable[PublishedTopic]) -> None:
    """Wait until topics are recognised by all their examples: meanwhile messages are understood as before.

    Raises:
        TimeoutError: they are not after READ_IN; the log says why.
    """
    # The latest examples: the earlier ones were published before, with fewer.
    latest = {asked[-1]: one.key for one in topics for asked in one.questions.values()}
    async with asyncio.timeout(READ_IN):
        while not [text for text, key in latest.items() if answered_by(await understand(text)) == key]:
            await asyncio.sleep(READ_AGAIN)


async def _figures(
    understand: Understand, topics: list[NewTopic], count: int, others: list[Sentence]
) -> NewTopicFigures:
    await _read_in(understand, [one.with_examples(count) for one in topics])
    asked = [
        Recognised(one.topic.key, language, text, answered_by(await understand(text)))
        for one in topics
        for language, text in one.sentences
    ]
    taken: list[tuple[Sentence, str]] = []
    right = 0
    for sentence in others:
        parsed = await understand(sentence.text)
        if parsed.intent == Intent.ASK_PUBLISHED_TOPIC:
            taken.append((sentence, answered_by(parsed)))
            right += bool(parsed.ranking) and parsed.ranking[0].intent == sentence.label
    return NewTopicFigures(count, tuple(asked), tuple(taken), right, len(others))


def answered_by(parsed: ParseResult) -> str:
    """The key of the published topic that a message is answered by; else its intent, after "="."""
    if parsed.intent == Intent.ASK_PUBLISHED_TOPIC and parsed.about:
        return aspect_of(parsed.about.intent)
    return f"={parsed.intent}"


def publish_topics(topics: Iterable[PublishedTopic], database: str) -> None:
    """Publish topics as records of an outside source, through a file, as an operator does."""
    source = dict.fromkeys(LANGUAGES, SOURCE)
    facts = [
        {
            "id": _id(one),
            "key": one.key,
            "kind": "outside",
            "source": SOURCE,
            "rows": [SOURCE],
            "text": one.texts,
            "title": one.titles,
            "questions": one.questions,
            "valid_from": DAY,
            "approved_by": SOURCE,
        }
        for one in topics
    ]
    content = {"sources": [{"id": SOURCE, "title": source, "spoken": source}], "facts": facts}
    with tempfile.TemporaryDirectory() as folder, session_scope(database) as session:
        path = Path(folder) / "topics.yml"
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        publish(session, path)


def _id(topic: PublishedTopic) -> str:
    """An id for the topic with these examples: what was withdrawn keeps its own."""
    return f"{topic.key.replace('_', '-')}-{sum(map(len, topic.questions.values()))}"


def withdraw_topics(database: str) -> None:
    """Withdraw what `publish_topics` published, from its first day on."""
    with session_scope(database) as session:
        published = select(Fact).where(Fact.source_id == SOURCE, Fact.withdrawn_from.is_(None))
        for fact in session.execute(published).scalars().all():
            withdraw(session, fact.id, fact.valid_from)
