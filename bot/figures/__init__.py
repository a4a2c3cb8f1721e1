"""Counts of what happens, without personal data: written with each turn, kept when conversations are erased."""
