"""A release is read whole: its sentences, days, places and numbers, and what covers it; its draft passes `check`."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from drafted_releases import MARCH, MARCH_DAY, drafted, found_in, read_whole, releases
from own_databases import OwnDatabase  # tests/own_databases.py
from sqlalchemy.orm import Session

from bot.announcements.announcement_document import read_announcement
from bot.announcements.checking import check
from bot.drafting.quoted_facts import Covered
from bot.drafting.read_release import day_of, language_of, read_release
from bot.drafting.release_draft import announcement_id, draft
from bot.drafting.release_file import draft_text
from bot.drafting.release_sentences import LineKind, ReleaseSentence, release_sentences
from bot.knowledge.record_parts import TODO
from bot.knowledge.records import KnowledgeError
from bot.knowledge.validation import not_in_source
from bot.storage.engine import session_scope

each_release = pytest.mark.parametrize("name", releases())
PIECES = [(name, number) for name, release in releases().items() for number in range(len(release["pieces"]))]
each_piece = pytest.mark.parametrize(("name", "number"), PIECES)
BULLETS = re.compile(r"^[-•] ", re.MULTILINE)


@pytest.fixture(scope="module")
def session(own_database: OwnDatabase, main_database: str) -> Iterator[Session]:
    """One for all, since a draft changes nothing."""
    with own_database(main_database) as url, session_scope(url) as session, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        yield session
        assert [*session.new, *session.dirty, *session.deleted] == []


def cut(name: str) -> list[ReleaseSentence]:
    return release_sentences(releases()[name]["text"])


@each_release
def test_every_word_stands_in_one_piece(name: str) -> None:
    words = BULLETS.sub("", releases()[name]["text"]).split()
    assert [word for piece in cut(name) for word in piece.text.split()] == words


def test_every_word_of_the_release_of_march_stands_in_one_piece() -> None:
    assert [word for piece in release_sentences(MARCH) for word in piece.text.split()] == MARCH.split()


@each_release
def test_a_release_is_cut_where_its_sentences_end(name: str) -> None:
    expected = [(piece["begins"], piece.get("kind", "sentence")) for piece in releases()[name]["pieces"]]
    found = [(one.text, one.kind) for one in cut(name)]
    shortened = [(text[: len(begins)], kind) for (text, kind), (begins, _) in zip(found, expected, strict=True)]
    assert shortened == expected


@each_piece
def test_every_day_place_and_number_is_found(session: Session, name: str, number: int) -> None:
    read = read_whole(session, name).sentences[number]
    expected = {key: [*map(typed, values)] for key, values in releases()[name]["pieces"][number].get("has", {}).items()}
    assert found_in(read) == expected


def typed(value: Any) -> Any:
    return value if isinstance(value, date) else str(value)


@each_piece
def test_no_sentence_is_covered_wrongly(session: Session, name: str, number: int) -> None:
    read = read_whole(session, name).sentences[number]
    expected = set(releases()[name]["pieces"][number].get("covered", []))
    assert (read.coverage.state is Covered.WHOLLY, expected <= set(read.coverage.facts)) == (bool(expected), True)
    assert expected or not read.coverage.facts


@each_release
def test_records_are_proposed_with_key_days_and_what_they_replace(session: Session, name: str) -> None:
    found = drafted(session, name).records
    assert [[one.key, one.days.first, one.days.last, one.replaces] for one in found] == releases()[name]["records"]


@each_release
def test_each_quote_stands_in_the_release_and_each_sentence_in_a_record(session: Session, name: str) -> None:
    found = drafted(session, name)
    assert [one.id for one in found.records if not_in_source(one.quote, releases()[name]["text"])] == []
    needed = {read.sentence.number for read in found.release.sentences if read.needs_record}
    assert {number for one in found.records for number in one.sentences} == needed


@each_release
def test_what_stands_in_no_sentence(session: Session, name: str) -> None:
    assert [fact.id for fact in drafted(session, name).unmentioned] == releases()[name]["unmentioned"]


@each_release
def test_check_refuses_a_draft_for_what_is_to_be_written_and_nothing_else(
    session: Session, name: str, tmp_path: Path
) -> None:
    path = tmp_path / "draft.yml"
    path.write_text(draft_text(drafted(session, name)), encoding="utf-8")
    written = path.read_text(encoding="utf-8").count(f"{TODO}: ")
    with pytest.raises(KnowledgeError) as refused:
        read_announcement(path)
    findings = str(refused.value).split("; ")
    assert [one for one in findings if "still to be" not in one] == []
    texts = sum("is still to be written in lv and en" in one for one in findings)
    undecided = [one for one in findings if "still to be decided" in one]
    assert len(undecided) <= 1, "told once, with all names"
    assert 2 * texts + sum(one.count("ask_") for one in undecided) == written


def in_latvian(hint: re.Match[str]) -> str:
    """A Latvian text in place of what is to be written, with its placeholders."""
    return f"{hint[1]}Tā tas ir {' '.join(re.findall(r'{.*?}', hint[2]))}'"


@each_release
def test_a_draft_whose_texts_are_written_can_be_published(session: Session, name: str, tmp_path: Path) -> None:
    path = tmp_path / "draft.yml"
    written = re.sub(rf"(\blv: '){TODO}: ([^'\n]*)'", in_latvian, draft_text(drafted(session, name)))
    path.write_text(written.replace(f"{TODO}: ", ""), encoding="utf-8")
    found = check(session, read_announcement(path))
    assert (found.problem, found.contradictions, found.unchecked) == (None, (), ())


@each_release
def test_the_wording_stands_in_the_draft_as_it_was(session: Session, name: str) -> None:
    content = yaml.safe_load(draft_text(drafted(session, name)))
    assert content["source"]["wording"] == releases()[name]["text"]


@each_release
def test_language_and_day_are_found_out(name: str) -> None:
    release = releases()[name]
    language = language_of(release["text"])
    assert (language, day_of(release["text"], language, date(2020, 12, 31))) == (
        release["language"],
        release["published"],
    )


def test_each_sentence_of_the_release_of_march_is_covered(session: Session) -> None:
    read = read_release(session, MARCH, "lv", MARCH_DAY).sentences
    stating = [one for one in read if one.sentence.kind is LineKind.SENTENCE]
    assert (len(stating), [one.sentence.text for one in stating if one.coverage.state is not Covered.WHOLLY]) == (
        13,
        [],
    )


def test_a_release_that_says_nothing_new_gives_no_draft(session: Session) -> None:
    with pytest.raises(KnowledgeError, match="nothing to announce"):
        draft(session, MARCH, "lv", MARCH_DAY, "march")


def test_a_fact_that_is_not_in_force_yet_covers_nothing(session: Session) -> None:
    read = read_release(session, MARCH, "lv", date(2020, 3, 13)).sentences
    assert "no-disconnection" not in {name for one in read for name in one.coverage.facts}


COVERAGE = {
    "word for word": (
        "Uz ārkārtas stāvokļa laiku ir slēgti Elektrum klientu apkalpošanas centri Rīgā un Daugavpilī.",
        2,
    ),
    "denied": (
        "Nav tā, ka uz ārkārtas stāvokļa laiku ir slēgti Elektrum klientu apkalpošanas centri Rīgā un Daugavpilī.",
        0,
    ),
    "one word else": (
        "Uz ārkārtas stāvokļa laiku ir atvērti Elektrum klientu apkalpošanas centri Rīgā un Daugavpilī.",
        0,
    ),
    "without its condition": ("Ir slēgti Elektrum klientu apkalpošanas centri Rīgā un Daugavpilī.", 0),
    "with a day more": (
        "Latvenergo koncerna vadība jau iepriekš ir atcēlusi jebkurus komandējumus, mācības un pulcēšanos maijā.",
        1,
    ),
}


@pytest.mark.parametrize(("sentence", "state"), COVERAGE.values(), ids=COVERAGE)
def test_only_what_is_quoted_is_covered(session: Session, sentence: str, state: int) -> None:
    read = read_release(session, f"{sentence} Jauns teikums.", "lv", date(2020, 5, 14)).sentences[0]
    assert read.coverage.state is [Covered.NOT, Covered.PARTLY, Covered.WHOLLY][state]


NO_PLACES = {
    "towns in a storm": "In Riga and Jūrmala the storm tore down wires; Ķegums has power again.",
    "a street": "Remonts notiek Rīgas ielā un Daugavpils ielā.",
    "a word one letter from a town": "Lūdzam zvanīt pa tālruni 8404.",
}


@pytest.mark.parametrize("text", NO_PLACES.values(), ids=NO_PLACES)
def test_a_town_alone_is_not_our_place_in_it(session: Session, text: str) -> None:
    found = draft(session, text, "lv" if "ielā" in text or "Lūdzam" in text else "en", date(2020, 5, 14), "storm")
    assert [one.place for one in found.records] == [None]


def test_facts_about_the_same_place_that_stand_in_no_sentence_are_named(session: Session) -> None:
    text = "Līdz 17. maijam elektroapgādi kavētu maksājumu dēļ neatslēdz."
    found = draft(session, text, "lv", date(2020, 5, 14), "promise")
    named = {fact.id for fact in found.unmentioned}
    assert ("ask-disconnection-guarantee--other-reasons" in named, "no-disconnection" in named) == (True, False)


WRONG = {
    "empty": ("", "no sentence"),
    "only a heading": ("Paziņojums", "no sentence"),
    "a sentence without an end": ("Vārds " * 1_000, "cut it into sentences"),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_drafted_is_refused_with_what_to_do(session: Session, text: str, told: str) -> None:
    with pytest.raises(KnowledgeError, match=told):
        draft(session, f"Virsraksts\n\n{text}", "lv", MARCH_DAY, "wrong")


IDS = {
    "release": ("release", "release-2020-05-14"),
    "with its day": ("release-2020-05-14", "release-2020-05-14"),
    "Latvian": ("Paziņojums par vētru", "pazinojums-par-vetru-2020-05-14"),
    "without letters": ("…", "release-2020-05-14"),
    "long": ("a" * 80, f"{'a' * 50}-2020-05-14"),
}


@pytest.mark.parametrize(("name", "expected"), IDS.values(), ids=IDS)
def test_the_id_comes_from_the_name_of_the_file(name: str, expected: str) -> None:
    assert announcement_id(name, date(2020, 5, 14)) == expected
