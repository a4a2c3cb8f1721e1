"""What publishing a topic would change, shown before it is published.

What answers its examples today, which trained examples it would take, and which sentences that were not understood it
would have answered.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.calls.models import RecordedCall
from bot.calls.review_queue import queue
from bot.domain_names import Intent
from bot.evaluation.model_parts import ModelParts
from bot.evaluation.new_topic_figures import answered_by
from bot.evaluation.understood_sentences import Understand
from bot.knowledge.published_topics import PublishedTopic
from bot.nlu.topic_decision import topic_decision
from bot.nlu.topic_index import NEAREST_KNOWN, TopicIndex
from bot.nlu.topic_matcher import best, is_kept

CLOSEST = 200  # trained examples, the most like the topic's, that are looked at
# Nobody answers these today, so an example of a new topic that gets one of them is in nobody's way.
UNANSWERED = frozenset({f"={Intent.NLU_FALLBACK}", f"={Intent.OUT_OF_SCOPE}"})


@dataclass(frozen=True)
class AnsweredToday:
    """An example of a new topic, and what answers it today.

    Attributes:
        answered_by: the key of a published topic, or "=" and an intent.
    """

    language: str
    text: str
    answered_by: str
    confidence: float


@dataclass(frozen=True)
class KnownExample:
    """A trained example that a new topic would take from its intent."""

    text: str
    intent: str


def answered_today(understand: Understand, topic: PublishedTopic) -> list[AnsweredToday]:
    """What answers each example of a topic that is not published yet."""

    async def each() -> list[AnsweredToday]:
        found = []
        for language, texts in topic.questions.items():
            for text in texts:
                parsed = await understand(text)
                found.append(AnsweredToday(language, text, answered_by(parsed), parsed.confidence))
        return found

    return asyncio.run(each())


def conflicts(found: Iterable[AnsweredToday]) -> list[tuple[str, int]]:
    """By what answers them today, how many examples; most first: "four of your examples are answered by late fees"."""
    taken = Counter(one.answered_by for one in found if one.answered_by not in UNANSWERED)
    return taken.most_common()


def would_take(parts: ModelParts, topic: PublishedTopic) -> list[KnownExample]:
    """The trained examples that a topic would take, each compared with the trained ones but itself."""
    index = TopicIndex([topic], parts.placing)
    known = parts.placing.space.known
    of_topic = np.stack([parts.placing.example(text).place for texts in topic.questions.values() for text in texts])
    closest = np.argsort(-(known @ of_topic.T).max(axis=1))[:CLOSEST]
    return [KnownExample(*parts.known[place]) for place in map(int, closest) if _takes(parts, index, place)]


def _takes(parts: ModelParts, index: TopicIndex, place: int) -> bool:
    text, intent = parts.known[place]
    if is_kept(intent, 1.0):
        return False
    message = parts.placing.example(text)
    others = np.delete(parts.placing.space.known, place, axis=0) @ message.place
    nearest = np.sort(others)[::-1][:NEAREST_KNOWN]
    return bool(topic_decision().above(index.features(message, nearest), index.counts).max() >= 0)


def would_answer(parts: ModelParts, topic: PublishedTopic, sentences: Iterable[str]) -> list[str]:
    """Those of some sentences that a topic would answer."""
    index = TopicIndex([topic], parts.placing)
    return [text for text in sentences if best(index, parts.placing, text) is not None]


def not_understood(session: Session, days: int | None = None) -> list[str]:
    """The sentences that wait in the review queue, redacted, once for each time that one was said.

    Args:
        days: only those of calls that were imported in the last so many days; None for all.
    """
    if days is None:
        return [item.text for item in queue(session) for _ in range(item.count)]
    since = datetime.now(UTC) - timedelta(days=days)
    recent = set(session.execute(select(RecordedCall.id).where(RecordedCall.imported_at >= since)).scalars())
    return [item.text for item in queue(session) for _ in range(item.count) if item.call_id in recent]


def summary(today: Sequence[AnsweredToday], taken: Sequence[KnownExample]) -> list[str]:
    """Sentences for an operator: what answers the examples today, and what the topic would take."""
    lines = [
        f"{count} of {len(today)} examples are answered by {name.removeprefix('=')} today."
        for name, count in conflicts(today)
    ]
    of_intents = Counter(one.intent for one in taken)
    lines += [f"It would take trained examples of {intent}: {count}." for intent, count in of_intents.most_common()]
    return lines or ["None of its examples is answered today, and it takes none of what was trained."]
