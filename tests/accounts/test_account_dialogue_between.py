"""Messages in the account dialogue other than numbers and codes, and what closes an account meanwhile."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from account_talk import BUSINESS, LATE, PAID, STATUS, THREE, TODAY, Talk, keys  # tests/account_talk.py

from bot.accounts.choosing import MOST_CHOICES, reference_of
from bot.accounts.code_limits import CODE_LIFE, TRIES
from bot.accounts.opened import OPEN_FOR
from bot.accounts.utterance import ALL
from bot.accounts.verification import Verification
from bot.accounts.waiting import Waiting
from bot.domain_names import Intent

pytestmark = pytest.mark.both_databases


def test_a_code_is_sent_again(talk: Talk) -> None:
    talk.begin(LATE)
    first = talk.code()
    assert keys(talk.say("kods neatnāca", again=True)) == ["utter_account_code_sent"]
    second = talk.code()
    assert keys(talk.say(first)) == ["utter_account_code_wrong"]
    assert talk.say(second).answer_for == (LATE,)


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("mans kods ir ", {"again": True}),  # as words like these may be classified as a request for another code
        ("jā, ", {"agrees": True}),
        ("kods neatnāca, bet nu ir: ", {"again": True}),
    ],
)
def test_a_code_is_tried_whatever_stands_around_it(talk: Talk, before: str, found: dict[str, bool]) -> None:
    talk.begin(LATE)
    assert talk.say(f"{before}{talk.code()}", **found).answer_for == (LATE,)


def test_a_code_and_a_number_in_full_width_figures_are_read(talk: Talk) -> None:
    full_width = str.maketrans("0123456789", "０１２３４５６７８９")
    talk.begin(LATE.translate(full_width))
    assert talk.say(talk.code().translate(full_width)).answer_for == (LATE,)


def test_thanks_for_a_code_that_is_on_its_way_leave_it_good(talk: Talk) -> None:
    talk.begin(LATE)
    assert keys(talk.say("labi", agrees=True)) == ["utter_account_ask_code"]
    assert talk.say(talk.code()).answer_for == (LATE,)


def test_yes_to_the_offer_of_a_new_code_sends_one(talk: Talk) -> None:
    talk.begin(LATE)
    old = talk.code()
    talk.now += CODE_LIFE
    assert keys(talk.say(old)) == ["utter_account_code_expired"]
    assert keys(talk.say("jā", agrees=True)) == ["utter_account_code_sent"]
    assert talk.say(talk.code()).answer_for == (LATE,)


@pytest.mark.parametrize("text", ["nepareizs numurs", "that was the wrong number"])
def test_a_wrong_number_is_asked_for_again(talk: Talk, text: str) -> None:
    talk.begin(PAID)
    assert keys(talk.say(text)) == ["utter_account_ask_number"]
    assert keys(talk.say(LATE)) == ["utter_account_code_sent"]


def test_a_wrong_number_with_the_right_one_is_taken_at_once(talk: Talk) -> None:
    talk.begin(PAID)
    talk.code()
    assert keys(talk.say(f"nepareizs numurs, mans ir {LATE}")) == ["utter_account_code_sent"]
    assert talk.say(talk.code()).answer_for == (LATE,)


def test_something_in_between_is_a_sign_of_life(talk: Talk) -> None:
    """A customer who twice asks to wait ten minutes has not left."""
    talk.begin("cik esmu parādā")
    for _ in range(2):
        talk.now += timedelta(minutes=10)
        talk.dialogue.remind()
    assert keys(talk.say(LATE)) == ["utter_account_code_sent"]


def test_of_several_contracts_a_button_chooses(talk: Talk) -> None:
    for own in BUSINESS:
        talk.open(own)
    talk.begin("rēķins")
    assert talk.say("", choice=reference_of(BUSINESS[0])).answer_for == (BUSINESS[0],)


@pytest.mark.parametrize("number", ["", PAID])
def test_a_button_of_no_open_contract_chooses_nothing(talk: Talk, number: str) -> None:
    for own in BUSINESS:
        talk.open(own)
    talk.begin("rēķins")
    assert keys(talk.say("", choice=reference_of(number))) == ["utter_account_choose_again"]


@pytest.mark.parametrize("said", [{"text": "visi"}, {"text": "", "choice": ALL}, {"text": "abi"}])
def test_all_contracts_may_be_chosen(talk: Talk, said: dict[str, str]) -> None:
    for own in BUSINESS:
        talk.open(own)
    talk.begin("rēķins")
    assert set(talk.say(**said).answer_for) == set(BUSINESS)


def test_the_first_is_a_choice_even_where_it_sounds_like_again(talk: Talk) -> None:
    for own in BUSINESS:
        talk.open(own)
    talk.begin("rēķins")
    assert keys(talk.say("kā, lūdzu?", again=True)) == ["utter_account_choose"]
    assert talk.say("pirmais", again=True).answer_for == (BUSINESS[1],)


def test_all_contracts_may_be_asked_for_at_once(talk: Talk) -> None:
    for own in BUSINESS:
        talk.open(own)
    assert set(talk.begin("cik jāmaksā par visiem maniem līgumiem").answer_for) == set(BUSINESS)


def test_all_of_one_contract_is_said_to_be_one(talk: Talk) -> None:
    talk.open(LATE)
    step = talk.begin("cik jāmaksā par visiem maniem līgumiem")
    assert (step.answer_for, [said.key for said in step.afterwards]) == ((LATE,), ["utter_account_only_one"])


def test_a_wish_to_pay_later_is_for_one_contract(talk: Talk) -> None:
    for own in BUSINESS:
        talk.open(own)
    (said,) = talk.begin("gribu maksāt vēlāk par visiem līgumiem", Intent.REQUEST_PAYMENT_EXTENSION).replies
    assert (said.key, said.offers_all) == ("utter_account_choose_one", False)
    assert keys(talk.say("visi")) == ["utter_account_choose_again"]


def test_more_contracts_than_a_list_holds_are_asked_for_by_number(talk: Talk) -> None:
    for number in range(MOST_CHOICES + 1):
        talk.open(f"9001000{number + 1:02d}{number + 1:02d}")
    assert keys(talk.begin("rēķins")) == ["utter_account_choose", "utter_account_choose_more"]


def test_what_a_wish_leaves_out_is_said(talk: Talk) -> None:
    talk.open(THREE)
    (said,) = talk.begin("samaksāšu līdz 1. maijam", Intent.REQUEST_PAYMENT_EXTENSION, dates=["05-01"]).afterwards
    assert (said.values["amount"], said.values["due"]) == (Decimal("17.95"), date(2020, 3, 25))


def test_who_is_signed_in_without_contracts_is_no_stranger(talk: Talk) -> None:
    Verification(talk.session, lambda: talk.now).note_signed_in(talk.name)
    assert keys(talk.begin("cik esmu parādā")) == ["utter_account_signed_in_without"]
    assert keys(talk.say(LATE)) == ["utter_account_code_sent"]


def test_being_signed_in_without_contracts_opens_nothing(talk: Talk) -> None:
    verification = Verification(talk.session, lambda: talk.now)
    verification.note_signed_in(talk.name)
    assert (verification.opened(talk.name), verification.look(talk.name).contracts) == ([], frozenset())
    verification.close(talk.name)
    assert keys(talk.begin("cik esmu parādā")) == ["utter_account_ask_number"]


def test_another_contract_may_be_named_where_a_wish_is_waited_for(talk: Talk) -> None:
    talk.open(LATE)
    talk.begin("gribu maksāt vēlāk", Intent.REQUEST_PAYMENT_EXTENSION)
    assert keys(talk.say(f"un līgumu {PAID}?")) == ["utter_account_code_sent"]


@pytest.mark.parametrize(
    ("opened", "question", "waits"),
    [((LATE,), Intent.REQUEST_PAYMENT_EXTENSION, Waiting.WISH), (BUSINESS, STATUS, Waiting.CHOICE)],
    ids=["how to pay", "which contract"],
)
def test_an_account_that_closed_meanwhile_answers_nothing(
    talk: Talk, opened: tuple[str, ...], question: str, waits: Waiting
) -> None:
    """The dialogue may be more recent than the last use of the account."""
    for number in opened:
        talk.open(number)
    talk.now += OPEN_FOR - timedelta(minutes=1)
    talk.begin("gribu maksāt vēlāk", question)
    assert talk.dialogue.waits_for is waits
    Verification(talk.session, lambda: talk.now).close(talk.name)
    step = talk.say("līdz 1. maijam", dates=["05-01"])
    assert (step.answer_for, step.record) == ((), None)
    assert keys(step)[0].endswith("ask_number")


def test_who_guesses_at_a_contract_closes_those_that_are_open(talk: Talk) -> None:
    talk.open(LATE)
    talk.begin(f"un līgums {PAID}?")
    said = [keys(talk.say("000000")) for _ in range(TRIES)]
    assert said[-1] == ["utter_account_locked"]
    assert Verification(talk.session, lambda: talk.now).opened(talk.name) == []
    assert talk.dialogue.begin(STATUS, talk.heard("cik esmu parādā"), TODAY).answer_for == ()
