"""The open file of all that is or was said; docs/schemas/facts-1.schema.json describes it.

It names no person: who made a version is "files" or "operator", and whether a second person approved it is said, not
who. Reasons are left out too, because people write names into them. `bot facts history` has both, for insiders.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.announcements.announcement_steps import overviews
from bot.knowledge.fact_versions import BY_FILES
from bot.knowledge.models import EmergencyEvent, FactSource
from bot.knowledge.topics import topics
from bot.open_data.known_facts import KnownFact, KnownVersion, known_facts
from bot.replies.dated_facts import written_out
from bot.settings import LANGUAGES

SCHEMA_VERSION = 1
Texts = Mapping[str, str]


def open_facts(session: Session, day: date) -> dict[str, Any]:
    """The content of the open file, in a stable order, as known on a day; days are ISO 8601."""
    facts = known_facts(session, day)
    approved = {found.id: found.approved_by is not None for found in overviews(session)}
    return {
        "schema_version": SCHEMA_VERSION,
        "as_of": day.isoformat(),
        "languages": [*LANGUAGES],
        "sources": _sources(session, facts),
        "events": _events(session, day),
        "topics": [
            {"id": intent, "lead": topic.lead, "keys": [*_keys(intent, facts)]} for intent, topic in topics().items()
        ],
        "facts": [_fact(fact, approved, day) for fact in facts],
    }


def _sources(session: Session, facts: Iterable[KnownFact]) -> list[dict[str, Any]]:
    used = {version.row.source_id for fact in facts for version in fact.versions}
    rows = sorted(session.execute(select(FactSource)).scalars(), key=lambda row: str(row.id))
    return [
        {"id": row.id, "title": _both(row.titles), "url": row.url, "published": _iso(row.published_on)}
        for row in rows
        if row.id in used
    ]


def _events(session: Session, day: date) -> list[dict[str, Any]]:
    rows = sorted(session.execute(select(EmergencyEvent)).scalars(), key=lambda row: (row.began_on, str(row.id)))
    return [
        {
            "id": row.id,
            "name": _both(row.names),
            "began": row.began_on.isoformat(),
            "ended": _iso(row.ended_on if row.ended_on is not None and row.ended_on < day else None),
        }
        for row in rows
        if row.began_on <= day
    ]


def _keys(intent: str, facts: Iterable[KnownFact]) -> Iterable[str]:
    """The keys of a topic's facts: those that its answer names, and of its single questions."""
    topic = topics()[intent]
    named = {key for one in (topic, *topic.places.values()) for key in one.keys}
    known = dict.fromkeys(fact.present.row.key for fact in facts)
    return [key for key in known if key in named or key.partition("__")[0] == intent]


def _fact(fact: KnownFact, approved: Mapping[str, bool], day: date) -> dict[str, Any]:
    row = fact.present.row
    return {
        "id": fact.id,
        "key": row.key,
        "kind": row.kind,
        "status": fact.status,
        "source": row.source_id,
        "replaced_by": row.replaced_by,
        "until_event": row.until_event_id,
        "versions": [_version(version, approved, day) for version in fact.versions],
    }


def _version(version: KnownVersion, approved: Mapping[str, bool], day: date) -> dict[str, Any]:
    row = version.row
    made_by = "files" if row.who == BY_FILES.who and row.announcement_id is None else "operator"
    return {
        "number": row.number,
        "act": row.act,
        "made_by": made_by,
        "announcement": row.announcement_id,
        "approved": made_by == "files" or approved.get(row.announcement_id or "", False),
        "known_from": version.known_from.isoformat(),
        "known_until": _iso(version.known_until),
        "valid_from": row.valid_from.isoformat(),
        "valid_until": _iso(version.last),
        "quote": row.quote,
        "text": _written_out(row.texts, version),
        "short": _written_out(row.shorts, version),
        "coming": _written_out(row.coming_texts, version),
        "ended": _after(version, day),
    }


def _written_out(texts: Texts | None, version: KnownVersion) -> dict[str, str] | None:
    """Texts with their days, as they are said."""
    written = written_out(texts, version.row.valid_from)
    return {language: written[language] for language in LANGUAGES} if written else None


def _after(version: KnownVersion, day: date) -> dict[str, str] | None:
    """What is said after its end, once that is over."""
    texts, last = version.row.ended_texts, version.last
    if texts is None or last is None or last >= day:
        return None
    written = written_out(texts, version.row.valid_from, last) or {}
    return {language: written[language] for language in LANGUAGES}


def _both(texts: Texts) -> dict[str, str]:
    return {language: texts[language] for language in LANGUAGES}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
