"""Rasa plug-ins, and monkeypatches of Rasa."""
