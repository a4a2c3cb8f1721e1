"""Where the project is, and which languages it answers in."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
LANGUAGES = ("lv", "en")
