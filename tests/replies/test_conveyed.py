"""What replies convey: every text of the catalogue says it, and several replies are put together."""

import re

import pytest

from bot.knowledge.conveyed import NOTHING, Act, Conveyed, Opening
from bot.replies.carried import reply_of, utter_message_arguments
from bot.replies.catalogue import catalogues
from bot.replies.conveyed_texts import conveyed_by
from bot.replies.reply import Reply

PROMISE = Conveyed(Act.ANSWER, Opening.NO, ("S6", "S4"))
FAULTS = Conveyed(Act.OUTAGE, Opening.NONE, ("X38", "S4"))
DANGER = Conveyed(Act.DANGER, Opening.NONE, ("112",))
ROW = re.compile(r"[SNX]\d{1,2}|112|END|CAUTION|BEFORE|ACC:[a-z]+")


def test_every_text_has_an_entry_and_every_entry_a_text() -> None:
    assert set(conveyed_by()) == set(catalogues()["lv"].responses)


@pytest.mark.parametrize("key", conveyed_by())
def test_rows_are_rows(key: str) -> None:
    assert [row for row in conveyed_by()[key].rows if not ROW.fullmatch(row)] == []


@pytest.mark.parametrize("key", conveyed_by())
@pytest.mark.parametrize(("said", "row"), [("8400", "S24"), ("112", "112")])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_a_text_with_a_number_to_call_conveys_its_row(key: str, said: str, row: str, language: str) -> None:
    conveyed = conveyed_by()[key]
    texts = [variant.text for variant in catalogues()[language].responses[key] if variant.channel is None]
    names = any(re.search(rf"\b{said}\b", text) for text in texts)
    assert not (names and conveyed.act and key != "utter_goodbye") or row in conveyed.rows


@pytest.mark.parametrize(
    ("several", "together"),
    [
        ([], NOTHING),
        ([NOTHING, PROMISE], PROMISE),
        ([PROMISE, FAULTS], Conveyed(Act.ANSWER, Opening.NO, ("S6", "S4", "X38"))),
        ([PROMISE, DANGER], Conveyed(Act.DANGER, Opening.NONE, ("S6", "S4", "112"))),
    ],
)
def test_several_replies_together(several: list[Conveyed], together: Conveyed) -> None:
    assert Conveyed.together(several) == together


@pytest.mark.parametrize("conveyed", [NOTHING, PROMISE, DANGER])
def test_it_goes_through_rasa_and_back(conveyed: Conveyed) -> None:
    assert reply_of(utter_message_arguments(Reply("x", conveyed=conveyed))).conveyed == conveyed
