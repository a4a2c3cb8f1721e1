"""The payload of buttons that offer one of several contracts: making it, recognising it for reading or redaction."""

import json

from bot.domain_names import EntityName, Intent

_BEGINS = f'/{Intent.INFORM}{{"{EntityName.CHOICE}":'


def payload_of(choice: str) -> str:
    """The payload of a button for a contract's reference, or for all of them."""
    return f"/{Intent.INFORM}{json.dumps({EntityName.CHOICE: choice})}"


def is_choice(payload: str) -> bool:
    """Whether a payload is from such a button."""
    return payload.startswith(_BEGINS)
