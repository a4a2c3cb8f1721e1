"""The audit of the console: who did or read what, and when. It is only appended to."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.staff.models import StaffAudit
from bot.staff.permissions import StaffRole

LONGEST_ABOUT = 40  # characters; of longer ids, the beginning
ABOUT = re.compile(rf"[A-Za-z0-9:._-]{{1,{LONGEST_ABOUT}}}")  # references, ids and days; no words that somebody wrote


class AuditedAct(StrEnum):
    """What the audit records."""

    SIGNED_IN = "signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    LOCKED_OUT = "locked-out"
    SIGNED_OUT = "signed-out"
    PASSPHRASE_SET = "passphrase-set"  # noqa: S105 (no password)
    CODE_REFUSED = "code-refused"
    CODES_SET_UP = "codes-set-up"
    CODES_SWITCHED_OFF = "codes-switched-off"
    CODES_RESET = "codes-reset"
    RECOVERY_CODE_USED = "recovery-code-used"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    REFUSED = "refused"
    TAKEN = "taken"
    HANDED_ON = "handed-on"
    GIVEN_BACK = "given-back"
    CLOSED = "closed"
    CONVERSATION_READ = "conversation-read"
    CLEAR_TEXT_READ = "clear-text-read"
    NUMBER_READ = "number-read"
    CALL_BACK_DONE = "call-back-done"
    HOURS_CHANGED = "hours-changed"
    FIGURES_EXPORTED = "figures-exported"
    SURGES_READ = "surges-read"
    SURGE_DISMISSED = "surge-dismissed"
    AUDIT_READ = "audit-read"
    ACCOUNT_ADDED = "account-added"
    ACCOUNT_CHANGED = "account-changed"
    ACCOUNT_DISABLED = "account-disabled"
    ACCOUNT_ENABLED = "account-enabled"
    LINK_MADE = "link-made"
    ANNOUNCEMENT_PROPOSED = "announcement-proposed"
    ANNOUNCEMENT_APPROVED = "announcement-approved"
    ANNOUNCEMENT_PUBLISHED = "announcement-published"
    ANNOUNCEMENT_FORCED = "announcement-forced"
    UNDO_PROPOSED = "undo-proposed"
    UNDO_TAKEN_BACK = "undo-taken-back"
    ANNOUNCEMENT_UNDONE = "announcement-undone"
    UNDO_FORCED = "undo-forced"


def note_act(
    session: Session,
    act: AuditedAct,
    account_id: int | None,
    roles: Iterable[StaffRole] = (),
    *,
    about: str | None = None,
    now: datetime | None = None,
) -> None:
    """Record an act, in the transaction of the act itself, so that neither is there without the other.

    Args:
        account_id: who did it; None for the command line and unknown logins.
        about: a reference number, an id or a day; anything else is left out, since it could be somebody's words.
    """
    told = about if about and ABOUT.fullmatch(about) else None
    line = {"account_id": account_id, "roles": sorted(roles), "act": act.value, "about": told}
    session.add(StaffAudit(at=now or datetime.now(UTC), **line))


def latest_acts(
    session: Session,
    *,
    account_id: int | None = None,
    act: AuditedAct | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[StaffAudit]:
    """Recorded acts, the latest first; `before` is the number of the last one already shown."""
    found = select(StaffAudit).order_by(StaffAudit.number.desc()).limit(limit)
    if account_id is not None:
        found = found.where(StaffAudit.account_id == account_id)
    if act is not None:
        found = found.where(StaffAudit.act == act.value)
    if before is not None:
        found = found.where(StaffAudit.number < before)
    return list(session.execute(found).scalars())
