"""A second person approves; in an emergency it is published before, and the approval is awaited."""

from collections.abc import Callable

import pytest
from announcing import APPROVER, AUTHOR, document, said, undo_by_two
from sqlalchemy.orm import Session

from bot.announcements.announcement_steps import AnnouncementState, Step, is_same_person, log_of, overview
from bot.announcements.publishing import approve, propose, propose_undo, publish, take_undo_back, undo
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
    return undo_by_two(session, "hours", AUTHOR, TODAY)


def do_propose_undo(session: Session) -> object:
    return propose_undo(session, "hours", AUTHOR, TODAY)


def do_undo_alone(session: Session) -> object:
    return undo(session, "hours", AUTHOR, TODAY, "a mistake", emergency=True)


def do_take_back(session: Session, who: str = APPROVER) -> object:
    return take_undo_back(session, "hours", who, "the release was right")


STATES: dict[str, tuple[tuple[Act, ...], AnnouncementState]] = {
    "proposed": ((do_propose,), AnnouncementState.PROPOSED),
    "approved": ((do_propose, do_approve), AnnouncementState.APPROVED),
    "published": ((do_propose, do_approve, do_publish), AnnouncementState.PUBLISHED),
    "emergency": ((do_propose, do_override), AnnouncementState.APPROVAL_PENDING),
    "approved afterwards": ((do_propose, do_override, do_approve), AnnouncementState.PUBLISHED),
    "to undo is proposed": ((do_propose, do_approve, do_publish, do_propose_undo), AnnouncementState.PUBLISHED),
    "to undo is proposed while approval is pending": (
        (do_propose, do_override, do_propose_undo),
        AnnouncementState.APPROVAL_PENDING,
    ),
    "to undo is taken back": (
        (do_propose, do_approve, do_publish, do_propose_undo, do_take_back),
        AnnouncementState.PUBLISHED,
    ),
    "to undo is proposed again and done": (
        (do_propose, do_override, do_propose_undo, do_take_back, do_undo),
        AnnouncementState.UNDONE,
    ),
    "undone alone": ((do_propose, do_override, do_undo_alone), AnnouncementState.UNDO_PENDING),
    "undone alone though proposed": (
        (do_propose, do_override, do_propose_undo, do_undo_alone),
        AnnouncementState.UNDO_PENDING,
    ),
    "undone alone and approved afterwards": (
        (do_propose, do_override, do_undo_alone, do_approve),
        AnnouncementState.UNDONE,
    ),
    "proposed again after it was undone alone": (
        (do_propose, do_override, do_undo_alone, do_propose),
        AnnouncementState.PROPOSED,
    ),
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
    "the author without diacritics": (
        (
            lambda session: propose(session, document(), "Anna Bērziņa"),
            lambda session: do_approve(session, "anna berzina"),
        ),
        "anna berzina proposed or published 'hours' and cannot approve it",
    ),
    "the author in another order": (
        (
            lambda session: propose(session, document(), "Anna Bērziņa"),
            lambda session: do_approve(session, "BĒRZIŅA, Anna"),
        ),
        "cannot approve it; ask a second person",
    ),
    "the author without spaces": (
        (lambda session: propose(session, document(), "Anna-Liepa"), lambda session: do_approve(session, "AnnaLiepa")),
        "cannot approve it; ask a second person",
    ),
    "the author with an invisible character": (
        (do_propose, lambda session: do_approve(session, "An\u200bna")),
        "cannot approve it; ask a second person",
    ),
    "undone by nobody else": (
        (do_propose, do_override, lambda session: undo(session, "hours", AUTHOR, TODAY)),
        "Nobody has proposed to undo 'hours'; propose it, and let a second person do it",
    ),
    "undone by who proposed that": (
        (do_propose, do_override, do_propose_undo, lambda session: undo(session, "hours", "ANNA", TODAY)),
        "ANNA proposed to undo 'hours' and cannot do it alone; ask a second person",
    ),
    "to undo is proposed twice": (
        (do_propose, do_override, do_propose_undo, do_propose_undo),
        "proposed already, by Anna",
    ),
    "undone after that was taken back": (
        (
            do_propose,
            do_override,
            do_propose_undo,
            do_take_back,
            lambda session: undo(session, "hours", "Cilda", TODAY),
        ),
        "Nobody has proposed to undo 'hours'",
    ),
    "taken back where nobody proposed it": ((do_propose, do_override, do_take_back), "there is nothing to take back"),
    "taken back twice": (
        (do_propose, do_override, do_propose_undo, do_take_back, do_take_back),
        "there is nothing to take back",
    ),
    "taken back after it was undone": (
        (do_propose, do_override, do_undo, do_take_back),
        "is undone; there is nothing to undo",
    ),
    "undone alone without a reason": (
        (do_propose, do_override, lambda session: undo(session, "hours", AUTHOR, TODAY, emergency=True)),
        "needs a reason; give it with --why",
    ),
    "who undid it approves that": (
        (do_propose, do_override, do_undo_alone, lambda session: do_approve(session, AUTHOR)),
        "Anna undid 'hours' and cannot approve that; ask a second person",
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
        (Step.UNDO_PROPOSED, AUTHOR, None),
        (Step.UNDONE, APPROVER, None),
    ]


@pytest.mark.parametrize("who", [AUTHOR, APPROVER], ids=["its author", "somebody else"])
def test_a_proposal_to_undo_is_taken_back_and_its_day_with_it(session: Session, who: str) -> None:
    for act in (do_propose, do_override, do_propose_undo, lambda session: do_take_back(session, who)):
        act(session)
    found = overview(session, "hours")
    assert (found.undo_proposed_by, found.undo_from, found.steps[-1].step) == (None, None, Step.UNDO_TAKEN_BACK)


UNDOING = {"proposed": (do_propose_undo, True), "done by two": (do_undo, False), "done alone": (do_undo_alone, False)}


@pytest.mark.parametrize(("act", "held"), UNDOING.values(), ids=UNDOING)
def test_nothing_is_undone_before_a_second_person_does_it(session: Session, act: Act, held: bool) -> None:
    propose(session, document({"key": "own_case", "replaces": "own-case"}), AUTHOR)
    do_override(session)
    act(session)
    assert ("works from eight" in said(session, "ask_late_fees", "2020-05-20")) is held


def test_it_is_undone_from_the_day_that_was_proposed(session: Session) -> None:
    propose(session, document({"key": "own_case", "replaces": "own-case"}), AUTHOR)
    do_override(session)
    do_propose_undo(session)
    undo(session, "hours", APPROVER, parse_moment("2020-05-22").date())
    told = {day: "works from eight" in said(session, "ask_late_fees", day) for day in ("2020-05-19", "2020-05-20")}
    assert told == {"2020-05-19": True, "2020-05-20": False}


SAME = [("Anna", "anna "), ("Jānis Ozols", "Janis  Ozols"), ("Jānis Ozols", "OZOLS JĀNIS"), ("Anna", "\uff21nna")]
OTHERS = [("Anna", "Nana"), ("Anna", "Anna Ozola"), ("Jānis Ozols", "Jana Ozola"), ("Ieva", "Aive")]


@pytest.mark.parametrize(("one", "other", "same"), [(*pair, pair in SAME) for pair in SAME + OTHERS])
def test_a_name_in_another_spelling_is_the_same_persons(one: str, other: str, same: bool) -> None:
    assert is_same_person(one, other) is same
