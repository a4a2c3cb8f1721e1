"""Slips of somebody who writes an announcement are told with what is probably meant, before anything is kept."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from announcing import AUTHOR, SOURCE, content
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import announcement_of, read_announcement
from bot.announcements.publishing import propose
from bot.data_files import DataFileError
from bot.knowledge.records import KnowledgeError
from bot.storage.engine import session_scope

JUNE = date(2020, 6, 1)
WHEN = {"answers": ["ask_reopening/when"]}
TEXTS = {"lv": "Sveiki.", "en": "Hello."}
SLIPS: dict[str, tuple[dict[str, Any], str]] = {
    "a slip in the name of an event": (
        content({"valid_until": {"event": "emergncy"}, "ended": TEXTS}),
        "record 'line-hours': there is no event 'emergncy' (did you mean 'emergency'?); the events are emergency",
    ),
    "a slip in an event that ends": (
        content(event_changes=[{"event": "emergancy", "end_on": JUNE}]),
        "There is no event 'emergancy' (did you mean 'emergency'?); the events are emergency",
    ),
    "a slip in the name of a question": (
        content({"answers": ["ask_reopening/wen"]}),
        "there is no question 'ask_reopening/wen' (did you mean 'ask_reopening/when'?)",
    ),
    "a slip in what stays": (content(keeps=["ask_latefees"]), "'ask_latefees' (did you mean 'ask_late_fees'?)"),
    "a slip in the record that it replaces": (
        content({"replaces": "closed-riga-center"}),
        "there is no record 'closed-riga-center' (did you mean 'closed-riga-centre'?) to replace",
    ),
    "a slip in the record that it changes": (
        content(changes=[{"record": "own-cas", "restore": True}]),
        "There is no fact 'own-cas' (did you mean 'own-case'?); 'bot facts list' shows them all",
    ),
    "a slip in the source": (content(source="order-130"), "there is no source 'order-130' (did you mean 'order-103'?)"),
    "a slip in a place": (
        content({"places": ["riga_center"], **WHEN}),
        "there is no place 'riga_center' (did you mean 'riga_centre'?); the places are",
    ),
    "a day that is none": (content({"valid_until": "2020-06-31"}), "2020-06-31 is no day: June has 30 days"),
    "a day that is none in a leap year": (content(made_public="2020-02-30"), "is no day: February 2020 has 29 days"),
    "a day that is none in another year": (content(made_public="2021-02-29"), "is no day: February 2021 has 28 days"),
    "a month that is none": (content(made_public="2020-13-01"), "2020-13-01 is no day: there are 12 months"),
    "yes without quotation marks": (
        content({"answers": [{"question": "ask_place_closed/open", "then": True}]}),
        "records, 'line-hours', answers, 'ask_place_closed/open', then: YAML reads yes, no, on, off, true and false "
        "without quotation marks as something else than words; write 'yes' in quotation marks",
    ),
    "no as a text": (content({"text": {"lv": False, "en": "No."}}), "records, 'line-hours', text, lv: YAML reads"),
    "Latvian as English": (
        content({"text": {"lv": "Tālrunis strādā.", "en": "Tālrunis strādā no astoņiem."}}),
        "record 'line-hours', text: the text in 'en' is Latvian: 'Tālrunis strādā no astoņiem.'; write it in English",
    ),
    "Latvian without diacritics as English": (
        content({"text": {"lv": "Tālrunis strādā.", "en": "Centrs no 18. maija ir atkal atverts, ludzu zvaniet."}}),
        "the text in 'en' is Latvian",
    ),
    "English as Latvian": (
        content({"text": {"lv": "The line works from eight.", "en": "The line works from eight."}}),
        "the text in 'lv' is English: 'The line works from eight.'; write it in Latvian",
    ),
    "a correction in the wrong language": (
        content(changes=[{"record": "own-case", "correct": {"text": {"lv": "Please call the line.", "en": "Call."}}}]),
        "the text in 'lv' is English",
    ),
    **{
        f"an address that is none: {url}": (
            content(source={**SOURCE, "url": url}),
            "source, url: an address begins with https:// and names a website; correct",
        )
        for url in (
            "javascript:alert(1)",
            "data:text/html,x",
            "elektrum.lv/news",
            "//elektrum.lv",
            "https://",
            "ftp://elektrum.lv",
            "https://elektrum.lv/a b",
            "https://elektrum.lv@evil.example/",
        )
    },
    "a day of being known for a move": (
        content(changes=[{"record": "own-case", "move_to": JUNE, "known_from": JUNE}]),
        "record 'own-case': known_from belongs to correct; other changes are known from made_public on",
    ),
}
FILES = {
    "a day that is none": ("id: hours\nmade_public: 2020-06-31\n", "line 2: 2020-06-31 is no day: June has 30 days"),
    "no without quotation marks": ("id: hours\nwhy: no\n", "why: YAML reads yes, no, on, off"),
}


@pytest.fixture(scope="module")
def facts(own_database: OwnDatabase) -> Iterator[Session]:
    """A database that no slip may change."""
    with own_database("sqlite") as url, session_scope(url) as session:
        yield session


@pytest.mark.parametrize(("wrong", "told"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_told_with_what_is_meant(facts: Session, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        propose(facts, announcement_of(wrong, "announcement"), AUTHOR)
    assert told in str(caught.value)


@pytest.mark.parametrize(("written", "told"), FILES.values(), ids=FILES)
def test_a_slip_in_a_file_is_told_with_its_place(tmp_path: Path, written: str, told: str) -> None:
    path = tmp_path / "announcement.yml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_announcement(path)
    assert str(caught.value).startswith(str(path))
    assert told in str(caught.value)
