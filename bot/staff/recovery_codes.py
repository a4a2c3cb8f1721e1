"""Recovery codes: for somebody whose phone is lost. Random (80 bits), good once, and stored as keyed hashes only."""

import base64
import secrets

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from bot.keys.keyed_hashes import keyed_hash
from bot.staff.models import StaffRecoveryCode

HOW_MANY = 10
BYTES = 10  # 16 letters and digits (base32)
GROUP = 4


def new_recovery_codes(session: Session, account_id: int) -> list[str]:
    """Make recovery codes, as they are shown once: "ABCD-EFGH-IJKL-MNOP"; earlier ones are void."""
    session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.account_id == account_id))
    made = [base64.b32encode(secrets.token_bytes(BYTES)).decode() for _ in range(HOW_MANY)]
    session.add_all(StaffRecoveryCode(code=_kept(account_id, each), account_id=account_id) for each in made)
    return ["-".join(each[start : start + GROUP] for start in range(0, len(each), GROUP)) for each in made]


def is_recovery_code(session: Session, account_id: int, tidy: str) -> bool:
    """Whether it is one of the account's, without hyphens; it is then used up, by one of several who try it at once."""
    row = StaffRecoveryCode
    used = delete(row).where(row.code == _kept(account_id, tidy), row.account_id == account_id)
    return bool(session.execute(used.execution_options(synchronize_session=False)).rowcount)


def recovery_codes_left(session: Session, account_id: int) -> int:
    """How many have not been used."""
    counted = select(func.count()).where(StaffRecoveryCode.account_id == account_id)
    return int(session.execute(counted).scalar_one())


def _kept(account_id: int, tidy: str) -> str:
    return keyed_hash("staff recovery code", str(account_id), tidy)
