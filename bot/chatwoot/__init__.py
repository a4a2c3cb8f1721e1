"""Chatwoot in place of the own desk: requests become conversations of an API inbox, and its agents answer."""
