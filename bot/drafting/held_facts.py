"""The facts beside which a release is read: those in force on the day of its publication."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from bot.knowledge.answers import key_of_repetition, key_of_whether
from bot.knowledge.fact_store import all_facts
from bot.knowledge.facts_on_day import FactStatus, status_on
from bot.knowledge.models import Fact
from bot.knowledge.published_places import PLACE_KEY

BETWEEN_PARTS = "__"  # of the key of an answer: topic, question, place
VARIANTS = (key_of_repetition(""), key_of_whether(""))


def facts_in_force(session: Session, day: date) -> list[Fact]:
    """The records in force on a day, without the variants of answers (said again, said to a yes or no)."""
    return [fact for fact in all_facts(session) if _is_held(fact, day) and not fact.key.endswith(VARIANTS)]


def _is_held(fact: Fact, day: date) -> bool:
    known = fact.known_from is None or fact.known_from <= day
    return known and status_on(fact, day) is FactStatus.IN_FORCE


def is_answer(fact: Fact) -> bool:
    """Whether a record answers one question of a topic."""
    return BETWEEN_PARTS in fact.key


def is_about(fact: Fact, place: str) -> bool:
    """Whether a record is about a place: its own record, or an answer about it."""
    return bool(fact.key == PLACE_KEY + place or fact.key.endswith(BETWEEN_PARTS + place))


def with_key(facts: Iterable[Fact], key: str, day: date) -> Fact | None:
    """The record of a key that is in force on a day; None where there is none."""
    return next((fact for fact in facts if fact.key == key and _is_held(fact, day)), None)
