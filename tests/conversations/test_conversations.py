"""Whole conversations in both languages, as `bot chat` holds them: model, rules, actions, database."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from outboxes import Outbox  # tests/outboxes.py

from bot.channels.local import LocalAssistant
from bot.settings import LANGUAGES

pytestmark = pytest.mark.model
FOLDER = Path(__file__).parent
Conversations = dict[str, list[dict[str, Any]]]


def conversations(language: str) -> Conversations:
    """What lv.yml and accounts.lv.yml, or en.yml and accounts.en.yml, hold."""
    named: Conversations = {}
    for name in (f"{language}.yml", f"accounts.{language}.yml"):
        named |= yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return named


CONVERSATIONS = {language: conversations(language) for language in LANGUAGES}
CODE = "<code>"  # stands for the code that was sent
ALL = [(name, language) for language, named in CONVERSATIONS.items() for name in named]


@pytest.mark.parametrize(("name", "language"), ALL, ids=[f"{language}: {name}" for name, language in ALL])
async def test_conversation_goes_as_it_should(
    assistant: LocalAssistant, outbox: Outbox, name: str, language: str
) -> None:
    for turn in CONVERSATIONS[language][name]:
        said = await assistant.say(outbox.code() if turn["say"] == CODE else turn["say"])
        assert not list(complaints(turn, said["replies"])), said


def complaints(turn: dict[str, Any], replies: list[dict[str, Any]]) -> Any:
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


def test_both_languages_hold_the_same_conversations() -> None:
    first, second = ({name: len(turns) for name, turns in named.items()} for named in CONVERSATIONS.values())
    assert first == second
