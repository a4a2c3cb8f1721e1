"""An invalid knowledge file is rejected with file, record and reason; the shipped files are complete."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fact_files import LEFT_OUT, fact, write

from bot.data_files import DataFileError
from bot.knowledge.records import KnowledgeError
from bot.knowledge.topics import Topic, topics
from bot.knowledge.validation import Knowledge, load_folder
from bot.replies.event_texts import CAUTION

WORDING = "AS “Latvenergo” strādā.\n\nCentri Rīgā un\nDaugavpilī ir «slēgti». Tālrunis ir 8400."
SOURCE = {
    "id": "release-2020-03-20",
    "title": {"lv": "Paziņojums", "en": "Announcement"},
    "spoken": {"lv": "Tā teikts paziņojumā.", "en": "So says the announcement."},
    "text": "wording.txt",
}
EVENT = {"id": "emergency", "name": {"lv": "situācija", "en": "situation"}, "began": date(2020, 3, 12)}
ENDED = {"lv": "Beidzās.", "en": "Ended."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge folder with a source, its wording and an event, and no facts yet."""
    write(tmp_path / "a-sources.yml", sources=[SOURCE], events=[EVENT])
    (tmp_path / "wording.txt").write_text(WORDING, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    """The contents of data/knowledge."""
    return load_folder()


BROKEN_RECORDS = {
    "unknown key": ({"valid_till": date(2020, 5, 1)}, "valid_till: unknown key"),
    "missing key": ({"approved_by": LEFT_OUT}, "approved_by: field required"),
    "missing language": ({"text": {"lv": "Sveiki."}}, "text: the text in 'en' is missing or empty"),
    "empty text": ({"text": {"lv": "  ", "en": "Hello."}}, "text: the text in 'lv' is missing or empty"),
    "empty short text": ({"short": {"lv": "īsi", "en": ""}}, "short: the text in 'en' is missing or empty"),
    "missing language after the end": ({"ended": {"en": "Ended."}}, "ended: the text in 'lv' is missing or empty"),
    "a third language": ({"text": {"lv": "Jā.", "en": "Yes.", "ru": "Да."}}, "unexpected value; permitted: 'lv', 'en'"),
    "text that is no mapping": ({"text": "Hello."}, "text: value is not a valid dict"),
    "unknown kind": ({"kind": "rumour"}, "kind: unexpected value"),
    "no rows": ({"rows": []}, "rows: ensure this value has at least 1 item"),
    "key with a capital": ({"key": "Line"}, "key: string does not match regex"),
    "nobody approved": ({"approved_by": ""}, "approved_by: ensure this value has at least 1 character"),
    "no date": ({"valid_from": "soon"}, "valid_from: invalid date format"),
    "statement without quote": ({"kind": "statement"}, "a statement needs the verbatim quote from its source"),
    "quote not in the source": (
        {"quote": "Centri ir atvērti."},
        "the quote is not in wording.txt: 'Centri ir atvērti.'",
    ),
    "half of the quote not in the source": ({"quote": "strādā. […] visu nakti"}, "wording.txt: 'visu nakti'"),
    "unknown source": ({"source": "hearsay"}, "there is no source 'hearsay'"),
    "unknown event": ({"valid_until": {"event": "war"}, "ended": ENDED}, "there is no event 'war'"),
    "end before beginning": ({"valid_until": date(2020, 3, 31)}, "valid_until is before valid_from"),
    "event without text for after": ({"valid_until": {"event": "emergency"}}, "needs the text 'ended'"),
}


@pytest.mark.parametrize(("changes", "reason"), BROKEN_RECORDS.values(), ids=BROKEN_RECORDS)
def test_broken_record_is_refused_with_file_record_and_reason(
    folder: Path, changes: dict[str, Any], reason: str
) -> None:
    path = write(folder / "facts.yml", facts=[fact(), fact(**{"id": "broken", "key": "broken", **changes})])
    with pytest.raises(KnowledgeError) as caught:
        load_folder(folder)
    message = str(caught.value)
    assert message.startswith(f"{path}: record 'broken'")
    assert reason in message


CLASHES = {
    "duplicate id": ({"key": "other"}, "the id is already used in facts"),
    "both open": ({"id": "second"}, "overlapping validity with 'line-hours' for the key 'line_hours'"),
    "one shared day": ({"id": "second", "valid_from": date(2020, 4, 30)}, "overlapping validity with 'line-hours'"),
}


@pytest.mark.parametrize(("changes", "reason"), CLASHES.values(), ids=CLASHES)
def test_record_that_clashes_with_another_file_is_refused(folder: Path, changes: dict[str, Any], reason: str) -> None:
    write(folder / "b-facts.yml", facts=[fact(valid_until=date(2020, 4, 30))])
    clashing = fact(**changes)
    path = write(folder / "c-facts.yml", facts=[clashing])
    with pytest.raises(KnowledgeError) as caught:
        load_folder(folder)
    assert str(caught.value).startswith(f"{path}: record '{clashing['id']}': {reason}")


BROKEN_FILES = {
    "repeated key": ("facts: []\nfacts: []\n", "the key 'facts' stands twice"),
    "repeated key deep inside": ("facts:\n  - id: a\n    id: b\n", "the key 'id' stands twice"),
    "not YAML": ("facts: [unclosed\n", "not readable as YAML"),
    "not UTF-8": (b"facts: \xff\xfe", "not readable as YAML"),
    "a list": ("- facts\n", "a mapping with 'sources', 'events' or 'facts' is expected"),
    "bare text": ("facts\n", "a mapping with 'sources', 'events' or 'facts' is expected"),
    "unknown section": ("fact: []\n", "fact: unknown key"),
    "empty section": ("facts:\n", "facts: none is not an allowed value"),
    "record that is no mapping": ("facts: [hello]\n", "record 'number 1': value is not a valid dict"),
}


@pytest.mark.parametrize(("text", "reason"), BROKEN_FILES.values(), ids=BROKEN_FILES)
def test_broken_file_is_refused_with_file_and_reason(folder: Path, text: str | bytes, reason: str) -> None:
    path = folder / "facts.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DataFileError) as caught:
        load_folder(folder)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert reason in message


def test_missing_wording_of_a_source_is_named(folder: Path) -> None:
    (folder / "wording.txt").unlink()
    write(folder / "facts.yml", facts=[fact(quote="Tālrunis")])
    with pytest.raises(KnowledgeError, match=r"source 'release-2020-03-20': its text .*wording\.txt is missing"):
        load_folder(folder)


GOOD_QUOTES = {
    "as it stands": "Tālrunis ir 8400.",
    "typographic quotes made plain": 'AS "Latvenergo" strādā.',
    "other typographic quotes": "AS „Latvenergo” strādā.",
    "across line ends": "Centri Rīgā un Daugavpilī ir «slēgti».",
    "with parts left out": "AS “Latvenergo” strādā. […] Tālrunis ir 8400.",
}


@pytest.mark.parametrize("quote", GOOD_QUOTES.values(), ids=GOOD_QUOTES)
def test_quote_that_stands_in_the_source_is_accepted(folder: Path, quote: str) -> None:
    write(folder / "facts.yml", facts=[fact(kind="statement", quote=quote)])
    assert load_folder(folder).facts["line-hours"].quote == quote


NEIGHBOURS = {
    "the next day": {"valid_from": date(2020, 5, 1)},
    "another key": {"key": "other"},
    "replacing it": {"valid_from": date(2020, 4, 10), "replaces": "line-hours"},
}


@pytest.mark.parametrize("changes", NEIGHBOURS.values(), ids=NEIGHBOURS)
def test_record_beside_another_is_accepted(folder: Path, changes: dict[str, Any]) -> None:
    first = fact(valid_until=date(2020, 4, 30))
    write(folder / "facts.yml", facts=[first, fact(**{"id": "second", **changes})])
    assert set(load_folder(folder).facts) == {"line-hours", "second"}


def test_defaults_of_a_file_fill_what_a_record_leaves_out(folder: Path) -> None:
    write(folder / "facts.yml", defaults={"approved_by": "the board"}, facts=[fact(approved_by=LEFT_OUT)])
    assert load_folder(folder).facts["line-hours"].approved_by == "the board"


def test_own_value_of_a_record_beats_the_default(folder: Path) -> None:
    write(folder / "facts.yml", defaults={"approved_by": "the board"}, facts=[fact(approved_by="support lead")])
    assert load_folder(folder).facts["line-hours"].approved_by == "support lead"


def test_every_row_of_the_release_has_a_fact(shipped: Knowledge) -> None:
    """A row without a record is something that the release says and the assistant cannot."""
    named = {row for record in shipped.facts.values() for row in record.rows}
    assert {f"S{number}" for number in range(1, 31)} - named == set()


def every_answer(topic: Topic) -> list[Topic]:
    """A topic's general answer, those for places, and those to its single questions."""
    further = [*topic.places.values(), *topic.aspects.values(), *([topic.whether] if topic.whether else [])]
    return [topic, *(answer for one in further for answer in every_answer(one))]


@pytest.mark.parametrize("kind", ["statement", "silence"])
def test_what_is_said_of_the_release_names_the_release(shipped: Knowledge, kind: str) -> None:
    sources = {record.source for record in shipped.facts.values() if record.kind == kind}
    assert sources == {"release-2020-03-20"}


@pytest.mark.parametrize("intent", topics())
def test_every_fact_that_a_topic_names_exists(shipped: Knowledge, intent: str) -> None:
    topic = topics()[intent]
    keys = {key for answer in every_answer(topic) for key in answer.keys}
    assert keys <= {record.key for record in shipped.facts.values()}


def test_every_fact_is_said_somewhere(shipped: Knowledge) -> None:
    """`faults_line`, which actions/trouble.py says by itself, is in topics too."""
    said = {key for topic in topics().values() for answer in every_answer(topic) for key in answer.keys}
    cautions = {CAUTION.format(event=event) for event in shipped.events}
    assert {record.key for record in shipped.facts.values()} - said - cautions == set()
