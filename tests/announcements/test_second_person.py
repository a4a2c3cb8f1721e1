"""A second person approves; in an emergency it is published before, and the approval is awaited."""

from collections.abc import Callable

import pytest
from announcing import APPROVER, AUTHOR, document, said
from sqlalchemy.orm import Session

from bot.announcements.announcement_steps import AnnouncementState, Step, log_of, overview
from bot.announcements.publishing import approve, propose, publish, undo
from bot.clock import parse_moment
from bot.knowledge.records import KnowledgeError

pytestmark = pytest.mark.both_databases
TODAY = parse_moment("2020-05-20").date()
Act = Callable[[Session], object]


def do_propose(session: Session) -> object:
    return propose(session, document(), AUTHOR)


def do_approve(session: Session, who: str = APPROVER) -> object:
    return approve(session, "hours", who)


def do_publish(session: Session) -> object:
    return publish(session, "hours", AUTHOR)


def do_override(session: Session) -> object:
    return publish(session, "hours", AUTHOR, emergency=True, why="the line is down")


def do_undo(session: Session) -> object:
    return undo(session, "hours", AUTHOR, TODAY)


STATES: dict[str, tuple[tuple[Act, ...], AnnouncementState]] = {
    "proposed": ((do_propose,), AnnouncementState.PROPOSED),
    "approved": ((do_propose, do_approve), AnnouncementState.APPROVED),
    "published": ((do_propose, do_approve, do_publish), AnnouncementState.PUBLISHED),
    "emergency": ((do_propose, do_override), AnnouncementState.APPROVAL_PENDING),
    "approved afterwards": ((do_propose, do_override, do_approve), AnnouncementState.PUBLISHED),
    "undone": ((do_propose, do_override, do_undo), AnnouncementState.UNDONE),
    "a new proposal needs a new approval": ((do_propose, do_approve, do_propose), AnnouncementState.PROPOSED),
    "proposed again": ((do_propose, do_approve, do_publish, do_undo, do_propose), AnnouncementState.PROPOSED),
}


@pytest.mark.parametrize(("acts", "state"), STATES.values(), ids=STATES)
def test_an_announcement_stands_as_its_steps_say(session: Session, acts: tuple[Act, ...], state: str) -> None:
    for act in acts:
        act(session)
    assert overview(session, "hours").state is state


REFUSED: dict[str, tuple[tuple[Act, ...], str]] = {
    "the author approves": (
        (do_propose, lambda session: do_approve(session, AUTHOR)),
        "Anna proposed or published 'hours' and cannot approve it; ask a second person",
    ),
    "the author in other letters": (
        (do_propose, lambda session: do_approve(session, "  ANNA ")),
        "cannot approve it; ask a second person",
    ),
    "the author approves afterwards": (
        (do_propose, do_override, lambda session: do_approve(session, AUTHOR)),
        "cannot approve it; ask a second person",
    ),
    "nobody approves": ((do_propose, lambda session: do_approve(session, " ")), "A person's name"),
    "not approved": ((do_propose, do_publish), "is not approved; a second person approves it"),
    "approved twice": ((do_propose, do_approve, do_approve), "is approved already, by Bruno"),
    "published twice": ((do_propose, do_approve, do_publish, do_publish), "is published already; undo it"),
    "proposed while published": ((do_propose, do_override, do_propose), "is published; undo it first"),
    "undone while proposed": ((do_propose, do_undo), "is proposed; there is nothing to undo"),
    "undone twice": ((do_propose, do_override, do_undo, do_undo), "is undone; there is nothing to undo"),
    "published after it was undone": ((do_propose, do_override, do_undo, do_override), "was undone; propose it again"),
    "approved after it was undone": ((do_propose, do_override, do_undo, do_approve), "was undone; propose it again"),
    "emergency without a reason": (
        (do_propose, lambda session: publish(session, "hours", AUTHOR, emergency=True)),
        "needs a reason; give it with --why",
    ),
    "unknown": ((do_publish,), "There is no announcement 'hours'; 'bot announcement list' shows them all"),
}


@pytest.mark.parametrize(("acts", "told"), REFUSED.values(), ids=REFUSED)
def test_a_step_out_of_turn_is_refused_with_what_to_do(session: Session, acts: tuple[Act, ...], told: str) -> None:
    *first, last = acts
    for act in first:
        act(session)
    with pytest.raises(KnowledgeError, match=told):
        last(session)


def test_nothing_is_said_before_it_is_published(session: Session) -> None:
    before = said(session, "ask_late_fees", "2020-05-20")
    propose(session, document({"key": "own_case", "replaces": "own-case"}), AUTHOR)
    approve(session, "hours", APPROVER)
    assert said(session, "ask_late_fees", "2020-05-20") == before


def test_every_step_is_logged(session: Session) -> None:
    for act in (do_propose, do_override, do_approve, do_undo):
        act(session)
    logged = [(one.step, one.who, one.why) for one in log_of(session)]
    assert logged == [
        (Step.PROPOSED, AUTHOR, None),
        (Step.OVERRIDDEN, AUTHOR, "the line is down"),
        (Step.APPROVED, APPROVER, None),
        (Step.UNDONE, AUTHOR, None),
    ]
