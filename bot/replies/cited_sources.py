"""The sources that a reply cites: those of its facts, and of what a fact says from another source beside its own."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from bot.knowledge.fact_list import fact_list
from bot.knowledge.facts_on_day import FactOnDay, FactStatus, look_up
from bot.knowledge.remembered import Source


def cited_sources(session: Session, facts: Iterable[FactOnDay], day: date) -> tuple[Source, ...]:
    """The sources of facts, each once.

    What holds already before the source in which it stands was published is said without it until then. A silence that
    also gives the number of the fault line cites that number's source, too (`cited` in the fact list).
    """
    told = list(facts)
    own = [fact.source for fact in told if fact.source and (fact.announced or _is_published(fact.source, day))]
    keys = dict.fromkeys(key for fact in told for row in fact.rows if (key := fact_list().cited.get(row)))
    besides = look_up(session, keys, day).values() if keys else ()
    own += [fact.source for fact in besides if fact.source and fact.status is FactStatus.IN_FORCE]
    return tuple({source.id: source for source in own}.values())


def _is_published(source: Source, day: date) -> bool:
    return source.published_on is None or source.published_on <= day
