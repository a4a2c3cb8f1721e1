"""The console's texts: `data/console/lv.yml` and `en.yml`, loaded and compared."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.data_files import DataFileError, read_yaml
from bot.settings import LANGUAGES, PROJECT

TEXTS = PROJECT / "data" / "console"


@dataclass(frozen=True)
class ConsoleTexts:
    """All texts of one language, by dotted keys."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its placeholders filled.

        Raises:
            KeyError: there is no such key, or a value is missing.
        """
        return self.texts[key].format(**values) if values else self.texts[key]

    def named(self, group: str, name: str) -> str:
        """The text of a name in a group; the name itself where there is none, as for a channel of another program."""
        return self.texts.get(f"{group}.{name}", name)


@lru_cache(maxsize=2)
def console_texts(folder: Path = TEXTS) -> dict[str, ConsoleTexts]:
    """The texts of every language.

    Raises:
        DataFileError: a file cannot be read, or the languages differ in keys or placeholders.
    """
    found = {language: ConsoleTexts(language, dict(_flat(folder / f"{language}.yml"))) for language in LANGUAGES}
    first, *others = found.values()
    for other in others:
        if differing := sorted(set(first.texts) ^ set(other.texts)):
            raise DataFileError(f"{folder}: only in one of {first.language} and {other.language}: {differing}.")
        for key, text in first.texts.items():
            if _placeholders(text) != _placeholders(other.texts[key]):
                raise DataFileError(f"{folder}: '{key}' has other placeholders in {other.language}.")
    return found


def _flat(path: Path, prefix: str = "", content: object = None) -> list[tuple[str, str]]:
    content = read_yaml(path) if content is None else content
    if isinstance(content, dict):
        return [pair for key, value in content.items() for pair in _flat(path, f"{prefix}{key}.", value)]
    if not isinstance(content, str):
        raise DataFileError(f"{path}: '{prefix[:-1]}' is no text.")
    return [(prefix[:-1], content)]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
