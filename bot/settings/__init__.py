"""How the assistant is configured: all settings are environment variables, and only this package reads them.

A setting is a `Setting` of `servers`, `channels` or `accounts`; `table` lists them all. Callers read its `value()`.
"""

from bot.settings.process import Settings, in_production, settings
from bot.settings.project import LANGUAGES, PROJECT
from bot.settings.setting import FILE, Setting, SettingsError

__all__ = ["FILE", "LANGUAGES", "PROJECT", "Setting", "Settings", "SettingsError", "in_production", "settings"]
