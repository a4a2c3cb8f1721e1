"""All that is or was said, for others: one open file, and a page for people (docs/knowledge.md)."""
