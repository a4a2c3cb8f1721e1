"""Who may do what: one table of acts and roles, the only place that decides it."""

from collections.abc import Iterable
from enum import StrEnum


class StaffRole(StrEnum):
    """A role of one of the company's people; somebody may have several."""

    AGENT = "agent"
    EDITOR = "editor"
    APPROVER = "approver"
    ANALYST = "analyst"
    PRIVACY_OFFICER = "privacy-officer"
    ADMINISTRATOR = "administrator"


class StaffAct(StrEnum):
    """Something that can be done in the console; the audit names what was done by it."""

    ENTER = "enter"
    KEEP_OWN_ACCOUNT = "keep-own-account"
    SEE_QUEUE = "see-queue"
    READ_CONVERSATION = "read-conversation"
    READ_CLEAR_TEXT = "read-clear-text"
    TAKE = "take"
    ANSWER = "answer"
    WRITE_NOTE = "write-note"
    HAND_ON = "hand-on"
    GIVE_BACK = "give-back"
    CLOSE = "close"
    SEE_CALL_BACKS = "see-call-backs"
    READ_NUMBER = "read-number"
    FINISH_CALL_BACK = "finish-call-back"
    SEE_HOURS = "see-hours"
    CHANGE_HOURS = "change-hours"
    SEE_ANNOUNCEMENTS = "see-announcements"
    PROPOSE_ANNOUNCEMENT = "propose-announcement"
    APPROVE_ANNOUNCEMENT = "approve-announcement"
    PUBLISH_ANNOUNCEMENT = "publish-announcement"
    PROPOSE_UNDO = "propose-undo"
    UNDO_ANNOUNCEMENT = "undo-announcement"
    SEE_FIGURES = "see-figures"
    EXPORT_FIGURES = "export-figures"
    SEE_SURGES = "see-surges"
    DISMISS_SURGE = "dismiss-surge"
    READ_AUDIT = "read-audit"
    SEE_STAFF = "see-staff"
    CHANGE_STAFF = "change-staff"


EVERYBODY = frozenset(StaffRole)
DESK = frozenset({StaffRole.AGENT})
EDITING = frozenset({StaffRole.EDITOR})
APPROVING = frozenset({StaffRole.APPROVER})
LEADS = frozenset({StaffRole.EDITOR, StaffRole.APPROVER, StaffRole.ANALYST, StaffRole.ADMINISTRATOR})

PERMISSIONS: dict[StaffAct, frozenset[StaffRole]] = {
    StaffAct.ENTER: EVERYBODY,
    StaffAct.KEEP_OWN_ACCOUNT: EVERYBODY,
    StaffAct.SEE_QUEUE: DESK,
    StaffAct.READ_CONVERSATION: DESK,
    StaffAct.READ_CLEAR_TEXT: DESK,
    StaffAct.TAKE: DESK,
    StaffAct.ANSWER: DESK,
    StaffAct.WRITE_NOTE: DESK,
    StaffAct.HAND_ON: DESK,
    StaffAct.GIVE_BACK: DESK,
    StaffAct.CLOSE: DESK,
    StaffAct.SEE_CALL_BACKS: DESK,
    StaffAct.READ_NUMBER: DESK,
    StaffAct.FINISH_CALL_BACK: DESK,
    StaffAct.SEE_HOURS: frozenset({StaffRole.AGENT, StaffRole.EDITOR, StaffRole.APPROVER, StaffRole.ADMINISTRATOR}),
    StaffAct.CHANGE_HOURS: frozenset({StaffRole.APPROVER, StaffRole.ADMINISTRATOR}),
    StaffAct.SEE_ANNOUNCEMENTS: EDITING | APPROVING | {StaffRole.ADMINISTRATOR},
    StaffAct.PROPOSE_ANNOUNCEMENT: EDITING,
    StaffAct.APPROVE_ANNOUNCEMENT: APPROVING,
    StaffAct.PUBLISH_ANNOUNCEMENT: APPROVING,  # also in an emergency
    StaffAct.PROPOSE_UNDO: EDITING | APPROVING,
    StaffAct.UNDO_ANNOUNCEMENT: APPROVING,  # also in an emergency
    StaffAct.SEE_FIGURES: LEADS,
    StaffAct.EXPORT_FIGURES: frozenset({StaffRole.ANALYST, StaffRole.ADMINISTRATOR}),
    StaffAct.SEE_SURGES: LEADS,
    StaffAct.DISMISS_SURGE: frozenset({StaffRole.EDITOR, StaffRole.APPROVER, StaffRole.ADMINISTRATOR}),
    StaffAct.READ_AUDIT: frozenset({StaffRole.PRIVACY_OFFICER, StaffRole.ADMINISTRATOR}),
    StaffAct.SEE_STAFF: frozenset({StaffRole.ADMINISTRATOR}),
    StaffAct.CHANGE_STAFF: frozenset({StaffRole.ADMINISTRATOR}),
}


def may(roles: Iterable[StaffRole], act: StaffAct) -> bool:
    """Whether somebody with these roles may do this."""
    return not PERMISSIONS[act].isdisjoint(roles)


def roles_of(names: Iterable[str]) -> frozenset[StaffRole]:
    """The roles of these names; names that are no role of ours are passed over, as a directory has many groups."""
    known = {role.value for role in StaffRole}
    return frozenset(StaffRole(name) for name in names if name in known)
