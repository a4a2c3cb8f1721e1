"""Speakers written before what they say: `Aģents: Labdien`, `[SPEAKER_01]: Hello`, `Ilze Paraudziņa: …`."""

import re
from collections.abc import Iterator

from bot.calls.role_names import role_of_name

_PREFIX = re.compile(r"\s*(?:\[(?P<label>[^\[\]:\n]{1,40})\]|(?P<name>[^\W_][^\[\]:\n]{0,39}))\s*:(?:\s+|$)")
_MOST_WORDS = 4
_NAME_WORD = re.compile(r"[^\W_]")


def split_prefix(line: str) -> tuple[str, str] | None:
    """(speaker, text) of a line that names its speaker; None of one that does not.

    A colon follows many words ("Līguma numurs: …"). A name in front of one is a role, in brackets, or has capitals or
    digits at the beginning of all its words.
    """
    if not (found := _PREFIX.match(line)):
        return None
    name = (found["label"] or found["name"]).strip()
    if not name or not (found["label"] or role_of_name(name) or _looks_like_a_name(name)):
        return None
    return name, line[found.end() :]


def speaker_parts(lines: list[str]) -> Iterator[tuple[str | None, str]]:
    """(speaker, text) of each speaker's lines within one cue; the first may have no speaker."""
    speaker, texts = None, list[str]()
    for line in lines:
        if named := split_prefix(line):
            if texts:
                yield speaker, " ".join(texts)
            speaker, texts = named[0], [named[1]]
        else:
            texts.append(line)
    if texts:
        yield speaker, " ".join(texts)


def _looks_like_a_name(name: str) -> bool:
    words = name.split()
    return len(words) <= _MOST_WORDS and all(
        _NAME_WORD.match(word) and (word[0].isupper() or word[0].isdecimal()) for word in words
    )
