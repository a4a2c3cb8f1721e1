"""The chat on the website: its channel (channel.py) and what it serves. docs/web.md describes it for clients."""
