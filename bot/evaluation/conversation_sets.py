"""Whole conversations with labels: `data/held_out/conversations` and files of the same form. Never trained on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.knowledge.conveyed import Act, Opening
from bot.training.sentences import FOLDER

CONVERSATIONS = FOLDER / "conversations"
DEVELOPMENT, UNTOUCHED = "development", "untouched"


@dataclass(frozen=True)
class LabelledTurn:
    """What a customer says, and what a right reply conveys (data/held_out/conversations/README.md).

    Attributes:
        must: groups of rows, of each of which at least one is conveyed; forbid: rows that are not.
    """

    said: str
    act: Act
    opening: Opening
    must: tuple[frozenset[str], ...] = ()
    forbid: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LabelledConversation:
    """A conversation on a day; `ended` says that an operator had ended the emergency."""

    name: str
    as_of: str
    turns: tuple[LabelledTurn, ...] = field(default=())
    ended: bool = False


def read_conversations(paths: Iterable[Path], labels: Path | None = None) -> list[LabelledConversation]:
    """The conversations of files with one JSON object a line.

    Args:
        labels: a file with the labels where they do not stand beside what was said; by name and turn.

    Raises:
        KeyError: a conversation has no labels.
        ValueError: an act or an opening is none.
    """
    by_name = {one["name"]: one for one in _lines(labels)} if labels else None
    return [_conversation(one, by_name[one["name"]] if by_name else one) for path in paths for one in _lines(path)]


def held_out_conversations(group: str) -> list[LabelledConversation]:
    """The conversations of a group, DEVELOPMENT or UNTOUCHED."""
    return read_conversations(sorted((CONVERSATIONS / group).glob("*.jsonl")))


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _conversation(said: dict[str, Any], labels: dict[str, Any]) -> LabelledConversation:
    turns = zip(said["turns"], labels["turns"], strict=True)
    return LabelledConversation(
        said["name"], said["as_of"], tuple(_turn(one["said"], label) for one, label in turns), bool(labels.get("ended"))
    )


def _turn(said: str, label: dict[str, Any]) -> LabelledTurn:
    must = tuple(frozenset(group) for group in label.get("must", []) if group)
    forbid, also = frozenset(label.get("forbid", ())), frozenset(label.get("also", ()))
    return LabelledTurn(said, Act(label["act"]), Opening(label["opening"]), must, forbid, also)
