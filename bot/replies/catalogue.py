"""The texts that customers read: `data/responses/lv.yml` and `en.yml`, read, compared and chosen from."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from bot.knowledge.records import KnowledgeError, read_yaml
from bot.settings import LANGUAGES, PROJECT

RESPONSES = PROJECT / "data" / "responses"
PHONE = "phone"
SECTIONS = {"replies", "titles", "plurals", "months"}
TITLE_LIMIT = 20  # characters; Messenger cuts longer ones


class CatalogueError(ValueError):
    """The response files cannot be used; the message says which key and why."""


@dataclass(frozen=True)
class Variant:
    """One wording of a reply; `channel` None serves every channel that has none of its own."""

    text: str
    channel: str | None
    next: tuple[str, ...]


@dataclass(frozen=True)
class Button:
    """A choice offered to the customer; `payload` is what the choice means to Rasa."""

    title: str
    payload: str


def choose(variants: tuple[Variant, ...], channel: str | None) -> Variant:
    """The variant for a channel, or else the one for all channels."""
    own = [variant for variant in variants if variant.channel == channel]
    return (own or [variant for variant in variants if variant.channel is None])[0]


@dataclass(frozen=True)
class Catalogue:
    """All texts of one language."""

    language: str
    responses: dict[str, tuple[Variant, ...]]
    titles: dict[str, str]
    plurals: dict[str, dict[str, str]]
    months: dict[str, list[str]]

    def variant(self, key: str, channel: str | None = None) -> Variant:
        """The wording of a reply for a channel.

        Raises:
            CatalogueError: there is no such key.
        """
        if key not in self.responses:
            raise CatalogueError(f"{self.language}.yml has no response '{key}'.")
        return choose(self.responses[key], channel)

    def button(self, intent: str, title_key: str | None = None) -> Button:
        """The button that leads to an intent, titled in this language."""
        return Button(title=self.titles[title_key or intent], payload=f"/{intent}")


def placeholders(text: str) -> set[str]:
    """The names of the placeholders in a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _read(path: Path) -> Catalogue:
    try:
        content: dict[str, Any] = read_yaml(path)
    except KnowledgeError as error:
        raise CatalogueError(str(error)) from error
    if not isinstance(content, dict) or set(content) != SECTIONS:
        raise CatalogueError(f"{path}: exactly the sections {', '.join(sorted(SECTIONS))} are expected.")
    responses = {
        key: tuple(_variant(path, key, entry) for entry in entries) for key, entries in content["replies"].items()
    }
    for key, variants in responses.items():
        channels = [variant.channel for variant in variants]
        if None not in channels or len(set(channels)) != len(channels):
            raise CatalogueError(f"{path}: '{key}' needs one variant for all channels and at most one for each.")
    for title_key, title in content["titles"].items():
        if not isinstance(title, str) or not 0 < len(title) <= TITLE_LIMIT:
            raise CatalogueError(
                f"{path}: the title of '{title_key}' must have 1 to {TITLE_LIMIT} characters: {title!r}."
            )
    for key, variants in responses.items():
        for intent in {intent for variant in variants for intent in variant.next}:
            if intent not in content["titles"]:
                raise CatalogueError(f"{path}: '{key}' offers '{intent}', which has no title.")
    return Catalogue(path.stem, responses, content["titles"], content["plurals"], content["months"])


def _variant(path: Path, key: str, entry: dict[str, Any]) -> Variant:
    unknown = set(entry) - {"text", "channel", "next"}
    if unknown or not str(entry.get("text", "")).strip():
        raise CatalogueError(f"{path}: '{key}': a text is needed, and only text, channel and next are known.")
    return Variant(entry["text"].strip(), entry.get("channel"), tuple(entry.get("next", ())))


@lru_cache(maxsize=4)
def catalogues(folder: Path = RESPONSES) -> dict[str, Catalogue]:
    """The catalogue of every language.

    Raises:
        CatalogueError: a file is unreadable, or the languages differ in keys, placeholders, channels or choices.
    """
    found = {language: _read(folder / f"{language}.yml") for language in LANGUAGES}
    first, *others = found.values()
    for other in others:
        _compare(first, other)
    return found


def _compare(one: Catalogue, other: Catalogue) -> None:
    for section in ("responses", "titles", "plurals"):
        differing = set(getattr(one, section)) ^ set(getattr(other, section))
        if differing:
            raise CatalogueError(
                f"{section}: only in one of {one.language} and {other.language}: {', '.join(sorted(differing))}."
            )
    for key, variants in one.responses.items():
        counterpart = {variant.channel: variant for variant in other.responses[key]}
        for variant in variants:
            twin = counterpart.get(variant.channel)
            if len(variants) != len(counterpart) or twin is None:
                raise CatalogueError(f"'{key}': the languages have variants for different channels.")
            if placeholders(variant.text) != placeholders(twin.text) or variant.next != twin.next:
                raise CatalogueError(f"'{key}': the languages differ in placeholders or in 'next'.")
