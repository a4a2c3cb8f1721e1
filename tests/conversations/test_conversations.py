"""Whole conversations in both languages, as `bot chat` holds them: model, rules, actions, database."""

import pytest
from held_conversations import CODE, CONVERSATIONS, complaints  # tests/held_conversations.py
from outboxes import Outbox  # tests/outboxes.py

from bot.rasa.local_assistant import LocalAssistant

pytestmark = pytest.mark.model
ALL = [(name, language) for language, named in CONVERSATIONS.items() for name in named]


@pytest.mark.parametrize(("name", "language"), ALL, ids=[f"{language}: {name}" for name, language in ALL])
async def test_conversation_goes_as_it_should(
    assistant: LocalAssistant, outbox: Outbox, name: str, language: str
) -> None:
    for turn in CONVERSATIONS[language][name]:
        said = await assistant.say(outbox.code() if turn["say"] == CODE else turn["say"])
        assert not list(complaints(turn, said["replies"])), said


def test_both_languages_hold_the_same_conversations() -> None:
    first, second = ({name: len(turns) for name, turns in named.items()} for named in CONVERSATIONS.values())
    assert first == second
