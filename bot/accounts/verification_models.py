"""Tables of proving who one is. Of codes, contract numbers and locks only keyed hashes are stored."""

from sqlalchemy import Boolean, Column, Integer, String

from bot.storage.engine import Base, UtcDateTime


class VerificationCode(Base):
    """A one-time code: for which contract, in which conversation, how often it was guessed wrong."""

    __tablename__ = "verification_codes"

    id = Column(Integer, primary_key=True)
    contract = Column(String(64), nullable=False, index=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    code = Column(String(64), nullable=False)
    sent_at = Column(UtcDateTime, nullable=False, index=True)
    wrong = Column(Integer, nullable=False)
    spent = Column(Boolean, nullable=False)


class VerificationLock(Base):
    """A contract or a conversation for which no code is accepted until a moment, which may have passed."""

    __tablename__ = "verification_locks"

    subject = Column(String(64), primary_key=True)
    until = Column(UtcDateTime, nullable=False)


class OpenedAccount(Base):
    """An account that is open in a conversation, as long as it is used."""

    __tablename__ = "opened_accounts"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    contract_number = Column(String(12), nullable=False)
    used_at = Column(UtcDateTime, nullable=False, index=True)


class AccountDialogue(Base):
    """Where a conversation about an account stands; kept here, since trackers must not hold contract numbers."""

    __tablename__ = "account_dialogues"

    conversation_id = Column(String(255), primary_key=True)
    question = Column(String(40), nullable=False)
    waiting_for = Column(String(20), nullable=False)
    contract_number = Column(String(12))
    asked_again = Column(Integer, nullable=False)
    updated_at = Column(UtcDateTime, nullable=False, index=True)
