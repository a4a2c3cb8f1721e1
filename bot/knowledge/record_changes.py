"""Changing a record that is there: withdraw, move, correct, restore. Each change adds a version (fact_versions)."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge.fact_versions import Signed, VersionAct, add_version
from bot.knowledge.facts_on_day import last_day
from bot.knowledge.models import Fact
from bot.knowledge.records import CorrectedTexts, KnowledgeError
from bot.knowledge.similar_names import did_you_mean
from bot.knowledge.validation import ValidityDays, overlapping


def fact_named(session: Session, fact_id: str) -> Fact:
    """The record with an id.

    Raises:
        KnowledgeError: there is none, or it was taken back.
    """
    fact: Fact | None = session.get(Fact, fact_id)
    if fact is None or fact.retracted:
        meant = did_you_mean(fact_id, session.execute(select(Fact.id)).scalars())
        raise KnowledgeError(f"There is no fact '{fact_id}'{meant}; 'bot facts list' shows them all.")
    return fact


def withdraw(session: Session, fact_id: str, first_day_without: date, signed: Signed | None = None) -> Fact:
    """Withdraw a fact: from `first_day_without` on, the answer is that it was withdrawn.

    From its own first day on, it never comes into force, and the record that it replaced goes on.

    Raises:
        KnowledgeError: there is no such fact, it is withdrawn or has ended, or the day is before its first.
    """
    fact = fact_named(session, fact_id)
    day, begun, last = first_day_without, fact.valid_from, last_day(fact)
    if fact.withdrawn_from is not None:
        raise KnowledgeError(f"The fact '{fact_id}' is withdrawn already, from {fact.withdrawn_from.isoformat()} on.")
    if day < begun:
        raise KnowledgeError(
            f"The fact '{fact_id}' begins on {begun.isoformat()}, so it cannot be withdrawn from {day.isoformat()} on. "
            f"Give a day from {begun.isoformat()} on; with {begun.isoformat()} itself it never comes into force."
        )
    if last is not None and day > last:
        raise KnowledgeError(
            f"The fact '{fact_id}' ends on {last.isoformat()}; there is nothing to withdraw from {day.isoformat()} on."
        )
    fact.withdrawn_from = day
    signed = signed or Signed()
    add_version(session, fact, VersionAct.WITHDRAWN, signed.known_by(day))
    follow(session, fact, signed)
    return fact


def move(session: Session, fact_id: str, first_day: date, signed: Signed | None = None) -> Fact:
    """Give a fact another first day, earlier or later; the record that it replaces ends the day before.

    Raises:
        KnowledgeError: there is no such fact, it is withdrawn, begins on that day already, would end before it begins,
            or would overlap another record of its key.
    """
    fact = fact_named(session, fact_id)
    if fact.withdrawn_from is not None:
        raise KnowledgeError(f"The fact '{fact_id}' is withdrawn; restore it before you move it.")
    if fact.valid_from == first_day:
        raise KnowledgeError(f"The fact '{fact_id}' begins on {first_day.isoformat()} already.")
    last = last_day(fact)
    if last is not None and last < first_day:
        raise KnowledgeError(
            f"The fact '{fact_id}' ends on {last.isoformat()}, before {first_day.isoformat()}; give an earlier day."
        )
    fact.valid_from = first_day
    signed = signed or Signed()
    add_version(session, fact, VersionAct.MOVED, signed)
    follow(session, fact, signed)
    session.flush()
    refuse_overlap(session, fact.key, f"The fact '{fact_id}' cannot begin on {first_day.isoformat()}")
    return fact


def correct(session: Session, fact_id: str, texts: CorrectedTexts, signed: Signed | None = None) -> Fact:
    """Give a fact new wordings; those that `texts` leaves out stay.

    Raises:
        KnowledgeError: there is no such fact, the wordings are the same as before, or they would be known earlier than
            the fact as it is now.
    """
    fact = fact_named(session, fact_id)
    signed = signed or Signed()
    known = fact.known_from or fact.valid_from
    if signed.known_from and signed.known_from < known:
        raise KnowledgeError(
            f"The fact '{fact_id}' as it is now is known from {known.isoformat()} on, so its new wording cannot be "
            f"known from {signed.known_from.isoformat()} on; give known_from: {known.isoformat()} or later."
        )
    changed = False
    for column, wording in texts.by_column().items():
        if wording and dict(wording) != getattr(fact, column):
            setattr(fact, column, dict(wording))
            changed = True
    if not changed:
        raise KnowledgeError(f"The fact '{fact_id}' has these wordings already; there is nothing to correct.")
    add_version(session, fact, VersionAct.CORRECTED, signed)
    return fact


def restore(session: Session, fact_id: str, signed: Signed | None = None) -> Fact:
    """Put a withdrawn fact back in force.

    Raises:
        KnowledgeError: there is no such fact, it is not withdrawn, or another record has taken its place.
    """
    fact = fact_named(session, fact_id)
    if fact.withdrawn_from is None:
        raise KnowledgeError(f"The fact '{fact_id}' is not withdrawn; there is nothing to restore.")
    fact.withdrawn_from, fact.left_files = None, False
    signed = signed or Signed()
    add_version(session, fact, VersionAct.RESTORED, signed)
    follow(session, fact, signed)
    session.flush()
    refuse_overlap(session, fact.key, f"The fact '{fact_id}' cannot be restored")
    return fact


def follow(session: Session, fact: Fact, signed: Signed) -> None:
    """Let the record that a fact replaces end the day before that begins, or go on where that never begins."""
    session.flush()
    for old in session.execute(select(Fact).where(Fact.replaced_by == fact.id)).scalars():
        last = last_day(fact)
        begins = not fact.retracted and (last is None or last >= fact.valid_from)
        end = fact.valid_from if begins else None
        if old.withdrawn_from != end and not old.retracted:
            old.withdrawn_from = end
            add_version(session, old, VersionAct.REPLACED, signed)
    session.flush()


def refuse_overlap(session: Session, key: str, where: str, new: Collection[str] = ()) -> None:
    """Refuse two records of one key that are valid on the same day.

    Args:
        new: ids of records that are only being published, which the advice does not name.

    Raises:
        KnowledgeError: two overlap; the message starts with `where`.
    """
    facts = session.execute(select(Fact).where(Fact.key == key, Fact.retracted.is_(False))).scalars()
    # A record that was withdrawn before its first day has no valid day.
    spans = [span for span in (ValidityDays(f.id, f.valid_from, last_day(f)) for f in facts) if not _empty(span)]
    pair = overlapping(spans)
    if not pair:
        return
    if pair[0].id in new and pair[1].id not in new:
        raise KnowledgeError(
            f"{where}: overlapping validity with '{pair[1].id}' for the key '{key}', which begins later, on "
            f"{pair[1].first.isoformat()}; give the new record a valid_until before that day, or withdraw "
            f"'{pair[1].id}' first (bot facts withdraw {pair[1].id} --on {pair[1].first.isoformat()})."
        )
    raise KnowledgeError(
        f"{where}: overlapping validity with '{pair[0].id}' for the key '{key}'; withdraw that one first "
        f"(bot facts withdraw {pair[0].id} --on DATE) or let the new record say 'replaces: {pair[0].id}'."
    )


def _empty(span: ValidityDays) -> bool:
    return span.last is not None and span.last < span.first
