"""Fixed replies speak of the event that is in force, and of none where there is none: by day, language and channel."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from bot.channels.messenger.profile import wanted
from bot.channels.web.announcement import announcement
from bot.clock import pretending
from bot.knowledge.emergency_events import begin, end
from bot.knowledge.event_records import NewEvent
from bot.knowledge.fact_versions import Signed
from bot.knowledge.last_known import LastKnown
from bot.known_channels import CHANNELS, Channel
from bot.replies.answer_composer import answer
from bot.replies.catalogue import catalogues
from bot.replies.fixed_replies import fixed
from bot.replies.reply import rendered_text
from bot.settings import LANGUAGES, PROJECT
from bot.storage.engine import engine_for, session_scope

SECOND = NewEvent(
    id="second-wave",
    name={"lv": "otrais vilnis", "en": "the second wave"},
    cases={"genitive": "otrā viļņa", "accusative": "otro vilni"},
    began=date(2020, 11, 9),
)
# What is named on a day: nothing, the first event, or the second one, in any of its forms.
FIRST_NAMED = {"lv": "ārkārtēj", "en": "emergency situation"}
SECOND_NAMED = {"lv": ("otrā viļņa", "otro vilni"), "en": ("the second wave",)}
NOTHING, FIRST, BOTH, LATER = (False, False), (True, False), (True, True), (False, True)
# With the end recorded, and without.
DAYS = {
    "before the emergency": ("2020-03-01", True, NOTHING),
    "its first day": ("2020-03-12", True, FIRST),
    "in the emergency": ("2020-03-25", True, FIRST),
    "its last day": ("2020-06-09", True, FIRST),
    "after its end": ("2020-06-10", True, NOTHING),
    "after its official end, which nobody recorded": ("2020-06-10", False, NOTHING),
    "before the second event": ("2020-11-08", True, NOTHING),
    "in the second event": ("2020-11-20", True, LATER),
}
NAMING = [key for key in catalogues()["en"].responses if catalogues()["en"].names_events(key)]
# The others differ in their buttons only.
SAYING = {
    "utter_greet",
    "utter_help",
    "utter_out_of_scope",
    "phone_greeting",
    "page_title",
}


@pytest.fixture(scope="module")
def recorded(own_database: OwnDatabase) -> Iterator[dict[bool, str]]:
    """Databases in which both events were recorded, with the end of the first (True) and without."""
    with own_database("sqlite") as with_end, own_database("sqlite") as without:
        for url in (with_end, without):
            with session_scope(url) as session:
                begin(session, SECOND, Signed("Anna"))
        with session_scope(with_end) as session:
            end(session, date(2020, 6, 9), "Anna", "emergency")
        yield {True: with_end, False: without}


def said(key: str, language: str, day: str, medium: str | None = None) -> str:
    with pretending(day):
        return fixed(key, language, medium).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("day", "with_end", "named"), DAYS.values(), ids=DAYS)
@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
@pytest.mark.parametrize("key", sorted(SAYING))
def test_a_reply_names_what_is_in_force(
    recorded: dict[bool, str],
    key: str,
    channel: Channel,
    day: str,
    with_end: bool,
    named: tuple[bool, bool],
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", recorded[with_end])
    with pretending(day):
        text = rendered_text(fixed(key, language, channel.medium), language, channel)
    assert (FIRST_NAMED[language] in text, any(name in text for name in SECOND_NAMED[language])) == named


def test_two_events_at_once_are_both_named(session: Session) -> None:
    begin(session, SECOND.copy(update={"began": date(2020, 4, 1)}), Signed("Anna"))
    session.commit()
    names = {"lv": "ārkārtējās situācijas un otrā viļņa laikā", "en": "the emergency situation and the second wave"}
    assert [name in said("utter_greet", language, "2020-04-02") for language, name in names.items()] == [True, True]


@pytest.mark.parametrize("key", NAMING)
def test_without_an_event_nothing_leads_to_its_topics(database: str, key: str) -> None:
    of_events = {"ask_disconnection_guarantee", "ask_emergency_changes", "ask_payment_delay", "ask_place_closed"}
    for language in LANGUAGES:
        with pretending("2020-03-01"):
            assert of_events.isdisjoint(button.payload.removeprefix("/") for button in fixed(key, language).buttons)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("day", "named"), [("2020-03-01", False), ("2020-03-25", True)])
def test_the_title_of_the_page_follows(database: str, day: str, named: bool, language: str) -> None:
    with pretending(day):
        assert (FIRST_NAMED[language] in announcement(language)["title"]) == named


STATIC = ["bot/channels/web/page/index.html", "bot/channels/web/page/page.js", "bot/channels/widget/texts.js"]


@pytest.mark.parametrize("name", STATIC)
def test_what_is_the_same_on_every_day_names_no_event(name: str) -> None:
    text = (PROJECT / name).read_text(encoding="utf-8").casefold()
    assert [words for words in (*FIRST_NAMED.values(), "in the emergency") if words in text] == []


def test_the_profile_in_messenger_names_no_event() -> None:
    assert [words for words in FIRST_NAMED.values() if words in str(wanted())] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_other_text_names_an_event(language: str) -> None:
    texts = {key: one.text for key, variants in catalogues()[language].responses.items() for one in variants}
    assert [key for key, text in texts.items() if FIRST_NAMED[language] in text.casefold()] == []


def test_a_greeting_needs_no_database(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    assert said("utter_greet", "en", "2020-03-25").startswith("Hello!")
    assert "The facts cannot be read" in caplog.text


def test_while_the_database_is_down_the_last_known_facts_are_used(database: str) -> None:
    known = LastKnown(database)
    before = known.facts()
    engine_for(database).dispose()
    for file in Path(str(make_url(database).database)).parent.glob("*.db*"):
        file.unlink()
    assert (before is not None, known.facts() is before) == (True, True)


HELPS = {"ask_contact": "8400", "report_outage": "8404", "report_danger": "112", "ask_self_service": "elektrum.lv"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("intent", "number"), HELPS.items())
def test_when_nothing_is_in_force_it_still_helps(
    recorded: dict[bool, str], intent: str, number: str, language: str
) -> None:
    with session_scope(recorded[True]) as session:
        told = answer(session, intent, language, date(2020, 11, 5)).text
    assert (number in told, FIRST_NAMED[language] in told) == (True, False)
