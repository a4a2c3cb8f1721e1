"""Tables of verification. Codes, addresses and locks are stored only as hashes; contract numbers are encrypted."""

from sqlalchemy import Boolean, Column, Integer, String
from sqlalchemy.orm import validates

from bot.keys.keyed_hashes import contract_hash
from bot.storage.engine import Base, UtcDateTime
from bot.storage.sealed_text import SealedText

CONTRACT_GIVEN, CONTRACT_OPENED = "number given in a dialogue", "contract opened"  # purposes of sealed numbers


class VerificationCode(Base):
    """A one-time code: its contract, conversation and address, and how many wrong tries it had.

    `address` is a keyed hash; `is_proven` is whether the contract had been opened there with a code before; `tries` is
    the number of tries that the code has.
    """

    __tablename__ = "verification_codes"

    id = Column(Integer, primary_key=True)
    contract = Column(String(64), nullable=False, index=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    address = Column(String(64), nullable=False, index=True)
    is_proven = Column(Boolean, nullable=False)
    code = Column(String(64), nullable=False)
    sent_at = Column(UtcDateTime, nullable=False, index=True)
    tries = Column(Integer, nullable=False)
    wrong = Column(Integer, nullable=False)
    spent = Column(Boolean, nullable=False)


class VerificationLock(Base):
    """A lockout: the subject gets no code, and no code from it is accepted, until a moment, which may have passed.

    The subject is a conversation, an address, or a contract at an address. A contract's own row only orders counting.
    """

    __tablename__ = "verification_locks"

    subject = Column(String(64), primary_key=True)
    until = Column(UtcDateTime, nullable=False)


class ProvenAddress(Base):
    """An address at which a contract was opened with a code: `subject` is a keyed hash of both."""

    __tablename__ = "proven_addresses"

    subject = Column(String(64), primary_key=True)
    contract = Column(String(64), nullable=False, index=True)
    proven_at = Column(UtcDateTime, nullable=False, index=True)


class SignedInToken(Base):
    """A token of the website's sign-in and the one conversation that it is valid for. Both hashes are keyed."""

    __tablename__ = "signed_in_tokens"

    token = Column(String(64), primary_key=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    address = Column(String(64), nullable=False)
    until = Column(UtcDateTime, nullable=False, index=True)


class OpenedAccount(Base):
    """An account that is open in a conversation, as long as it is used.

    Attributes:
        contract_number: encrypted with the server's key; None where the key has changed.
    """

    __tablename__ = "opened_accounts"

    id = Column(Integer, primary_key=True)
    conversation_id = Column(String(255), nullable=False, index=True)
    contract_number = Column(SealedText(CONTRACT_OPENED), nullable=False)
    used_at = Column(UtcDateTime, nullable=False, index=True)


class AccountDialogue(Base):
    """The state of an account dialogue; stored here, since trackers must not contain contract numbers.

    Attributes:
        contract_number: the number that the customer gave, which may really be a phone number or a personal code;
            encrypted with the server's key; None where none was given, or where the key has changed.
        contract: its keyed hash, for look-up and erasure.
    """

    __tablename__ = "account_dialogues"

    conversation_id = Column(String(255), primary_key=True)
    question = Column(String(40), nullable=False)
    waiting_for = Column(String(20), nullable=False)
    contract_number = Column(SealedText(CONTRACT_GIVEN))
    contract = Column(String(64), index=True)
    asked_again = Column(Integer, nullable=False)
    updated_at = Column(UtcDateTime, nullable=False, index=True)

    @validates("contract_number")
    def _hashed_too(self, _: str, number: str | None) -> str | None:
        self.contract = None if number is None else contract_hash(number)
        return number

    @property
    def is_readable(self) -> bool:
        """Whether the number, where one was given, can be decrypted with the server's current key."""
        return self.contract is None or self.contract_number is not None
