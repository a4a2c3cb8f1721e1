"""The catalogue of customers' texts: `data/responses/lv.yml` and `en.yml`, loaded, compared, and look-up by channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.domain_names import Intent
from bot.replies.catalogue_file import CatalogueError, placeholders, read_catalogue
from bot.settings import LANGUAGES, PROJECT

RESPONSES = PROJECT / "data" / "responses"
IN_FORCE = "in_force"  # key in the metadata of Rasa's responses: for days on which an event is in force
# Titles that are named by their meaning in a context, and the intents that they send.
MEANT = {
    "none_of_these": Intent.DENY,
    "neighbours_too": Intent.AFFIRM,
    "only_me": Intent.DENY,
    "to_assistant": Intent.GREET,
    "all_contracts": Intent.CHECK_ACCOUNT_STATUS,
}


@dataclass(frozen=True)
class Variant:
    """One wording of a reply; `channel` None is for every channel without a variant of its own.

    Attributes:
        in_force: whether it is for days on which an event is in force; `{events:genitive}` then names all that are.
    """

    text: str
    channel: str | None
    next: tuple[str, ...]
    in_force: bool = False


@dataclass(frozen=True)
class Button:
    """A choice offered to the customer; `payload` is the message that it sends to Rasa."""

    title: str
    payload: str


def choose(variants: tuple[Variant, ...], channel: str | None, *, in_force: bool = False) -> Variant:
    """The variant for a channel, or else the one for all channels.

    Args:
        in_force: whether an event is in force; without variants of its own for that, a reply is the same.
    """
    variants = tuple(one for one in variants if one.in_force is in_force) or variants
    own = [variant for variant in variants if variant.channel == channel]
    return (own or [variant for variant in variants if variant.channel is None])[0]


@dataclass(frozen=True)
class Catalogue:
    """All texts of one language."""

    language: str
    responses: Mapping[str, tuple[Variant, ...]]
    titles: Mapping[str, str]
    plurals: Mapping[str, Mapping[str, str]]
    months: Mapping[str, list[str]]

    def variant(self, key: str, channel: str | None = None, *, in_force: bool = False) -> Variant:
        """The wording of a reply for a channel; `in_force` as for `choose`.

        Raises:
            CatalogueError: there is no such key.
        """
        if key not in self.responses:
            raise CatalogueError(f"{self.language}.yml has no response '{key}'.")
        return choose(self.responses[key], channel, in_force=in_force)

    def names_events(self, key: str) -> bool:
        """Whether a reply has other wordings on days on which an event is in force."""
        return any(variant.in_force for variant in self.responses.get(key, ()))

    def button(self, title: str) -> Button:
        """The button with the title of a key (an intent, or one of MEANT), in this language."""
        return Button(title=self.titles[title], payload=f"/{MEANT.get(title, title)}")


def _read(path: Path) -> Catalogue:
    found = read_catalogue(path)
    responses = {
        key: tuple(Variant(entry.text, entry.channel, tuple(entry.next), entry.in_force) for entry in entries)
        for key, entries in found.replies.items()
    }
    return Catalogue(path.stem, responses, found.titles, found.plurals, found.months)


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
        counterpart = {(variant.channel, variant.in_force): variant for variant in other.responses[key]}
        for variant in variants:
            twin = counterpart.get((variant.channel, variant.in_force))
            if len(variants) != len(counterpart) or twin is None:
                raise CatalogueError(f"'{key}': the languages have variants for different channels.")
            if placeholders(variant.text) != placeholders(twin.text) or variant.next != twin.next:
                raise CatalogueError(f"'{key}': the languages differ in placeholders or in 'next'.")
