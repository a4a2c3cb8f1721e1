"""What a question means when a certain person asks it."""

import pytest

from bot.knowledge.answers import answer_files
from bot.knowledge.by_person import for_person, meanings_by_person
from bot.knowledge.topics import topics
from bot.words.persons import Person

QUESTIONS = [f"{topic}/{aspect}" for topic, file in answer_files().items() for aspect in file.answers]


@pytest.mark.parametrize(
    ("question", "persons", "meant"),
    [
        ("ask_disconnection_guarantee/cut_off", ["business"], "ask_guarantee_scope/business"),
        ("ask_disconnection_guarantee/cut_off", ["tenant"], "ask_guarantee_scope/tenant"),
        ("ask_contact/how", ["deaf"], "ask_contact/cannot_call"),
        ("ask_contact", ["no_internet"], "ask_contact/no_internet"),
        ("ask_late_fees/whether", ["business"], "ask_late_fees/whether"),
        ("ask_disconnection_guarantee/cut_off", [], "ask_disconnection_guarantee/cut_off"),
        # The latest that was told comes first.
        ("ask_contact/how", ["deaf", "no_internet"], "ask_contact/cannot_call"),
    ],
)
def test_meaning(question: str, persons: list[str], meant: str) -> None:
    assert for_person(question, persons) == meant


def test_every_person_and_question_is_known() -> None:
    known = {*QUESTIONS, *topics()}
    named = {name for table in meanings_by_person().values() for pair in table.items() for name in pair}
    assert (set(meanings_by_person()), named - known) == (set(Person), set())
