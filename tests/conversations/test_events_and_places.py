"""Conversations with what is in force on a day: docs/examples/storm.yml, made public on 10 November 2020."""

from datetime import date

import pytest

from bot.announcements.announcement_document import read_announcement
from bot.announcements.publishing import approve, propose, publish
from bot.knowledge.emergency_events import end
from bot.rasa.local_assistant import LocalAssistant
from bot.settings import PROJECT
from bot.storage.engine import session_scope

pytestmark = pytest.mark.model
USUAL = {"lv": "Varu palīdzēt, ja jautājat par savu kontu", "en": "I can help with your account and bills"}
GREETED = {
    ("Labdien!", "2020-03-01"): USUAL["lv"],
    ("Labdien!", "2020-03-25"): "kas ārkārtējās situācijas laikā ir mainījies",
    ("Labdien!", "2020-06-10"): USUAL["lv"],
    ("Labdien!", "2020-11-20"): "kas vētras laikā ir mainījies",
    ("Hello!", "2020-03-01"): USUAL["en"],
    ("Hello!", "2020-03-25"): "during the emergency situation",
    ("Hello!", "2020-06-10"): USUAL["en"],
    ("Hello!", "2020-11-20"): "during the storm",
}
TOLD = {
    ("What can you do?", "2020-11-05"): "what to do when the power is off",
    ("What can you do?", "2020-11-20"): "what has changed for customers during the storm",
    ("Vai Liepājas centrs ir atvērts?", "2020-11-09"): "nav teikts, vai centri ir arī citās pilsētās",
    ("Vai Liepājas centrs ir atvērts?", "2020-11-12"): "Elektrum centru Liepājā slēgs 2020. gada 16. novembrī",
    ("Vai Liepājas centrs ir atvērts?", "2020-11-18"): "Elektrum centrs Liepājā vētras laikā ir slēgts.",
    ("Is the Liepaja centre closed?", "2020-11-18"): "The Elektrum centre in Liepāja is closed during the storm.",
    ("Kas ir mainījies?", "2020-11-18"): "rēķinu apmaksas termiņš ir par nedēļu vēlāks",
    ("Vai Rīgas centrs ir atvērts?", "2020-11-18"): "beidzās 2020. gada 9. jūnijā",
    ("Mums nav elektrības", "2020-11-05"): "8404",
    ("Kā ar jums sazināties?", "2020-11-05"): "8400",
}


@pytest.fixture
def stormy(assistant: LocalAssistant) -> LocalAssistant:
    """The assistant, after the first emergency was ended and the storm announced."""
    document = read_announcement(PROJECT / "docs" / "examples" / "storm.yml")
    with session_scope() as session:
        end(session, date(2020, 6, 9), "Anna", "emergency")
        propose(session, document, "Anna")
        approve(session, document.id, "Bruno")
        publish(session, document.id, "Anna")
    return assistant


@pytest.mark.parametrize(("said", "day"), [*GREETED, *TOLD])
async def test_a_customer_hears_what_is_in_force(
    stormy: LocalAssistant, said: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_AS_OF", day)
    replies = (await stormy.say(said))["replies"]
    assert (GREETED | TOLD)[said, day] in replies[0]["text"]


async def test_a_place_is_known_from_the_next_message_on(
    assistant: LocalAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one conversation, without a new start."""
    monkeypatch.setenv("BOT_AS_OF", "2020-11-18")
    before = (await assistant.say("Vai Liepājas centrs ir atvērts?"))["replies"][0]["text"]
    document = read_announcement(PROJECT / "docs" / "examples" / "storm.yml")
    with session_scope() as session:
        propose(session, document, "Anna")
        publish(session, document.id, "Anna", emergency=True, why="the wind")
    after = (await assistant.say("Un tagad, vai Liepājas centrs ir atvērts?"))["replies"][0]["text"]
    assert ("vētras laikā ir slēgts" in before, "vētras laikā ir slēgts" in after) == (False, True)
