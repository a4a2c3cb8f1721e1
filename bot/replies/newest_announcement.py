"""The newest announcement, as an answer about an older one names it, or says that none is known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from bot.knowledge.facts_on_day import FactOnDay, FactStatus, known_on, status_on
from bot.knowledge.remembered import Record, facts_now
from bot.replies.catalogue import catalogues
from bot.replies.reply import Reply

_NOT_ANNOUNCED = (FactStatus.NOT_YET, FactStatus.UNKNOWN)
_HOLDING = (FactStatus.IN_FORCE, FactStatus.ANNOUNCED)


def with_newest(session: Session, reply: Reply, lead: FactOnDay, language: str, day: date) -> Reply:
    """A reply that also names the newest announcement; as it is where that gave it, or nothing was announced yet."""
    if not lead.from_files or lead.status in _NOT_ANNOUNCED:
        return reply
    texts = catalogues()[language]
    newest = max(_announced(session, day), key=lambda record: (record.known_from, record.id), default=None)
    if newest is None:
        return _followed(reply, texts.variant("utter_no_newer_announcement").text)
    named = texts.variant("utter_newest_announcement").text.format(title=newest.source.titles[language])
    sources = {source.id: source for source in (*reply.sources, newest.source)}
    return replace(_followed(reply, named), sources=tuple(sources.values()))


def _followed(reply: Reply, sentence: str) -> Reply:
    return replace(reply, text=f"{reply.text} {sentence}")


def _announced(session: Session, day: date) -> Iterator[Record]:
    """What announcements said that holds on a day, or is known to hold later."""
    remembered = facts_now(session)
    for records in remembered.records.values():
        for record in known_on(records, remembered.events, day):
            if not record.from_files and status_on(record, day) in _HOLDING:
                yield record
