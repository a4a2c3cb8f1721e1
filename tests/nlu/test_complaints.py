"""Whether a message asks about complaints or complains."""

import pytest

from bot.nlu.complaints import asks_about_complaints

ASKING = [
    ("Kur es varu sūdzēties?", "lv"),
    ("cik ilgi izskata sudzibu", "lv"),
    ("vai jūs saņēmāt manu pretenziju", "lv"),
    ("un kam jāraksta sūdzība", "lv"),
    ("where can I complain", "en"),
    ("so how long does a complaint take", "en"),
    ("did you get my complaint?", "en"),
    ("My complaint – any news?", "en"),
]
COMPLAINING = [
    ("Gribu sūdzēties", "lv"),
    ("Sūdzība", "lv"),
    ("pierakstiet manu sūdzību", "lv"),
    ("Vai jums nav kauna?", "lv"),
    ("I want to complain", "en"),
    ("Are you kidding me?", "en"),
    ("your clerk was rude when I asked where to complain", "en"),
    ("Can anybody there explain why for the third time I was sent away when I came to hand in my complaint?", "en"),
]


@pytest.mark.parametrize(("text", "language"), ASKING)
def test_a_question_that_names_a_complaint_asks(text: str, language: str) -> None:
    assert asks_about_complaints(text, language)


@pytest.mark.parametrize(("text", "language"), COMPLAINING)
def test_what_names_none_or_tells_complains(text: str, language: str) -> None:
    assert not asks_about_complaints(text, language)
