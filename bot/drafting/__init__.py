"""Drafting an announcement from the text of a release (docs/knowledge.md)."""
