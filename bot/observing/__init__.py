"""Observability: logs, metrics, where errors were raised, the current turn."""
