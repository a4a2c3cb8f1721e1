"""Proposing, approving, publishing and undoing an announcement. The caller's transaction makes each all or nothing."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import AnnouncementDocument
from bot.announcements.announcement_steps import (
    GONE,
    IN_FORCE,
    AnnouncementOverview,
    AnnouncementState,
    Step,
    add_step,
    is_same_person,
    named,
    overview,
)
from bot.announcements.applying import apply
from bot.announcements.checking import contradicted, try_out
from bot.announcements.models import AnnouncementStep
from bot.announcements.undoing import take_back
from bot.knowledge.fact_versions import Signed
from bot.knowledge.records import KnowledgeError

NAMED = 5  # answers that a message names


def propose(session: Session, document: AnnouncementDocument, who: str, why: str | None = None) -> AnnouncementOverview:
    """Keep an announcement, to be approved and published; a new version of a proposal needs a new approval.

    Raises:
        KnowledgeError: it could not be published, or one with this id is published.
    """
    known = select(AnnouncementStep.number).where(AnnouncementStep.announcement_id == document.id)
    if session.execute(known).first() and overview(session, document.id).state in IN_FORCE:
        raise KnowledgeError(
            f"The announcement '{document.id}' is published; undo it first (bot announcement undo {document.id}), or "
            "give the new one an id of its own."
        )
    try_out(session, document)
    add_step(session, document.id, Step.PROPOSED, who, why or document.why, document)
    return overview(session, document.id)


def approve(session: Session, announcement: str, who: str) -> AnnouncementOverview:
    """Approve an announcement as it was proposed last, before it is published or, after an emergency, afterwards.

    What was undone in an emergency is approved in the same way.

    Raises:
        KnowledgeError: there is none, it is approved or undone, or this person proposed or published it.
    """
    found = overview(session, announcement)
    if found.state is AnnouncementState.UNDO_PENDING:
        return _approve_undoing(session, found, who)
    if found.approved_by:
        raise KnowledgeError(f"The announcement '{announcement}' is approved already, by {found.approved_by}.")
    if found.state is AnnouncementState.UNDONE:
        raise KnowledgeError(f"The announcement '{announcement}' was undone; propose it again before it is approved.")
    for first in filter(None, (found.author, found.published_by)):
        if is_same_person(first, who):
            raise KnowledgeError(
                f"{named(who)} proposed or published '{announcement}' and cannot approve it; ask a second person."
            )
    add_step(session, announcement, Step.APPROVED, who)
    return overview(session, announcement)


def _approve_undoing(session: Session, found: AnnouncementOverview, who: str) -> AnnouncementOverview:
    """Approve that one person took an announcement back in an emergency."""
    if is_same_person(found.undone_by or "", who):
        raise KnowledgeError(f"{named(who)} undid '{found.id}' and cannot approve that; ask a second person.")
    add_step(session, found.id, Step.UNDO_APPROVED, who)
    return overview(session, found.id)


def publish(
    session: Session, announcement: str, who: str, *, emergency: bool = False, why: str | None = None
) -> AnnouncementOverview:
    """Publish an approved announcement: all of it, in force with the next message in every process.

    Args:
        emergency: publish before anybody approved it; `why` is needed, and the approval is awaited afterwards.

    Raises:
        KnowledgeError: it is not approved, is published already, no longer fits the facts, or contradicts an answer.
    """
    found = overview(session, announcement)
    _may_be_published(found, emergency, why)
    if not (emergency or found.approved_by):
        raise KnowledgeError(
            f"The announcement '{announcement}' is not approved; a second person approves it (bot announcement approve "
            f"{announcement}), or publish it in an emergency (--emergency --why REASON)."
        )
    if not emergency and (names := contradicted(session, found.document)):
        raise KnowledgeError(
            f"Beside '{announcement}', answers would go on although what they rest on ends ({len(names)} in all): "
            f"{', '.join(names[:NAMED])}{' …' if len(names) > NAMED else ''}; add them to 'answers' of a record, to "
            "'keeps' where they stay true, or to 'rows' of the new record the rows of the old one that still stand."
        )
    try:
        approved_by = found.approved_by or f"{named(who)}, unapproved"
        apply(session, found.document, Signed(who=named(who), why=why or found.document.why), approved_by)
    except IntegrityError as error:
        raise KnowledgeError("Somebody changed the same records at this moment; look at them and try again.") from error
    step = Step.PUBLISHED if found.approved_by else Step.OVERRIDDEN
    add_step(session, announcement, step, who, why)
    return overview(session, announcement)


def _may_be_published(found: AnnouncementOverview, emergency: bool, why: str | None) -> None:
    if found.state in IN_FORCE:
        raise KnowledgeError(f"The announcement '{found.id}' is published already; undo it, or propose another.")
    if found.state in GONE:
        raise KnowledgeError(f"The announcement '{found.id}' was undone; propose it again (bot announcement new).")
    if emergency:
        _needs_reason(why)


def _needs_reason(why: str | None) -> None:
    if not (why or "").strip():
        raise KnowledgeError("What one person does alone, in an emergency, needs a reason; give it with --why.")


def propose_undo(
    session: Session, announcement: str, who: str, day: date | None = None, why: str | None = None
) -> AnnouncementOverview:
    """Propose to take an announcement back; nothing changes until a second person does it (`undo`).

    Args:
        day: the first day on which it is to be undone; None for the day on which that is done.

    Raises:
        KnowledgeError: it is not published, or somebody proposed that already.
    """
    found = overview(session, announcement)
    _may_be_undone(found)
    if found.undo_proposed_by:
        raise KnowledgeError(
            f"To undo '{announcement}' is proposed already, by {found.undo_proposed_by}; a second person does it (bot "
            f"announcement undo {announcement}), or somebody takes that back (--take-back)."
        )
    add_step(session, announcement, Step.UNDO_PROPOSED, who, why, undo_from=day)
    return overview(session, announcement)


def take_undo_back(session: Session, announcement: str, who: str, why: str | None = None) -> AnnouncementOverview:
    """Take back a proposal to undo an announcement: its author thinks otherwise, or somebody else refuses it.

    Raises:
        KnowledgeError: nobody has proposed to undo it, or it is undone already.
    """
    found = overview(session, announcement)
    _may_be_undone(found)
    if not found.undo_proposed_by:
        raise KnowledgeError(f"Nobody has proposed to undo '{announcement}'; there is nothing to take back.")
    add_step(session, announcement, Step.UNDO_TAKEN_BACK, who, why)
    return overview(session, announcement)


def undo(
    session: Session,
    announcement: str,
    who: str,
    today: date,
    why: str | None = None,
    *,
    emergency: bool = False,
) -> AnnouncementOverview:
    """Take an announcement back, as somebody else proposed: every record is again as it was before, as a new version.

    Args:
        today: the day from which that is known, where the proposal names none.
        emergency: undo before anybody else proposed it; `why` is needed, and an approval is awaited afterwards.

    Raises:
        KnowledgeError: it is not published, nobody else proposed to undo it, or a record of it was changed since.
    """
    found = overview(session, announcement)
    _may_be_undone(found)
    if emergency:
        _needs_reason(why)
    else:
        _needs_another(found, who)
    take_back(session, announcement, Signed(named(who), why, found.undo_from or today, announcement))
    add_step(session, announcement, Step.UNDONE_ALONE if emergency else Step.UNDONE, who, why)
    return overview(session, announcement)


def _may_be_undone(found: AnnouncementOverview) -> None:
    if found.state not in IN_FORCE:
        raise KnowledgeError(f"The announcement '{found.id}' is {found.state.value}; there is nothing to undo.")


def _needs_another(found: AnnouncementOverview, who: str) -> None:
    """Refuse to undo what nobody proposed to undo, or this person did."""
    if not found.undo_proposed_by:
        raise KnowledgeError(
            f"Nobody has proposed to undo '{found.id}'; propose it, and let a second person do it, or undo it in an "
            "emergency (--emergency --why REASON)."
        )
    if is_same_person(found.undo_proposed_by, who):
        raise KnowledgeError(
            f"{named(who)} proposed to undo '{found.id}' and cannot do it alone; ask a second person, or undo it in an "
            "emergency (--emergency --why REASON)."
        )
