"""Every table of the assistant, imported in one place, for migrations and for tests."""

from bot.accounts.models import Contract, Customer, Invoice, Payment
from bot.handoff.models import Handoff
from bot.knowledge.models import EmergencyEvent, Fact, FactSource

__all__ = ["Contract", "Customer", "EmergencyEvent", "Fact", "FactSource", "Handoff", "Invoice", "Payment"]
