"""What an agent of Chatwoot wrote to the customer, as plain text."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.channels.json_values import Object, object_of

OUTGOING = 1  # `message_type` as the application API writes it; 0 incoming, 2 activity, 3 template
FAILED = "failed"
LONGEST_NAME = 80
# Chatwoot's editor writes Markdown (CommonMark): a backslash before punctuation that would mean something there.
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
HARD_BREAK = re.compile(r"\\\r?\n")
LINK = re.compile(r"(?<!\\)!?\[([^\[\]\n]*)\]\(<?([^()\s<>]+)>?(?:\s+\"[^\"\n]*\")?\)")
AUTOLINK = re.compile(r"<((?:https?://|mailto:|tel:)[^\s<>]+)>")
EMPHASIS = re.compile(r"(?<![\\*\w])(\*\*|\*)(?=[^\s*])(.+?)(?<=[^\s\\*])\1(?![*\w])")


@dataclass(frozen=True)
class AgentWords:
    """A message of an agent for the customer.

    Attributes:
        id: of the message in Chatwoot.
        agent_id: for the desk; negative, as of all agents of other desks.
        name: the first name, which customers are shown.
        text: plain; empty where there is none.
        has_files: files cannot be sent to customers.
        is_failed: Chatwoot shows the agent that it was not sent.
        problem: why, as it was told.
        at: when it was written.
    """

    id: int
    agent_id: int
    name: str
    text: str
    has_files: bool
    is_failed: bool
    problem: str | None
    at: datetime

    @property
    def client_id(self) -> str:
        """The idempotency key at the desk."""
        return f"chatwoot-{self.id}"


def agent_words(message: Object) -> AgentWords | None:
    """A message of the application API, if an agent wrote it for the customer.

    None: notes, what bots, automations and greetings say, what happened, what was deleted, and our own messages.
    """
    sender, attributes = object_of(message.get("sender")), object_of(message.get("content_attributes"))
    is_for_customer = message.get("message_type") == OUTGOING and message.get("private") is False
    if not is_for_customer or sender.get("type") != "user" or attributes.get("deleted"):
        return None
    message_id, sender_id, content, at = (
        message.get("id"),
        sender.get("id"),
        message.get("content"),
        message.get("created_at"),
    )
    if not isinstance(message_id, int) or not isinstance(sender_id, int):
        return None
    problem = attributes.get("external_error")
    return AgentWords(
        message_id,
        -sender_id,
        first_name(sender),
        plain_text(content) if isinstance(content, str) else "",
        bool(message.get("attachments")),
        message.get("status") == FAILED,
        problem if isinstance(problem, str) else None,
        datetime.fromtimestamp(at if isinstance(at, int) else 0, UTC),
    )


def first_name(person: Object) -> str:
    """The first name that customers are shown, from the name that the agent chose to be shown, or else the name."""
    for name in (person.get("available_name"), person.get("name")):
        if isinstance(name, str) and name.strip():
            return _storable(name.split()[0])[:LONGEST_NAME]
    return "–"


def plain_text(markdown: str) -> str:
    """What the Markdown of Chatwoot's editor says: its escapes, links and emphasis as plain text."""
    text = HARD_BREAK.sub("\n", markdown)
    text = LINK.sub(_link, text)
    text = AUTOLINK.sub(r"\1", text)
    text = EMPHASIS.sub(r"\2", text)
    return _storable(ESCAPED.sub(r"\1", text)).strip()


def _storable(text: str) -> str:
    """Without NUL and lone surrogates, which JSON may hold and databases do not take."""
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _link(found: re.Match[str]) -> str:
    label, address = found.groups()
    return address if label in {"", address} else f"{label} ({address})"
