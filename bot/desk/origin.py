"""Where a request comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The origin of a request; the language is the customer's."""

    conversation_id: str
    channel: str
    language: str
