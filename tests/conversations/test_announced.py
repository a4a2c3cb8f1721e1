"""A conversation on each day of an announcement: docs/examples/reopening.yml, made public on 14 May for 18 May."""

import pytest

from bot.announcements.announcement_document import read_announcement
from bot.announcements.publishing import approve, propose, publish
from bot.rasa.local_assistant import LocalAssistant
from bot.settings import PROJECT
from bot.storage.engine import session_scope

pytestmark = pytest.mark.model
ASKED = {
    "when, en": "When does the Riga centre open again?",
    "when, lv": "Kad atvērs centru Rīgā?",
    "open, en": "Is the Riga centre open?",
    "closed, lv": "Vai Rīgas centrs ir slēgts?",
}
TOLD = {
    ("when, en", "2020-05-13"): "does not say when",
    ("when, en", "2020-05-15"): "closed until 17 May 2020; it opens on 18 May 2020",
    ("when, en", "2020-05-18"): "is open from 18 May",
    ("when, lv", "2020-05-13"): "nav teikts, kad atkal atvērs",
    ("when, lv", "2020-05-15"): "slēgts līdz 2020. gada 17. maijam; to atvērs 2020. gada 18. maijā",
    ("when, lv", "2020-05-18"): "no 18. maija ir atvērts",
    ("open, en", "2020-05-13"): "No, the Elektrum customer service centre in Riga is closed",
    ("open, en", "2020-05-15"): "No. The Elektrum customer service centre in Riga is closed until 17 May 2020",
    ("open, en", "2020-05-18"): "Yes. The Elektrum customer service centre in Riga is open",
    ("closed, lv", "2020-05-13"): "Jā, Elektrum klientu apkalpošanas centrs Rīgā ir slēgts",
    ("closed, lv", "2020-05-15"): "Jā. Elektrum klientu apkalpošanas centrs Rīgā ir slēgts līdz",
    ("closed, lv", "2020-05-18"): "Nē. Elektrum klientu apkalpošanas centrs Rīgā no 18. maija ir atvērts",
}


@pytest.fixture
def announced(assistant: LocalAssistant) -> LocalAssistant:
    """The assistant, after the announcement was published."""
    document = read_announcement(PROJECT / "docs" / "examples" / "reopening.yml")
    with session_scope() as session:
        propose(session, document, "Anna")
        approve(session, document.id, "Bruno")
        publish(session, document.id, "Anna")
    return assistant


@pytest.mark.parametrize(("asked", "day"), TOLD, ids=" on ".join)
async def test_a_customer_hears_what_is_known_on_the_day(
    announced: LocalAssistant, asked: str, day: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_AS_OF", day)
    replies = (await announced.say(ASKED[asked]))["replies"]
    assert TOLD[asked, day] in replies[0]["text"]
