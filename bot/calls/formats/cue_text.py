"""Parses a cue's text: the words of each voice, without tags."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

# Of WebVTT (<v Ilze>, <c.loud>, <00:00:01.000>, </>) and of SubRip (<i>, <font …>, {\an8}). A "<" that begins no tag is
# a character that somebody forgot to escape.
_TAG = re.compile(r"<(?P<tag>/?\s*[a-zA-Z][^<>]{0,500}|/|\d[\d:.]{0,30})>|\{\\[^{}\n]{0,100}\}")
_VOICE = re.compile(r"v(?:\.[^\s]*)?(?:\s+(?P<name>.*))?", re.DOTALL)
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Voice:
    """The lines of one voice of a cue; `name` is None where no tag names the speaker."""

    name: str | None
    lines: tuple[str, ...]


def voices(text: str, *, entities: bool) -> Iterator[Voice]:
    """The voices of a cue, in order. A line may have several, and one voice several lines.

    Args:
        entities: whether character references such as `&amp;` are decoded, as in WebVTT.
    """
    name, said, place = None, "", 0
    for found in _TAG.finditer(text):
        said += text[place : found.start()]
        place = found.end()
        tag = found["tag"] or ""
        voice = _VOICE.fullmatch(tag)
        if voice or tag.split(".")[0] in {"/v", "/"}:
            yield from _said(name, said, entities=entities)
            said = ""
            name = _plain(voice["name"] or "", entities=entities) if voice else None
    yield from _said(name, said + text[place:], entities=entities)


def _said(name: str | None, said: str, *, entities: bool) -> Iterator[Voice]:
    if said.strip():
        lines = tuple(html.unescape(line) if entities else line for line in said.split("\n"))
        yield Voice(name or None, lines)


def _plain(name: str, *, entities: bool) -> str:
    return _SPACES.sub(" ", html.unescape(name) if entities else name).strip()
