"""Tables of the accounts. Money is NUMERIC(10, 2) in euro (whole cents on SQLite)."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, String, true
from sqlalchemy.orm import relationship

from bot.storage.engine import Base, Money, UtcDateTime


class Customer(Base):
    """A person or a business that has contracts."""

    __tablename__ = "customers"
    __table_args__ = (CheckConstraint("preferred_language IN ('lv', 'en')", name="language"),)

    id = Column(Integer, primary_key=True)
    name = Column(String(120), nullable=False)
    kind = Column(String(20), nullable=False)
    email = Column(String(200))
    phone = Column(String(20))
    preferred_language = Column(String(2), nullable=False)

    contracts = relationship("Contract", back_populates="customer", cascade="all, delete-orphan")


class Contract(Base):
    """A supply contract for one address."""

    __tablename__ = "contracts"

    number = Column(String(12), primary_key=True)
    customer_id = Column(Integer, ForeignKey("customers.id"), nullable=False, index=True)
    address = Column(String(200), nullable=False)
    eic = Column(String(16), nullable=False, unique=True)
    disconnected_since = Column(Date)

    customer = relationship(Customer, back_populates="contracts")
    invoices = relationship("InvoiceRow", back_populates="contract", cascade="all, delete-orphan")
    payments = relationship("PaymentRow", back_populates="contract", cascade="all, delete-orphan")
    reminders = relationship("Reminder", back_populates="contract", cascade="all, delete-orphan")


class InvoiceRow(Base):
    """A bill for a month of supply."""

    __tablename__ = "invoices"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount"),)

    number = Column(String(20), primary_key=True)
    contract_number = Column(String(12), ForeignKey("contracts.number"), nullable=False, index=True)
    period = Column(String(7), nullable=False)  # year and month, 2020-02
    issued_on = Column(Date, nullable=False)
    due_on = Column(Date, nullable=False)
    amount = Column(Money(), nullable=False)

    contract = relationship(Contract, back_populates="invoices")


class PaymentRow(Base):
    """Money received for a contract; not `booked` while the bank has only announced it."""

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    id = Column(Integer, primary_key=True)
    contract_number = Column(String(12), ForeignKey("contracts.number"), nullable=False, index=True)
    received_on = Column(Date, nullable=False)
    amount = Column(Money(), nullable=False)
    booked = Column(Boolean, nullable=False, server_default=true())

    contract = relationship(Contract, back_populates="payments")


class Reminder(Base):
    """A letter that reminded the customer of a debt."""

    __tablename__ = "reminders"

    id = Column(Integer, primary_key=True)
    contract_number = Column(String(12), ForeignKey("contracts.number"), nullable=False, index=True)
    sent_on = Column(Date, nullable=False)

    contract = relationship(Contract, back_populates="reminders")


class ExtensionRequest(Base):
    """A customer's request to pay later (`until`) or in parts (`instalments`); recorded, not granted."""

    __tablename__ = "extension_requests"
    __table_args__ = (
        CheckConstraint("(until IS NULL) <> (instalments IS NULL)", name="one_wish"),
        CheckConstraint("amount > 0", name="amount"),
    )

    id = Column(Integer, primary_key=True)
    reference = Column(String(20), nullable=False, unique=True)
    contract_number = Column(String(12), nullable=False, index=True)
    amount = Column(Money(), nullable=False)
    until = Column(Date)
    instalments = Column(Integer)
    created_at = Column(UtcDateTime, nullable=False)
