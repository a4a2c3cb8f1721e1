"""What a reply cites: no source before it was published, and the source of the fault line wherever that is named."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from bot.announcements.questions import all_questions, said
from bot.replies.answer_composer import answer
from bot.settings import LANGUAGES
from bot.words.question_form import QuestionForm

DAYS = [date(2020, 3, 1), date(2020, 3, 12), date(2020, 3, 25), date(2020, 6, 20)]
FAULTS = "faults-page"  # its source


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_is_cited_before_it_was_published(session: Session, day: date) -> None:
    later = {
        (question.name, source.id)
        for question in all_questions()
        for source in said(session, question, "en", day).sources
        if source.published_on and source.published_on > day
    }
    assert later == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_whoever_names_the_fault_line_cites_its_source(session: Session, day: date, language: str) -> None:
    replies = {question.name: said(session, question, language, day) for question in all_questions()}
    naming = {name: reply for name, reply in replies.items() if "8404" in reply.text}
    assert naming
    assert [name for name, reply in naming.items() if FAULTS not in {one.id for one in reply.sources}] == []


BEFORE = {
    "how to reach us": ("ask_contact", None),
    "how, as a question of its own": ("ask_contact", "ask_contact/how"),
    "whether the number is right": ("ask_contact", "ask_contact/number_right"),
    "whether there will be faults": ("ask_disconnection_guarantee", "ask_disconnection_guarantee/faults"),
    "whether there is electricity": ("ask_services_available", "ask_services_available/supply"),
}
NUMBERS = {
    "lv": "Klientu serviss atbild pa tālruni 8400. Par bojājumiem",
    "en": "Customer service is on 8400. Report faults",
}


@pytest.mark.parametrize("asks", [QuestionForm.OPEN, QuestionForm.WHETHER])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("intent", "about"), BEFORE.values(), ids=BEFORE)
def test_before_anything_was_announced_both_numbers_are_said(
    session: Session, intent: str, about: str | None, language: str, asks: QuestionForm
) -> None:
    reply = answer(session, intent, language, date(2020, 3, 1), about=about, asks=asks)
    assert reply.text.startswith(NUMBERS[language])
    assert "8404" in reply.text
    assert "X38" in reply.conveyed.rows


@pytest.mark.parametrize("question", ["ask_contact/hours", "ask_late_fees", "ask_place_closed"])
def test_what_nobody_knew_is_not_announced(session: Session, question: str) -> None:
    intent, _, aspect = question.partition("/")
    reply = answer(session, intent, "en", date(2020, 3, 1), about=question if aspect else None)
    assert reply.text.startswith("Nothing has been announced about that yet")
