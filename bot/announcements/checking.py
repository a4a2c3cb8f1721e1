"""What is wrong with an announcement, which answers would contradict it, and what to look at besides.

It is published on a copy of the facts; what contradicts, `bot.announcements.contradictions` says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.announcements.announcement_document import NOBODY_YET, AnnouncementDocument
from bot.announcements.applying import apply
from bot.announcements.contradictions import ContradictingAnswer, ContradictionSearch
from bot.announcements.former_days import FormerDay, former_days
from bot.announcements.former_event import FormerEventAnswer, former_event_answers
from bot.announcements.scratch_copy import renew, scratch_copy
from bot.announcements.source_wordings import wording_of
from bot.announcements.swallowed_questions import SwallowedQuestion, swallowed_questions
from bot.knowledge.fact_versions import Signed
from bot.knowledge.records import KnowledgeError


@dataclass(frozen=True)
class AnnouncementCheck:
    """What was found. Only a problem and contradictions keep it from being published.

    Attributes:
        problem: why it cannot be published, in a sentence that says what to do; None where it can.
        contradictions: answers that would contradict, the most certain first; empty where there is a problem.
        unchecked: ids of sources without a text, so that no quote was looked up.
        silences: answers about the same that say that something is not announced, and may stay true.
        former_days: records that still name a day which the announcement changes.
        former_event: answers that still speak of the end of a former event of the same kind.
        swallowed: questions that get a new text about something else, since their whole topic is named.
    """

    problem: str | None
    contradictions: tuple[ContradictingAnswer, ...] = ()
    unchecked: tuple[str, ...] = ()
    silences: tuple[ContradictingAnswer, ...] = ()
    former_days: tuple[FormerDay, ...] = ()
    swallowed: tuple[SwallowedQuestion, ...] = ()
    former_event: tuple[FormerEventAnswer, ...] = ()


def check(session: Session, document: AnnouncementDocument) -> AnnouncementCheck:
    """Check an announcement against the facts, on a copy."""
    named = {record.source for record in document.records if record.quote}
    unchecked = tuple(sorted(source for source in named if not wording_of(session, source, document)))
    try:
        with tried_out(session, document) as copy:
            search = ContradictionSearch(session, copy, document)
            return AnnouncementCheck(
                None,
                search.contradictions,
                unchecked,
                search.silences,
                tuple(former_days(session, copy, document)),
                tuple(swallowed_questions(session, copy, document)),
                tuple(former_event_answers(copy, document)),
            )
    except KnowledgeError as error:
        return AnnouncementCheck(str(error))


def still_named(session: Session, document: AnnouncementDocument) -> list[FormerDay]:
    """The records that would still name a day which an announcement changes.

    Raises:
        KnowledgeError: it cannot be published.
    """
    with tried_out(session, document) as copy:
        return list(former_days(session, copy, document))


def try_out(session: Session, document: AnnouncementDocument) -> None:
    """Publish an announcement on a copy only.

    Raises:
        KnowledgeError: it cannot be published.
    """
    with tried_out(session, document):
        pass


@contextmanager
def tried_out(session: Session, document: AnnouncementDocument) -> Iterator[Session]:
    """A session on a copy of the facts in which the announcement is published.

    Raises:
        KnowledgeError: it cannot be published.
    """
    with scratch_copy(session) as copy:
        apply(copy, document, Signed("trying out"), NOBODY_YET)
        renew(copy)
        yield copy


def contradicted(session: Session, document: AnnouncementDocument) -> list[str]:
    """The names of the questions whose answers would contradict, the most certain first."""
    with tried_out(session, document) as copy:
        return [one.question.name for one in ContradictionSearch(session, copy, document).contradictions]
