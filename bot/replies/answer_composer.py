"""Composing an answer from the facts that are valid on the day, in the customer's language."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from sqlalchemy.orm import Session

from bot.domain_names import Intent
from bot.knowledge.conveyed import Conveyed, Opening
from bot.knowledge.facts_on_day import FactOnDay, FactStatus
from bot.knowledge.published_places import answer_at, led_by_record, places_on
from bot.knowledge.published_topics import topic_asked
from bot.knowledge.topics import Topic
from bot.replies.announced_news import with_news
from bot.replies.answer_openings import WORD_OF, begun, begun_as_asked, begun_as_known
from bot.replies.catalogue import Button, catalogues
from bot.replies.cited_sources import cited_sources
from bot.replies.dated_facts import dated_facts
from bot.replies.event_texts import doubts_of, events_at_once, listed_apart, told_apart, unknown_of_later
from bot.replies.fixed_replies import fixed
from bot.replies.formats import BULLET, SpokenDate
from bot.replies.older_silences import without_older_silences
from bot.replies.reply import Reply
from bot.replies.topic_buttons import topic_buttons
from bot.words.question_form import QuestionForm

STATEMENTS = 3  # most in one reply, besides a list
STATEMENTS_OF_TWO = 2  # most for each of two questions
BUTTONS = 3
ENDED, CAUTIOUS = "END", "CAUTION"  # words for rows: the emergency has ended; perhaps it has


def answer(
    session: Session,
    intent: str,
    language: str,
    day: date,
    *,
    about: str | None = None,
    asks: QuestionForm = QuestionForm.OPEN,
    confirmed: bool = False,
    again: bool = False,
    places: Iterable[str] = (),
    medium: str | None = None,
    room: int = STATEMENTS,
    before: str = "",
) -> Reply:
    """Answer an intent from the facts of a day.

    Args:
        intent: an intent that `topics.yml` answers.
        about: the question within it, such as `ask_late_fees/whether`; None for the topic's general answer.
        asks: how it was asked.
        confirmed: whether the customer doubts the answer, which was given before.
        again: whether this question was answered before, in this conversation.
        places: ids of places, or names of other towns, in the question.
        room: the most statements, besides a list.
        before: text that the same message already says; its facts are not repeated, so the result may be empty.

    Returns:
        One reply; for several places, their answers one after the other.
    """
    topic = topic_asked(intent, about).asked(about, asks)
    openly = asks is QuestionForm.NAMED or (asks is QuestionForm.OPEN and not topic.decides)
    asked = list(dict.fromkeys(places))
    brought = places_on(session, day) if asked else []
    if topic.elsewhere and not set(brought).isdisjoint(asked):
        topic = topic_asked(intent, about)
    parts = [answer_at(topic, place, brought) for place in asked] or [topic]
    leads = dated_facts(session, [key for part in parts for key in (part.lead, part.otherwise) if key], day)
    parts = [led_by_record(one) if one.otherwise and _is_unknown(leads[one.lead]) else one for one in parts]
    parts = [begun_as_known(part, leads[part.lead]) for part in parts]
    parts = [begun_as_asked(part, openly=openly, confirmed=confirmed) for part in parts]
    parts = [part.repeated() for part in parts] if again else parts
    unique = list({part.lead: part for part in parts}.values())
    offered = topic_buttons(session, language, day) if intent == Intent.ASK_EMERGENCY_CHANGES else ()
    if len(unique) > 1 and all(leads[part.lead].status is FactStatus.IN_FORCE for part in unique):
        return _compose(session, _together(unique), language, day, medium, room=len(unique) + 1, before=before)
    replies = [_compose(session, part, language, day, medium, room=room, before=before) for part in unique]
    if not asked:
        replies = [with_news(session, replies[0], topic, language, day)]
    buttons = (*offered, *replies[0].buttons)[:BUTTONS] if offered else replies[0].buttons
    return replace(replies[0], buttons=buttons) if len(replies) == 1 else one_reply(replies, buttons, between="\n")


def _is_unknown(fact: FactOnDay) -> bool:
    return fact.status is FactStatus.UNKNOWN


def answer_all(
    session: Session,
    questions: Iterable[tuple[str, Iterable[str], str | None, QuestionForm]],
    language: str,
    day: date,
    *,
    medium: str | None = None,
) -> Reply:
    """Answer several questions of one message in one reply, each shorter than alone, without repeating a fact.

    Args:
        questions: intent, places, `about` and `asks` of each, as for `answer`.
    """
    replies: list[Reply] = []
    asked = [(intent, list(places), about, asks) for intent, places, about, asks in questions]
    for intent, places, about, asks in asked:
        before = "\n".join(reply.text for reply in replies)
        room = STATEMENTS_OF_TWO if len(asked) > 1 else STATEMENTS
        reply = answer(
            session,
            intent,
            language,
            day,
            about=about,
            asks=asks,
            places=places,
            medium=medium,
            room=room,
            before=before,
        )
        replies.append(replace(reply, text="", sources=()) if reply.text in before else reply)
    done = {f"/{intent}" for intent, *_ in asked}
    # Interleaved (round robin), so that each question keeps its most useful next step.
    turns = [button for together in zip_longest(*(reply.buttons for reply in replies)) for button in together if button]
    left = [button for button in dict.fromkeys(turns) if button.payload not in done]
    return one_reply([reply for reply in replies if reply.text], tuple(left[:BUTTONS]))


def _together(parts: list[Topic]) -> Topic:
    """One answer for several places in the same state: each place's own fact, then the shared ones."""
    leads = [part.lead for part in parts]
    return replace(parts[0], say=tuple(dict.fromkeys([*leads, *parts[0].say])))


