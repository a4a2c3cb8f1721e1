"""Messenger: a durable inbox, processed in order, and replies through the Graph API (docs/messenger.md)."""
