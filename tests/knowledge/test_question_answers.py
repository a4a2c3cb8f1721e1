"""The answers to single questions: complete, quoted verbatim, and each a fact record of its own."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.knowledge.answers import answer_files, answer_records, key_of_answer, key_of_repetition
from bot.knowledge.records import KNOWLEDGE, FactRecord, KnowledgeError, SourceRecord
from bot.knowledge.topics import topics
from bot.knowledge.validation import check_overlaps, check_quote, load_folder
from bot.replies.catalogue import catalogues

RECORDS = {fact.id: fact for _, fact in answer_records()}
ANSWERS = [(topic, aspect) for topic, file in answer_files().items() for aspect in file.answers]
MOST_WORDS, MOST_SENTENCES = 48, 4
SENTENCE_END = re.compile(r"[.!?]+(?= [A-ZĀČĒĢĪĶĻŅŠŪŽ]|$)")


@pytest.fixture(scope="module")
def sources() -> dict[str, SourceRecord]:
    return load_folder().sources


def test_no_id_stands_twice() -> None:
    assert len(RECORDS) == len(list(answer_records()))


@pytest.mark.parametrize("fact", RECORDS.values(), ids=RECORDS)
def test_what_is_quoted_stands_in_the_source(sources: dict[str, SourceRecord], fact: FactRecord) -> None:
    check_quote(fact, sources[fact.source], KNOWLEDGE, KNOWLEDGE / "answers")


@pytest.mark.parametrize("fact", RECORDS.values(), ids=RECORDS)
@pytest.mark.parametrize("language", ["lv", "en"])
def test_an_answer_is_short(fact: FactRecord, language: str) -> None:
    text = dict(fact.text)[language]
    assert (len(text.split()) <= MOST_WORDS, len(SENTENCE_END.findall(text)) <= MOST_SENTENCES) == (True, True)


def test_only_one_wording_is_valid_on_a_day() -> None:
    check_overlaps(list(RECORDS.values()), {f"facts/{name}": KNOWLEDGE for name in RECORDS})


@pytest.mark.parametrize(("topic", "aspect"), ANSWERS)
def test_an_answer_offers_what_has_a_button(topic: str, aspect: str) -> None:
    offered = answer_files()[topic].answers[aspect].next
    assert set(offered) <= set(catalogues()["lv"].titles)


@pytest.mark.parametrize(("topic", "aspect"), ANSWERS)
def test_the_second_wording_differs_from_the_first(topic: str, aspect: str) -> None:
    key = key_of_answer(topic, aspect)
    by_key = {one.key: one for one in RECORDS.values()}
    first, second = by_key[key], by_key.get(key_of_repetition(key))
    assert second is None or not any(dict(first.text)[code] == dict(second.text)[code] for code in ("lv", "en"))


@pytest.mark.parametrize(
    ("day", "said"), [(date(2020, 3, 25), "14 April"), (date(2020, 4, 20), "12 May"), (date(2020, 5, 10), "9 June")]
)
def test_the_end_of_the_emergency_is_that_of_the_day(day: date, said: str) -> None:
    key = key_of_answer("ask_guarantee_duration", "until_when")
    (text,) = (
        dict(one.text)["en"]
        for one in RECORDS.values()
        if one.key == key
        and one.valid_from <= day
        and not (isinstance(one.valid_until, date) and one.valid_until < day)
    )
    assert said in text


@pytest.mark.parametrize("reference", ["openly", "negated", "state"])
def test_an_answer_refers_only_to_answers_that_exist(reference: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(KNOWLEDGE, tmp_path / "knowledge"))
    path = folder / "answers" / "ask_late_fees.yml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["answers"]["whether"][reference] = "nowhere"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(KnowledgeError, match="ask_late_fees/whether: there is no answer 'nowhere'"):
        topics(folder / "topics.yml")
