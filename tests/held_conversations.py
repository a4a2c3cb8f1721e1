"""The conversations of tests/conversations: messages, and expected replies."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from bot.settings import LANGUAGES

FOLDER = Path(__file__).parent / "conversations"
CODE = "<code>"  # placeholder for the code that was sent
Conversations = dict[str, list[dict[str, Any]]]


def read(name: str) -> Conversations:
    """The conversations of a file, by their names."""
    return dict(yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8")))


# What lv.yml and accounts.lv.yml, en.yml and accounts.en.yml hold.
CONVERSATIONS = {language: read(language) | read(f"accounts.{language}") for language in LANGUAGES}


def complaints(turn: dict[str, Any], replies: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with the replies to one turn."""
    text = "\n".join(reply["text"] for reply in replies)
    yield from (f"not heard: {part}" for part in turn["hears"] if not re.search(part, text))
    yield from (f"heard: {part}" for part in turn.get("never", []) if re.search(part, text))
    offered = [button["title"] for button in replies[-1]["buttons"]]
    if "buttons" in turn:
        wanted = turn["buttons"]
        alike = len(wanted) == len(offered) and all(
            want in (title, ".*") for want, title in zip(wanted, offered, strict=True)
        )
        if not alike:
            yield f"offered: {offered}"
