"""The schema of `data/responses/{lv,en}.yml`, validated on reading."""

from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale
from pydantic import BaseModel, ConstrainedStr, Extra, ValidationError, conlist, validator

from bot.data_files import DataFileError, read_yaml
from bot.known_channels import Medium

TITLE_LIMIT = 20  # characters; Messenger truncates longer ones
SECTIONS = ("months", "plurals", "replies", "titles")


class CatalogueError(ValueError):
    """The response files cannot be used; the message says which key and why."""


def placeholders(text: str) -> set[str]:
    """The names of the placeholders in a text.

    Raises:
        ValueError: a brace is unbalanced.
    """
    return {name for _, name, _, _ in Formatter().parse(text) if name}


class _Text(ConstrainedStr):
    strip_whitespace = True
    min_length = 1
    strict = True  # YAML's yes and no are booleans, not texts


class _Title(_Text):
    max_length = TITLE_LIMIT


class _Strict(BaseModel):
    class Config:
        extra = Extra.forbid


class VariantEntry(_Strict):
    """One wording of a reply; `in_force`: for days on which an event is in force, which `{events}` names."""

    text: _Text
    in_force: bool = False
    channel: Medium | None = None
    next: list[_Text] = []

    @validator("text")
    def _braces(cls, text: str) -> str:  # noqa: N805 (pydantic passes the class)
        placeholders(text)
        return text


class CatalogueFile(_Strict):
    """All texts of one language."""

    replies: dict[str, conlist(VariantEntry, min_items=1)]  # type: ignore[valid-type]
    titles: dict[str, _Title]
    plurals: dict[str, dict[str, _Text]]
    months: dict[str, conlist(_Text, min_items=12, max_items=12)]  # type: ignore[valid-type]


def read_catalogue(path: Path) -> CatalogueFile:
    """Read and validate the texts of one language; its code is the file's name.

    Raises:
        CatalogueError: with file, key and reason.
    """
    try:
        content: Any = read_yaml(path)
    except DataFileError as error:
        raise CatalogueError(str(error)) from error
    if not isinstance(content, dict) or set(content) != set(SECTIONS):
        raise CatalogueError(f"{path}: exactly the sections {', '.join(SECTIONS)} are expected.")
    try:
        found = CatalogueFile(**content)
    except ValidationError as error:
        raise CatalogueError(f"{path}: {_explain(error)}.") from error
    _check_channels(found, path)
    _check_plurals(found, path)
    for key, variants in found.replies.items():
        for intent in {intent for variant in variants for intent in variant.next} - set(found.titles):
            raise CatalogueError(f"{path}: '{key}' offers '{intent}', which has no title.")
    return found


def _explain(error: ValidationError) -> str:
    reasons = []
    for item in error.errors():
        section, key, *inner = [str(part) for part in item["loc"] if part != "__root__"] + [""]
        place = ".".join(part for part in inner if part)
        reason = "unknown key" if item["type"] == "value_error.extra" else item["msg"]
        reasons.append(f"{section}: '{key}'" + (f", {place}" if place else "") + f": {reason}")
    return "; ".join(dict.fromkeys(reasons))


def _check_channels(found: CatalogueFile, path: Path) -> None:
    for key, variants in found.replies.items():
        channels = [variant.channel for variant in variants if not variant.in_force]
        if None not in channels or len(set(channels)) != len(channels):
            raise CatalogueError(f"{path}: '{key}' needs one variant for all channels and at most one for each.")
        for_events = [variant.channel for variant in variants if variant.in_force]
        if for_events and (set(for_events) != set(channels) or len(for_events) != len(channels)):
            raise CatalogueError(f"{path}: '{key}' needs its variants 'in_force' for the same channels as the others.")


def _check_plurals(found: CatalogueFile, path: Path) -> None:
    classes = {*Locale(path.stem).plural_form.tags, "other"}
    for noun, forms in found.plurals.items():
        if set(forms) != classes:
            raise CatalogueError(f"{path}: plurals: '{noun}' needs the forms {', '.join(sorted(classes))}.")
