"""What an older source does not say, beside what a newer announcement does.

"No reopening date has been announced" is about the announcement in the files. Said after "it opens on 18 May", it would
be false; and "it does not say …" would be taken for the newer announcement.
"""

from collections.abc import Iterable

from bot.knowledge.facts_on_day import FactOnDay
from bot.replies.answer_openings import SILENCE


def without_older_silences(facts: Iterable[FactOnDay], lead: FactOnDay) -> list[FactOnDay]:
    """The facts of an answer that its lead, where an announcement brought it, does not make false."""
    facts = list(facts)
    if lead.from_files or lead not in facts:
        return facts
    return [fact for fact in facts if not (fact.from_files and fact.kind == SILENCE)]
