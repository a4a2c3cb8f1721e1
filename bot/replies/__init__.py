"""Choosing and formatting what is said: language, channel, dates, numbers."""
