"""Messages that were reported as misunderstood (issue 20), each with what it must and must not be taken for."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

pytestmark = pytest.mark.model
TURNED_AWAY = {"out_of_scope", "nlu_fallback"}
BEGINNING = {"greet", "help"}
PAYING = {"ask_how_to_pay", "check_account_status", "check_invoice", "ask_payment_delay"}
REPORTED = {
    "start": BEGINNING,
    "Get started": BEGINNING,
    "let us get started": BEGINNING,
    "begin": BEGINNING,
    "Sākam": BEGINNING,
    "Sākt": BEGINNING,
    "GET_STARTED": BEGINNING,
    "get_started": BEGINNING,
    "Get Started!": BEGINNING,
    "maybe it is": {"unsure"},
    "could be": {"unsure"},
    "that might be the case": {"unsure"},
    "i am not sure": {"unsure"},
    "how much do i need to pay for my electricity and water bills": PAYING,
    "i need some assistance paying my utilities bill": PAYING,
    "my electric bill should be paid today": PAYING,
    "Your agent said my account goes to debt collection": {"ask_late_fees", "check_account_status"},
    "Kādu programmatūru var izmantot, lai atvērtu grāmatas?": TURNED_AWAY,
    "Kā izslēgt datoru, kad process beidzies?": TURNED_AWAY,
    "Nākamais autobuss, lūdzu": TURNED_AWAY,
    "Google Pay strādā?": TURNED_AWAY | {"ask_how_to_pay"},
    "Kas ir slēgts?": {"ask_place_closed"},
    "what is closed": {"ask_place_closed"},
    "what's closed": {"ask_place_closed"},
    "Labdien! Nav elektrības.": {"report_outage"},
    "labdien nav elektrības": {"report_outage"},
    "Thanks. What is closed?": {"ask_place_closed"},
    "Labdien! Kas ir slēgts?": {"ask_place_closed"},
    "can you e-mail me this conversation?": TURNED_AWAY,
    "sākam no sākuma": {"cancel"},
    "start over": {"cancel"},
}
# Unrelated words: rejected, or the customer is asked first; no action is taken on a guess.
STRANGE = ["autobuss", "Nākamais autobuss, lūdzu", "Kādu programmatūru var izmantot, lai atvērtu grāmatas?"]


@pytest.mark.parametrize(("said", "intents"), REPORTED.items(), ids=REPORTED)
async def test_a_message_gets_a_right_intent(loaded: "LocalAssistant", said: str, intents: set[str]) -> None:
    assert (await loaded.parse(said)).intent in intents


@pytest.mark.parametrize("said", STRANGE)
async def test_strange_words_are_turned_away_or_asked_about(loaded: "LocalAssistant", said: str) -> None:
    found = await loaded.parse(said)
    assert found.is_doubtful or found.intent in TURNED_AWAY, found
