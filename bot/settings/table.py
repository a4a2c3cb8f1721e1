"""All our settings by name, and the check that refuses unknown variables with our prefix."""

import os
from difflib import get_close_matches
from types import ModuleType
from typing import Any

from bot.settings import accounts, channels, chatwoot, desk, servers, staff_console
from bot.settings.setting import FILE, Setting, SettingsError

PREFIX = "BOT_"  # of our settings' names; a few settings have the names that other programs use


def settings_of(module: ModuleType) -> tuple[Setting[Any], ...]:
    """The settings that a module defines, in its order."""
    return tuple(each for each in vars(module).values() if isinstance(each, Setting))


SECTIONS: dict[str, tuple[Setting[Any], ...]] = {
    "Servers": settings_of(servers),
    "The chat, Messenger, the phone": settings_of(channels),
    "The desk": settings_of(desk),
    "Chatwoot": settings_of(chatwoot),
    "Customers' accounts": settings_of(accounts),
    "The console for the company's people": settings_of(staff_console),
}
SETTINGS: dict[str, Setting[Any]] = {each.name: each for section in SECTIONS.values() for each in section}


def check_names() -> None:
    """Refuse unknown variables with our prefix: after a typo such as BOT_LIMIT_CODE the default would silently apply.

    An error and not a warning: nobody reads the warnings of a server that starts, and what a typo leaves open (a limit,
    an origin, a proxy) is noticed too late. Rasa's variables are treated alike (`bot.rasa.rasa_settings`).

    Raises:
        SettingsError: lists every unknown variable, each with the setting that was probably meant.
    """
    found = [name for name in sorted(os.environ) if name.startswith(PREFIX) and not is_known(name)]
    if found:
        raise SettingsError(f"{' '.join(map(_told, found))} Correct or unset it (docs/settings.md).")


def is_known(name: str) -> bool:
    """Whether a variable is a setting of ours, or the `_FILE` variable of a secret one."""
    setting = SETTINGS.get(name.removesuffix(FILE))
    return setting is not None and (name == setting.name or setting.is_secret)


def _told(name: str) -> str:
    if name.removesuffix(FILE) in SETTINGS:
        return f"{name} is not read: only secrets can be read from a file; set {name.removesuffix(FILE)} itself."
    meant = get_close_matches(name, SETTINGS, n=1)
    return f"{name} is no setting{f'; {meant[0]} is one' if meant else ''}."
