"""Every kind of event, and every reason that a colleague may see, has a text in both languages."""

import pytest

from bot.console.console_texts import console_texts
from bot.desk.kinds import DeskEventKind
from bot.desk.undelivered import NotSentBecause
from bot.settings import LANGUAGES

SAID = {DeskEventKind.CUSTOMER_SAID, DeskEventKind.AGENT_SAID}  # shown with who said it
KEYS = [f"events.{kind}" for kind in DeskEventKind if kind not in SAID] + [f"not_sent.{why}" for why in NotSentBecause]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", KEYS)
def test_what_colleagues_see_of_an_event_has_a_text(key: str, language: str) -> None:
    assert console_texts()[language].texts[key]
