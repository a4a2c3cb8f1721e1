"""A stand-in for a Chatwoot server with API channel inboxes, 4.13 or later; README.md says what it restates.

A test starts a ``ChatwootServer``, gives the program its address and tokens, and steers agents and faults.
"""

from harness.chatwoot.chatwoot_server import ChatwootServer
from harness.chatwoot.courier import Delivery, Sending
from harness.chatwoot.desk_records import AgentBot, ApiInbox, Role, User
from harness.chatwoot.misbehaviour import (
    BrokenConnection,
    DelayedWebhook,
    DroppedWebhook,
    DuplicatedWebhook,
    ForgedSignature,
    HangingRequest,
    RefusedRequest,
    ReorderedWebhooks,
    StaleTimestamp,
    UnsignedWebhook,
)
from harness.chatwoot.releases import NEWEST, OLDEST, Release
from harness.chatwoot.request_log import ApiRequest
from harness.chatwoot.webhook_signatures import signature_of

__all__ = [
    "NEWEST",
    "OLDEST",
    "AgentBot",
    "ApiInbox",
    "ApiRequest",
    "BrokenConnection",
    "ChatwootServer",
    "DelayedWebhook",
    "Delivery",
    "DroppedWebhook",
    "DuplicatedWebhook",
    "ForgedSignature",
    "HangingRequest",
    "RefusedRequest",
    "Release",
    "ReorderedWebhooks",
    "Role",
    "Sending",
    "StaleTimestamp",
    "UnsignedWebhook",
    "User",
    "signature_of",
]
