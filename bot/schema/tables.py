"""Every table of the assistant, imported in one place, for migrations and for tests."""

from bot.accounts.conversation_contracts import ConversationContract
from bot.accounts.models import Contract, Customer, ExtensionRequest, InvoiceRow, PaymentRow, Reminder
from bot.accounts.verification_models import (
    AccountDialogue,
    OpenedAccount,
    ProvenAddress,
    SignedInToken,
    VerificationCode,
    VerificationLock,
)
from bot.announcements.models import AnnouncementStep
from bot.calls.models import RecordedCall, RecordedFile, RecordedTurn, ReviewDecision
from bot.channels.messenger.models import MessengerDesk, MessengerEvent, MessengerReply, MessengerThread
from bot.channels.phone.models import PhoneCall, PhoneTurn
from bot.channels.web.models import WebTurn
from bot.chatwoot.models import ChatwootConversation
from bot.desk.models import (
    CallBackRow,
    DeskAlert,
    DeskCounter,
    DeskEventRow,
    DeskOutboxRow,
    DeskPresence,
    DeskRating,
    DeskTyping,
    Handoff,
    HoursException,
    SharedConversation,
)
from bot.erasure.models import PrivacyAudit
from bot.figures.models import (
    ConversationFacts,
    FigureCount,
    FigureCursor,
    FigureDay,
    FoldedDay,
    SurgeNotice,
)
from bot.knowledge.models import (
    EmergencyEvent,
    EventVersion,
    Fact,
    FactSource,
    FactVersion,
    KnowledgeVersion,
    PlaceVersion,
    PublishedPlace,
    TopicQuestions,
)
from bot.rasa.conversation_models import ConversationEvent
from bot.staff.models import StaffAccount, StaffAttempts, StaffAudit, StaffLink, StaffRecoveryCode, StaffSession

__all__ = [
    "AccountDialogue",
    "AnnouncementStep",
    "CallBackRow",
    "ChatwootConversation",
    "Contract",
    "ConversationContract",
    "ConversationEvent",
    "ConversationFacts",
    "Customer",
    "DeskAlert",
    "DeskCounter",
    "DeskEventRow",
    "DeskOutboxRow",
    "DeskPresence",
    "DeskRating",
    "DeskTyping",
    "EmergencyEvent",
    "EventVersion",
    "ExtensionRequest",
    "Fact",
    "FactSource",
    "FactVersion",
    "FigureCount",
    "FigureCursor",
    "FigureDay",
    "FoldedDay",
    "Handoff",
    "HoursException",
    "InvoiceRow",
    "KnowledgeVersion",
    "MessengerDesk",
    "MessengerEvent",
    "MessengerReply",
    "MessengerThread",
    "OpenedAccount",
    "PaymentRow",
    "PhoneCall",
    "PhoneTurn",
    "PlaceVersion",
    "PrivacyAudit",
    "PublishedPlace",
    "ProvenAddress",
    "RecordedCall",
    "RecordedFile",
    "RecordedTurn",
    "Reminder",
    "ReviewDecision",
    "SharedConversation",
    "SignedInToken",
    "StaffAccount",
    "StaffAttempts",
    "StaffAudit",
    "StaffLink",
    "StaffRecoveryCode",
    "StaffSession",
    "SurgeNotice",
    "TopicQuestions",
    "VerificationCode",
    "VerificationLock",
    "WebTurn",
]
