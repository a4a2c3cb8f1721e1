"""What is counted of a recorded call: it stands in the same figures, with a channel of its own."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from bot.domain_names import EntityName, Intent
from bot.figures.counted_things import RECORDED_CALLS, Counted, CountKey, key
from bot.figures.turn_counts import PLACE_ID

_PROBLEMS = {Intent.NLU_FALLBACK: Counted.NOT_UNDERSTOOD, Intent.OUT_OF_SCOPE: Counted.OUT_OF_SCOPE}


def call_counts(
    held_at: datetime, language: str | None, turns: Iterable[tuple[str, Iterable[tuple[str, str]]]]
) -> Counter[CountKey]:
    """The counts of a call.

    Args:
        turns: of the customer: the intent, and entities with name and value.
    """
    counts = Counter([key(held_at, Counted.CONVERSATION, RECORDED_CALLS, language)])
    for intent, entities in turns:
        counts[key(held_at, Counted.TURN, RECORDED_CALLS, language)] += 1
        counts[key(held_at, Counted.TOPIC, RECORDED_CALLS, language, intent)] += 1
        if problem := _PROBLEMS.get(intent):  # type: ignore[call-overload]
            counts[key(held_at, problem, RECORDED_CALLS, language)] += 1
        for place in {value for name, value in entities if name == EntityName.PLACE and PLACE_ID.fullmatch(value)}:
            counts[key(held_at, Counted.PLACE, RECORDED_CALLS, language, place)] += 1
    return counts
