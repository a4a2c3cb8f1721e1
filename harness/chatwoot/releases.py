"""What differs between the releases of Chatwoot from 4.13 on, as far as a client of an API inbox sees it."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Release:
    """A release. The pull request that brought each difference is named in README.md."""

    name: str
    account_in_conversation_events: bool
    trailing_newlines_removed: bool
    updated_contact_shows_public_fields_only: bool
    bots_read_conversations: bool

    def content_for_webhooks(self, content: str | None) -> str | None:
        """The text as webhooks carry it: without the editor's backslash before a line break."""
        if content is None or not content.strip():
            return content
        plain = re.sub(r"\\\r?\n", "\n", content)
        return re.sub(r"(\r?\n)+\Z", "", plain) if self.trailing_newlines_removed else plain


OLDEST = Release(
    name="4.13",
    account_in_conversation_events=False,
    trailing_newlines_removed=False,
    updated_contact_shows_public_fields_only=False,
    bots_read_conversations=False,
)
NEWEST = Release(
    name="4.18",
    account_in_conversation_events=True,
    trailing_newlines_removed=True,
    updated_contact_shows_public_fields_only=True,
    bots_read_conversations=True,
)
