"""Silences logs and warnings before Rasa is imported, which most tests of this folder do."""

from bot.observing.logs import quiet

quiet()
