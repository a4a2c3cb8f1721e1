"""What an answer adds where announcements brought it: of events that are in force, and of places."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from bot.knowledge.conveyed import Conveyed, Opening
from bot.knowledge.facts_on_day import FactOnDay, FactStatus, facts_of_event
from bot.knowledge.published_places import PLACE_KEY, places_on
from bot.knowledge.remembered import facts_now
from bot.knowledge.remembered_events import Event, events_known_on
from bot.knowledge.topics import News, Topic
from bot.replies.catalogue import catalogues
from bot.replies.dated_facts import dated_facts
from bot.replies.event_texts import doubts_of, events_at_once, news_of_events, told_apart
from bot.replies.newest_announcement import with_newest
from bot.replies.reply import Reply

MOST = 8  # items of an event; a reply must fit into a message
_OVER = (FactStatus.ENDED, FactStatus.WITHDRAWN)


def with_news(session: Session, reply: Reply, topic: Topic, language: str, day: date) -> Reply:
    """A reply with what its topic tells besides. Where its own announcement is over, what holds now stands alone."""
    if topic.news is None:
        return reply
    lead = dated_facts(session, [topic.lead], day)[topic.lead]
    if topic.news is News.NEWEST:
        return with_newest(session, reply, lead, language, day)
    events = _of_events(session, topic, lead, day) if topic.news is News.EVENTS else []
    told = {fact.id for _, facts in events for fact in facts}
    places = [fact for fact in _of_places(session, topic, lead, day) if fact.id not in told]
    lines = news_of_events(events, language)
    if places:
        lines.append(" ".join(told_apart(places, language, events_at_once(session, day))))
    if not lines:
        over = topic.news is News.EVENTS and lead.status in _OVER
        return with_newest(session, reply, lead, language, day) if over else reply
    own = any(fact.key in topic.listed for fact in places)
    if lead.status is not FactStatus.IN_FORCE and (own or topic.news is News.EVENTS):
        reply = replace(reply, text="", sources=(), conveyed=Conveyed(topic.act))
    if own and topic.news is News.PLACES:
        lines.append(catalogues()[language].variant("utter_other_places_unknown").text)
    facts = [*(fact for _, told in events for fact in told), *places]
    doubts = doubts_of(session, facts, day)
    lines += doubts.sources_named(language, "\n".join([reply.text, *lines]))
    lines += [text for fact in doubts.cautions if fact.texts and (text := fact.texts[language]) not in reply.text]
    return _joined(reply, [*facts, *doubts.cautions], lines)


def _joined(reply: Reply, facts: list[FactOnDay], lines: list[str]) -> Reply:
    sources = {source.id: source for source in (*reply.sources, *(fact.source for fact in facts)) if source}
    rows = tuple(dict.fromkeys((*reply.conveyed.rows, *(row for fact in facts for row in fact.rows))))
    opening = reply.conveyed.opening if reply.text else Opening.OPEN
    return replace(
        reply,
        text="\n".join([*filter(None, [reply.text]), *lines]),
        sources=tuple(sources.values()),
        conveyed=replace(reply.conveyed, opening=opening, rows=rows),
    )


def _of_events(session: Session, topic: Topic, lead: FactOnDay, day: date) -> list[tuple[Event, list[FactOnDay]]]:
    """What holds because of each event that is not over; of the lead's own event, what adds to its list."""
    found = []
    for event in events_known_on(facts_now(session).events, day):
        if event.is_over_on(day) or not event.can_be_named:
            continue
        own = lead.event is not None and lead.event.id == event.id
        facts = [fact for fact in facts_of_event(session, event.id, day) if not _introduces(session, fact)]
        facts = [fact for fact in facts if not own or _adds_to(fact, topic)][:MOST]
        if facts:
            dated = dated_facts(session, [fact.key for fact in facts], day)
            found.append((event, [dated[fact.key] for fact in facts]))
    return found


def _introduces(session: Session, fact: FactOnDay) -> bool:
    """Whether a fact may introduce a list, as its key does in the files, and so cannot stand in one."""
    if fact.shorts not in (None, fact.texts):
        return False
    return any(one.from_files and one.shorts is None for one in facts_now(session).records[fact.key])


def _adds_to(fact: FactOnDay, topic: Topic) -> bool:
    """Whether a fact adds to a list of what the files say: it is not in them, and has a text for lists."""
    return not fact.from_files and fact.key not in topic.keys and fact.shorts not in (None, fact.texts)


def _of_places(session: Session, topic: Topic, lead: FactOnDay, day: date) -> Sequence[FactOnDay]:
    """What holds at places that announcements brought; where the lead is over, also at those of its list."""
    keys = [f"{PLACE_KEY}{place}" for place in places_on(session, day)]
    found = dated_facts(session, [key for key in keys if key not in topic.keys], day)
    if lead.status in _OVER:
        own = dated_facts(session, [key for key in topic.listed if key.startswith(PLACE_KEY)], day)
        found |= {key: fact for key, fact in own.items() if not fact.from_files}
    return [fact for fact in found.values() if fact.status is FactStatus.IN_FORCE]
