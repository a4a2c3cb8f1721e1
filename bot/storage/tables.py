"""Every table of the assistant, imported in one place, for migrations and for tests."""

from bot.accounts.models import Contract, Customer, ExtensionRequest, Invoice, Payment, Reminder
from bot.accounts.verification_models import AccountDialogue, OpenedAccount, VerificationCode, VerificationLock
from bot.handoff.models import Handoff
from bot.knowledge.models import EmergencyEvent, Fact, FactSource, KnowledgeVersion
from bot.privacy.models import PrivacyAudit
from bot.storage.call_models import RecordedCall, RecordedTurn, ReviewDecision
from bot.storage.conversation_models import ConversationContract, ConversationEvent, WebTurn
from bot.storage.messenger_models import MessengerEvent, MessengerReply, MessengerThread
from bot.storage.phone_models import PhoneCall, PhoneTurn

__all__ = [
    "AccountDialogue",
    "Contract",
    "ConversationContract",
    "ConversationEvent",
    "Customer",
    "EmergencyEvent",
    "ExtensionRequest",
    "Fact",
    "FactSource",
    "Handoff",
    "Invoice",
    "KnowledgeVersion",
    "MessengerEvent",
    "MessengerReply",
    "MessengerThread",
    "OpenedAccount",
    "Payment",
    "PhoneCall",
    "PhoneTurn",
    "PrivacyAudit",
    "RecordedCall",
    "RecordedTurn",
    "Reminder",
    "ReviewDecision",
    "VerificationCode",
    "VerificationLock",
    "WebTurn",
]
