"""A setting: its environment variable, the parser of its value, and its default."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

Value = TypeVar("Value")
FILE = "_FILE"  # suffix of the variable that names a file with the secret


class SettingsError(ValueError):
    """A setting in the environment cannot be used; the message says which and why."""


class Unusable(ValueError):
    """A variable's text is not a valid value of its setting.

    Attributes:
        reason: continues a sentence after the name and the value, and says what to write, without a full stop: "is not
            a port number; use 1 to 65535".
        item: the invalid one where the variable lists several; None for the whole.
    """

    def __init__(self, reason: str, item: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.item = reason, item


@dataclass(frozen=True)
class Setting(Generic[Value]):
    """One variable. It is read at each use, since it can change while a process runs (`bot serve --port`).

    Attributes:
        name: of the variable.
        parse: parses the text into the value; raises `Unusable`.
        default: the value where the variable is not set.
        help: what it is for, as Markdown for docs/settings.md.
        without: what docs/settings.md says about the default; "" where the page shows the default itself.
        is_secret: no message shows it, and it can be read from a file that the variable `name`_FILE names.
        is_needed: production does not start without it, or what its help names instead (`bot.server.production`).
        needs_https: a URL that production refuses where it starts with http://.
        empty_counts: whether an empty variable is parsed like any other; otherwise it counts as not set.
    """

    name: str
    parse: Callable[[str], Value]
    default: Value
    help: str
    without: str = ""
    is_secret: bool = False
    is_needed: bool = False
    needs_https: bool = False
    empty_counts: bool = False

    def value(self) -> Value:
        """The current value.

        Raises:
            SettingsError: the text in the variable, or in a secret's file, cannot be used.
        """
        text = self.text()
        if not text and not (self.empty_counts and self.name in os.environ):
            return self.default
        try:
            return self.parse(text)
        except Unusable as error:
            raise SettingsError(self._told(text, error)) from error

    def text(self) -> str:
        """The text in the variable, or in a secret's file (stripped); "" for nothing.

        Raises:
            SettingsError: variable and file are both set, or the file cannot be read or is empty.
        """
        given, place = os.environ.get(self.name, ""), os.environ.get(self.file_name, "") if self.is_secret else ""
        if not place:
            return given
        if given:
            raise SettingsError(f"{self.name} and {self.file_name} are both set; set one of them.")
        try:
            held = Path(place).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            raise SettingsError(f"{self.file_name}: the file {place} cannot be read: {reason}.") from error
        if not held:
            raise SettingsError(f"{self.file_name}: the file {place} is empty.")
        return held

    def put(self, text: str) -> None:
        """Set the variable, for this process and its child processes."""
        os.environ[self.name] = text

    @property
    def file_name(self) -> str:
        """The name of the variable that names the secret's file."""
        return f"{self.name}{FILE}"

    @property
    def stands_in_file(self) -> bool:
        """Whether this secret is read from a file."""
        return self.is_secret and bool(os.environ.get(self.file_name))

    def _told(self, text: str, error: Unusable) -> str:
        if self.is_secret:
            return f"{self.name} {error.reason}."
        if error.item is not None:
            return f"{self.name}: {error.item!r} {error.reason}."
        return f"{self.name}={text!r} {error.reason}."


def variable(name: str) -> str | None:
    """The text of a variable that is no setting of ours, such as one of Sanic's; None where it is not set."""
    return os.environ.get(name)
