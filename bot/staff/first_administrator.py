"""The first account of a new installation, so that somebody can come in: with every role, and without a passphrase."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.staff.models import StaffAccount
from bot.staff.one_time_links import make_link
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import account_named, add_account, is_anybody_there
from bot.staff.staff_audit import AuditedAct, note_act

FIRST_LOGIN, FIRST_NAME = "administrator", "Administrators"


def first_link(session: Session) -> str | None:
    """A one-time link for the first account, as long as nobody can sign in; None where somebody can.

    Each start makes a new one, and the earlier are void, so that no old terminal opens the console.
    """
    able = or_(StaffAccount.passphrase.is_not(None), StaffAccount.subject.is_not(None))
    if session.execute(select(StaffAccount.id).where(able).limit(1)).first():
        return None
    if not is_anybody_there(session):
        person = add_account(session, FIRST_LOGIN, FIRST_NAME, StaffRole)
        note_act(session, AuditedAct.ACCOUNT_ADDED, None, about=f"staff:{person.id}")
    first = session.execute(select(StaffAccount.login).order_by(StaffAccount.id).limit(1)).scalar_one()
    account = account_named(session, first)
    note_act(session, AuditedAct.LINK_MADE, None, about=f"staff:{account.id}")
    return make_link(session, account)
