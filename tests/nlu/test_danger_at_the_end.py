"""A cry for help at the end of a long message is recognised, whatever was cut, skipped or not understood before it."""

from typing import TYPE_CHECKING

import pytest

from bot.domain_names import Intent
from bot.message_limits import MESSAGE_LIMIT

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

pytestmark = pytest.mark.model
BEFORE = {
    "Latvian": "Man ir jautājums par rēķinu, ko saņēmu pagājušajā nedēļā, un es to gribētu samaksāt vēlāk. ",
    "English": "I have a question about the bill that I received last week, and I would like to pay it later. ",
    "no full stop": "man ir jautājums par rēķinu ko saņēmu pagājušajā nedēļā ",
    "Russian": "Здравствуйте, у меня вопрос о счёте. ",
    "CJK": "您好我有一个关于账单的问题 ",
    "emoji": "😀🎉🔥",
    "commas": ",",
    "figures": "9001 ",
}
CRIES = [
    "Palīgā, deg māja!",
    "Pagalmā nokritis vads un dzirksteļo.",
    "Help! My house is on fire.",
    "There is a live wire lying on the ground.",
]


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize("cry", CRIES)
async def test_danger_at_the_end_is_heard(loaded: "LocalAssistant", before: str, cry: str) -> None:
    story = (before * MESSAGE_LIMIT)[: MESSAGE_LIMIT - len(cry) - 1]
    story = story[: story.rfind(before[-1]) + 1]
    assert (await loaded.parse(f"{story} {cry}")).intent == Intent.REPORT_DANGER


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
async def test_a_long_message_without_danger_is_none(loaded: "LocalAssistant", before: str) -> None:
    assert (await loaded.parse((before * MESSAGE_LIMIT)[:MESSAGE_LIMIT])).intent != Intent.REPORT_DANGER
