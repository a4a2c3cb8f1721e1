"""Choosing and formatting replies: language, channel, dates, numbers."""
