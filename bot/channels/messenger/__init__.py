"""Messenger: a durable inbox, worked in order, and replies through the Graph API (docs/messenger.md)."""
