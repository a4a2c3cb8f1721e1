"""A conversation on each day of the story of 2020, in both languages, after what was announced until that day."""

from datetime import date
from typing import Any

import pytest
import yaml
from held_conversations import FOLDER, complaints  # tests/held_conversations.py
from story_of_2020 import live_through  # tests/story_of_2020.py

from bot.rasa.local_assistant import LocalAssistant
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope

Days = dict[date, dict[str, list[dict[str, Any]]]]
DAYS: Days = yaml.safe_load((FOLDER / "days_of_2020.yml").read_text(encoding="utf-8"))
FEWEST = 8  # turns of a conversation


@pytest.mark.model
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS, ids=str)
async def test_a_customer_hears_what_is_known_on_the_day(
    assistant: LocalAssistant, day: date, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_scope() as session:
        live_through(session, day, monkeypatch)
    monkeypatch.setenv("BOT_AS_OF", day.isoformat())
    wrong = {}
    for turn in DAYS[day][language]:
        replies = (await assistant.say(turn["say"]))["replies"]
        found = [] if "wrong" in turn else list(complaints(turn, replies))
        if found:
            wrong[turn["say"]] = (found, [reply["text"] for reply in replies])
    assert wrong == {}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_each_day_has_a_whole_conversation_in_both_languages(day: date) -> None:
    turns = [len(DAYS[day][language]) for language in LANGUAGES]
    assert turns[0] == turns[1] >= FEWEST
