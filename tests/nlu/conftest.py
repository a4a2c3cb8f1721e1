"""Quiet logs and warnings: Rasa must not be imported before, and most tests of this folder import it."""

from bot.server.logs import quiet

quiet()