def one_reply(replies: Iterable[Reply], buttons: tuple[Button, ...], between: str = "\n\n") -> Reply:
    """Several replies merged into one, with these buttons and the sources of all."""
    replies = list(replies)
    sources = tuple({source.id: source for reply in replies for source in reply.sources}.values())
    private = any(reply.private for reply in replies)
    closes = any(reply.closes for reply in replies)
    text, conveyed = between.join(reply.text for reply in replies), Conveyed.together(one.conveyed for one in replies)
    return Reply(text, buttons, sources, private=private, closes=closes, conveyed=conveyed)


def _compose(
    session: Session, topic: Topic, language: str, day: date, medium: str | None, *, room: int, before: str
) -> Reply:
    facts = dated_facts(session, topic.keys, day)
    lead = facts[topic.lead]
    if lead.status is FactStatus.IN_FORCE:
        reply = _in_force(session, topic, facts, language, day, room=room, before=before)
    elif lead.status is FactStatus.ENDED and lead.ended_texts and lead.ended_on:
        after = [facts[key] for key in topic.after if facts[key].status is FactStatus.IN_FORCE]
        text = lead.ended_texts[language].format(ended_on=SpokenDate(lead.ended_on, language))
        later = unknown_of_later(session, lead, language, day)
        first = [later] if later and later not in before else []
        text = begun(text, language, Opening.NOT_SAID, afresh=False) if first else text  # no "No, …" after it
        conveyed = Conveyed(topic.act, Opening.NOT_SAID, (ENDED, *topic.ended_rows, *_rows(after)))
        said = [lead, *after]
        reply = Reply(
            _sentences([*first, text, *_texts(after, language)]),
            sources=cited_sources(session, said, day),
            conveyed=conveyed,
        )
    elif lead.status in (FactStatus.ENDED, FactStatus.WITHDRAWN) and lead.ended_on:
        since = date.fromordinal(lead.ended_on.toordinal() + 1)
        reply = fixed("utter_withdrawn", language, medium, since=SpokenDate(since, language))
    else:
        reply = _not_announced(session, topic, facts, language, day, medium)
    texts = catalogues()[language]
    return replace(reply, buttons=tuple(texts.button(intent) for intent in topic.next) or reply.buttons)


def _not_announced(
    session: Session, topic: Topic, facts: dict[str, FactOnDay], language: str, day: date, medium: str | None
) -> Reply:
    """Nothing has been announced; where something is known whatever is announced, that."""
    known = [facts[key] for key in topic.before if facts[key].status is FactStatus.IN_FORCE]
    if not known or facts[topic.lead].status is not FactStatus.NOT_YET:
        return fixed("utter_not_announced", language, medium)
    reply = fixed("utter_before_announcement", language, medium)
    conveyed = replace(reply.conveyed, rows=(*reply.conveyed.rows, *_rows(known)))
    text = _sentences([reply.text, *_texts(known, language)])
    return replace(reply, text=text, sources=cited_sources(session, known, day), conveyed=conveyed)


def _in_force(
    session: Session,
    topic: Topic,
    facts: dict[str, FactOnDay],
    language: str,
    day: date,
    *,
    room: int,
    before: str,
) -> Reply:
    holding = {
        key: fact
        for key, fact in facts.items()
        if fact.status is FactStatus.IN_FORCE and not _said(fact, language, before)
    }
    # The lead says whose list it is, so a newer announcement's statement about an item comes after it.
    items = [holding[key] for key in topic.listed if key in holding]
    listed = [fact for fact in items if fact.source == facts[topic.lead].source]
    newer = [fact for fact in items if fact not in listed]
    then = [*newer, *(holding[key] for key in topic.then if key in holding)]
    # One record may have taken over the answers for several places.
    said = list({holding[key].id: holding[key] for key in topic.say if key in holding}.values())
    said = without_older_silences(said, facts[topic.lead])
    told = [*said, *listed, *then]
    doubts = doubts_of(session, told, day)
    warnings = [fact for fact in doubts.cautions if not _said(fact, language, before)]
    at_once = events_at_once(session, day) if any(fact.event for fact in told) else ()
    # `say` is ordered by importance: a caution replaces the least important statement.
    said = said[: room - len(warnings)]
    # Where the announcement may no longer hold, nothing is confirmed.
    opening = Opening.NOT_SAID if warnings and topic.opening in WORD_OF else topic.opening
    statement = _sentences(told_apart(said, language, at_once))
    lines = [begun(statement, language, opening, afresh=topic.confirmed)] if said else []
    lines += [f"{BULLET}{listed_apart(fact, language, at_once)}" for fact in listed]
    if then:
        lines.append(_sentences(told_apart(then, language, at_once)))
    if cautious := [*doubts.sources_named(language, "\n".join([before, *lines])), *_texts(warnings, language)]:
        first = 0 if opening != topic.opening else len(lines)
        lines.insert(first, _sentences(cautious))
    told = [*said, *listed, *then, *warnings]
    doubted = (CAUTIOUS, *(row for row in topic.ended_rows if row != ENDED)) if warnings else ()
    conveyed = Conveyed(topic.act, opening if said or listed else Opening.NONE, (*_rows(told), *doubted))
    return Reply("\n".join(lines), sources=cited_sources(session, told, day), conveyed=conveyed)


def _said(fact: FactOnDay, language: str, before: str) -> bool:
    return bool(before and fact.texts and fact.texts[language] in before)


def _texts(facts: Iterable[FactOnDay], language: str) -> list[str]:
    return [fact.texts[language] for fact in facts if fact.texts]


def _rows(facts: Iterable[FactOnDay]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row for fact in facts for row in fact.rows))


def _sentences(texts: list[str]) -> str:
    return " ".join(texts)
