"""What each channel may show of an account."""

import re

import pytest
from outboxes import Outbox  # tests/outboxes.py

from bot.known_channels import PHONE, channel_named
from bot.rasa.local_assistant import LocalAssistant

pytestmark = pytest.mark.model
ASKS = "Cik es esmu parādā? Līguma numurs ir 90010000033"


async def said(assistant: LocalAssistant, text: str) -> str:
    return "\n".join(reply["text"] for reply in (await assistant.say(text))["replies"])


@pytest.fixture(params=["messenger", "facebook"])
def messenger(
    request: pytest.FixtureRequest, assistant: LocalAssistant, monkeypatch: pytest.MonkeyPatch
) -> LocalAssistant:
    monkeypatch.setattr(assistant, "channel", channel_named(request.param))
    return assistant


async def test_messenger_sends_to_the_website_instead(
    messenger: LocalAssistant, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_WEBSITE", "https://website.example/chat")
    answer = await said(messenger, ASKS)
    assert "https://website.example/chat" in answer
    assert outbox.messages() == []


async def test_messenger_goes_on_with_what_comes_next(messenger: LocalAssistant) -> None:
    await said(messenger, ASKS)
    assert "centrs Rīgā ir slēgts" in await said(messenger, "Vai Rīgas centrs ir slēgts?")


async def test_messenger_shows_accounts_where_it_is_switched_on(
    messenger: LocalAssistant, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_MESSENGER_REVEAL_ACCOUNT_DATA", "yes")
    await said(messenger, ASKS)
    assert "52,10" in await said(messenger, outbox.code())


async def test_the_phone_proves_by_code_in_words(
    assistant: LocalAssistant, outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "channel", PHONE)
    asked = await said(assistant, "cik es esmu parādā")
    read_back = await said(assistant, "deviņi nulle nulle viens nulle nulle nulle nulle nulle trīs trīs")
    sent = await said(assistant, "jā, pareizi")
    digits = ["nulle", "viens", "divi", "trīs", "četri", "pieci", "seši", "septiņi", "astoņi", "deviņi"]
    answer = await said(assistant, " ".join(digits[int(digit)] for digit in outbox.code()))
    assert "Nosauciet" in asked
    assert "90010000033" in read_back
    assert "Nosauciet" in sent
    assert not re.search("[•@]", sent)
    assert "52,10" in answer
