"""The account dialogue from question to answer, with the demo customers and a real database."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from account_talk import (  # tests/account_talk.py
    BUSINESS,
    LATE,
    PAID,
    TODAY,
    UNKNOWN,
    UNREACHABLE,
    Talk,
    keys,
)
from sqlalchemy import select

from bot.accounts.code_limits import AT_STRANGER, TRIES
from bot.accounts.source import ExtensionWish
from bot.accounts.steps import MOST_AGAIN, DialogueStep, KeyedReply
from bot.accounts.utterance import Utterance
from bot.accounts.verification import LOCKED_FOR
from bot.accounts.waiting import FORGOTTEN_AFTER
from bot.domain_names import Intent
from bot.schema.tables import AccountDialogue

pytestmark = pytest.mark.both_databases


def test_the_number_is_asked_for(talk: Talk) -> None:
    assert keys(talk.begin("cik esmu parādā")) == ["utter_account_ask_number"]


def test_number_and_code_open_the_account(talk: Talk) -> None:
    talk.begin("cik esmu parādā")
    talk.say(LATE)
    assert talk.say(talk.code()) == DialogueStep((), finished=True, answer_for=(LATE,))


def test_the_number_may_stand_in_the_question(talk: Talk) -> None:
    assert keys(talk.begin(f"cik esmu parādā, līgums {LATE}")) == ["utter_account_code_sent"]


def test_where_the_code_went_is_shown_masked(talk: Talk) -> None:
    assert talk.begin(LATE).replies == (KeyedReply("utter_account_code_sent", {"recipient": "••••••03"}),)


def test_the_code_is_sent_in_the_customers_language(talk: Talk) -> None:
    talk.begin("90010000055")
    assert talk.phone.codes.get(timeout=10).subject == "en"


@pytest.mark.parametrize("number", [UNKNOWN, "12345678", "999999999999"])
def test_an_unknown_number_sounds_like_a_known_one(talk: Talk, number: str) -> None:
    (known,), (unknown,) = talk.begin(LATE).replies, talk.begin(number).replies
    assert known.key == unknown.key
    assert "•" in unknown.values["recipient"]


def test_an_unknown_number_gets_no_code(talk: Talk) -> None:
    talk.begin(UNKNOWN)
    talk.delivery.close()
    assert talk.phone.codes.empty()


def test_wrong_codes_end_the_dialogue(talk: Talk) -> None:
    talk.begin(UNKNOWN)
    said = [keys(talk.say("000000")) for _ in range(TRIES)]
    assert said == [["utter_account_code_wrong"]] * (TRIES - 1) + [["utter_account_locked"]]


@pytest.mark.parametrize("number", [LATE, UNKNOWN])
def test_the_tries_that_are_left_are_said(talk: Talk, number: str) -> None:
    talk.begin(number)
    said = [talk.say("no code 000000").replies[0].values for _ in range(TRIES)]
    assert said == [*({"tries": left} for left in range(TRIES - 1, 0, -1)), {"wait": LOCKED_FOR}]


@pytest.mark.parametrize("number", [LATE, UNKNOWN, UNREACHABLE])
def test_that_a_code_is_sent_is_said_only_where_one_may_be(talk: Talk, number: str) -> None:
    """The limit is the same for every number: after so many codes, no more for an hour."""
    talk.begin(number)
    said = [keys(talk.say("vēlreiz", again=True)) for _ in range(AT_STRANGER.hour)]
    assert said == [["utter_account_code_sent"]] * (AT_STRANGER.hour - 1) + [["utter_account_no_further_code"]]


def test_as_many_codes_reach_the_customer_as_were_said_to_be_sent(talk: Talk) -> None:
    said = [*keys(talk.begin(LATE)), *(keys(talk.say("vēlreiz", again=True))[0] for _ in range(9))]
    talk.delivery.close()
    assert talk.phone.codes.qsize() == said.count("utter_account_code_sent") == AT_STRANGER.hour


def test_the_last_code_may_be_given_where_no_further_one_is_sent(talk: Talk) -> None:
    talk.begin(LATE)
    for _ in range(AT_STRANGER.hour - 1):
        talk.code()  # waited for, since several workers send: of two codes at once, either may arrive first
        talk.say("vēlreiz", again=True)
    last = talk.code()
    talk.say("vēlreiz", again=True)
    assert talk.say(last).answer_for == (LATE,)


@pytest.mark.parametrize("number", [LATE, UNKNOWN])
def test_where_no_code_is_sent_and_none_is_valid_the_dialogue_is_over(talk: Talk, number: str) -> None:
    talk.begin(number)
    for _ in range(AT_STRANGER.hour):
        talk.say("vēlreiz", again=True)
    talk.now += timedelta(minutes=6)
    step = talk.say("vēlreiz", again=True)
    assert step == DialogueStep((KeyedReply("utter_account_no_code", {"wait": timedelta(minutes=54)}),), finished=True)


def test_an_expired_code_is_told(talk: Talk) -> None:
    talk.begin(LATE)
    code = talk.code()
    talk.now += timedelta(minutes=6)
    assert keys(talk.say(code)) == ["utter_account_code_expired"]


def test_a_code_can_be_sent_again(talk: Talk) -> None:
    talk.begin(LATE)
    talk.code()
    talk.say("vēlreiz, lūdzu", again=True)
    assert talk.say(talk.code()).answer_for == (LATE,)


def test_another_number_in_place_of_the_code_begins_again_with_it(talk: Talk) -> None:
    talk.begin(UNKNOWN)
    assert keys(talk.say(PAID)) == ["utter_account_code_sent"]


@pytest.mark.parametrize("number", ["", LATE])
def test_what_is_no_answer_is_asked_again_twice(talk: Talk, number: str) -> None:
    talk.begin(number)
    steps = [talk.say("nezinu") for _ in range(MOST_AGAIN + 1)]
    assert [step.finished for step in steps] == [False] * MOST_AGAIN + [True]
    assert keys(steps[-1]) == ["utter_account_give_up"]


def test_an_open_account_needs_no_code(talk: Talk) -> None:
    talk.open(LATE)
    assert talk.begin("kāds ir rēķins").answer_for == (LATE,)


def test_an_open_account_does_not_open_another(talk: Talk) -> None:
    talk.open(LATE)
    assert keys(talk.begin(f"un līgums {PAID}?")) == ["utter_account_code_sent"]


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("1", BUSINESS[1]),
        ("1.", BUSINESS[1]),
        ("otrais ir 2", BUSINESS[0]),
        ("otrā", BUSINESS[0]),
        ("pirmais, lūdzu", BUSINESS[1]),
        ("divi", BUSINESS[0]),
        (BUSINESS[0], BUSINESS[0]),
        ("8, Valmiera", BUSINESS[1]),
        ("Parauga prospekts 6", BUSINESS[0]),
    ],
)
def test_of_several_contracts_the_customer_chooses(talk: Talk, answer: str, number: str) -> None:
    for own in BUSINESS:
        talk.open(own)
    assert keys(talk.begin("rēķins")) == ["utter_account_choose"]
    assert talk.say(answer).answer_for == (number,)


def test_the_choice_names_addresses_and_no_numbers(talk: Talk) -> None:
    for own in BUSINESS:
        talk.open(own)
    (said,) = talk.begin("rēķins").replies
    assert [one.address for one in said.choices] == ["Parauga prospekts 8, Valmiera", "Parauga prospekts 6, Valmiera"]
    assert not any(number in str(said) for number in BUSINESS)


@pytest.mark.parametrize("answer", ["Valmiera", "3", "1 un 2", "Rīga"])
def test_what_fits_no_contract_or_several_is_asked_again(talk: Talk, answer: str) -> None:
    for own in BUSINESS:
        talk.open(own)
    talk.begin("rēķins")
    assert keys(talk.say(answer)) == ["utter_account_choose_again"]


def test_a_wish_in_the_question_is_taken_at_once(talk: Talk) -> None:
    talk.open(LATE)
    step = talk.begin("vai varu maksāt trīs daļās", Intent.REQUEST_PAYMENT_EXTENSION, instalments=["3"])
    assert step.record == ExtensionWish(LATE, Decimal("52.10"), instalments=3)


def test_a_wish_is_asked_for(talk: Talk) -> None:
    talk.open(LATE)
    assert keys(talk.begin("gribu maksāt vēlāk", Intent.REQUEST_PAYMENT_EXTENSION)) == ["utter_extension_ask"]
    assert talk.say("līdz 1. maijam", dates=["05-01"]).record == ExtensionWish(
        LATE, Decimal("52.10"), until=date(2020, 5, 1)
    )


def test_the_code_is_not_taken_for_a_wish(talk: Talk) -> None:
    talk.begin(LATE, Intent.REQUEST_PAYMENT_EXTENSION)
    assert keys(talk.say(talk.code(), amounts=["5"])) == ["utter_extension_ask"]


def test_nothing_is_put_off_where_nothing_is_owed(talk: Talk) -> None:
    talk.open(PAID)
    assert keys(talk.begin("gribu maksāt vēlāk", Intent.REQUEST_PAYMENT_EXTENSION)) == ["utter_extension_nothing_owed"]


@pytest.mark.parametrize(("text", "reminder"), [("", "utter_account_ask_number"), (LATE, "utter_account_ask_code")])
def test_it_comes_back_to_what_it_waits_for(talk: Talk, text: str, reminder: str) -> None:
    talk.begin(text)
    assert [said.key for said in talk.dialogue.remind()] == [reminder]


def test_a_dialogue_is_forgotten(talk: Talk) -> None:
    talk.begin(LATE)
    talk.now += FORGOTTEN_AFTER
    assert talk.say("000000") == DialogueStep((KeyedReply("utter_account_begin_again"),), finished=True)


def test_a_finished_dialogue_leaves_nothing(talk: Talk) -> None:
    talk.open(LATE)
    talk.begin("kāds ir rēķins")
    assert talk.session.execute(select(AccountDialogue)).first() is None


def test_a_dialogue_that_is_left_is_over(talk: Talk) -> None:
    talk.begin(LATE)
    talk.dialogue.leave()
    assert talk.say("000000").finished


def hear(talk: Talk, *texts: str, **found: Any) -> list[str]:
    """The answer to each text of a caller."""
    return [keys(talk.say(text, by_ear=True, **found))[0] for text in texts]


@pytest.fixture
def heard(talk: Talk) -> Talk:
    """A caller whose spoken number was read back."""
    talk.begin("cik esmu parādā")
    talk.say(LATE, by_ear=True)
    return talk


def test_a_number_that_was_heard_is_read_back(talk: Talk) -> None:
    talk.begin("cik esmu parādā")
    step = talk.say("deviņi nulle nulle viens, četras nulles, nulle trīs trīs", by_ear=True)
    assert step.replies == (KeyedReply("utter_account_number_heard", {"number": LATE}),)


def test_a_number_in_a_spoken_question_is_read_back(talk: Talk) -> None:
    assert keys(talk.begin(f"cik esmu parādā, līgums {LATE}", by_ear=True)) == ["utter_account_number_heard"]


def test_no_code_is_sent_before_the_yes(heard: Talk) -> None:
    heard.delivery.close()
    assert heard.phone.codes.empty()


@pytest.mark.parametrize(
    ("answer", "language"),
    [
        ("jā", "lv"),
        ("jā, pareizi", "lv"),
        ("tieši tā", "lv"),
        ("pareizi", "lv"),
        ("jā jā, viss pareizi", "lv"),
        ("Jā.", "lv"),
        ("yes", "en"),
        ("that's right", "en"),
        ("correct", "en"),
        ("yes that is correct", "en"),
        (LATE, "lv"),
    ],
)
def test_after_a_yes_the_code_is_sent(heard: Talk, answer: str, language: str) -> None:
    step = heard.dialogue.go_on(Utterance(answer, language, by_ear=True), TODAY)
    assert (keys(step), heard.say(heard.code()).answer_for) == (["utter_account_code_sent"], (LATE,))


def test_a_yes_that_only_the_understanding_knows_counts(heard: Talk) -> None:
    assert hear(heard, "aha", agrees=True, again=True) == ["utter_account_code_sent"]


@pytest.mark.parametrize(
    "answer",
    ["nē", "nepareizi", "nē, nav pareizi", "tas nav pareizi", "no", "that's wrong", "that is not right", "nav tas"],
)
def test_after_a_no_the_number_is_asked_for_again(heard: Talk, answer: str) -> None:
    assert hear(heard, answer) == ["utter_account_number_again"]


def test_after_two_failures_keys_or_a_person_are_offered(heard: Talk) -> None:
    assert hear(heard, "nē", LATE, "nē") == [
        "utter_account_number_again",
        "utter_account_number_heard",
        "utter_account_number_by_keys",
    ]


def test_after_three_failures_the_dialogue_ends(heard: Talk) -> None:
    assert hear(heard, "nē", LATE, "nē", LATE, "nē")[-1] == "utter_account_give_up"


def test_who_says_no_number_is_offered_keys_the_second_time(talk: Talk) -> None:
    talk.begin("cik esmu parādā", by_ear=True)
    assert hear(talk, "nezinu", "nezinu") == ["utter_account_ask_number", "utter_account_number_by_keys"]


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("nē, deviņi nulle nulle viens, nulle nulle nulle nulle, nulle trīs četri", "90010000034"),
        (f"nē, {PAID}", PAID),
        ("nē, nulle trīs četri", "90010000034"),
        ("no, ...034", "90010000034"),
        ("nē, beigās ir trīs četri", "90010000034"),
        ("trīs četri beigās, nevis trīs trīs", "90010000034"),
        ("jā, tikai beigās nulle trīs četri", "90010000034"),
    ],
)
def test_a_number_that_is_corrected_in_the_answer_is_read_back(heard: Talk, answer: str, number: str) -> None:
    step = heard.say(answer, by_ear=True)
    assert step.replies == (KeyedReply("utter_account_number_corrected", {"number": number}),)


def test_a_corrected_number_gets_its_code(heard: Talk) -> None:
    heard.say(f"nē, {PAID}", by_ear=True)
    heard.say("jā", by_ear=True)
    assert heard.say(heard.code()).answer_for == (PAID,)


def test_what_is_neither_yes_nor_no_is_read_back_again(heard: Talk) -> None:
    assert hear(heard, "ko, lūdzu", "vai pa tālruni 112 kāds man palīdzēs") == ["utter_account_number_heard"] * 2


def test_keys_are_not_read_back(talk: Talk) -> None:
    talk.begin("cik esmu parādā", by_ear=True)
    assert keys(talk.say(LATE)) == ["utter_account_code_sent"]


def test_keys_in_place_of_a_yes_are_the_number(heard: Talk) -> None:
    heard.say(PAID)
    assert heard.say(heard.code()).answer_for == (PAID,)


def test_another_number_in_place_of_the_code_is_read_back_too(heard: Talk) -> None:
    assert hear(heard, "jā", PAID) == ["utter_account_code_sent", "utter_account_number_heard"]


def test_an_open_account_is_not_read_back(talk: Talk) -> None:
    talk.open(LATE)
    assert talk.begin(f"kāds ir rēķins, līgums {LATE}", by_ear=True).answer_for == (LATE,)


@pytest.mark.parametrize("number", [UNKNOWN, UNREACHABLE, "12345678"])
def test_what_is_read_back_does_not_tell_whether_there_is_such_a_contract(heard: Talk, number: str) -> None:
    (heard_number,) = heard.say(f"nē, {number}", by_ear=True).replies
    assert heard_number == KeyedReply("utter_account_number_corrected", {"number": number})
    assert hear(heard, "jā") == ["utter_account_code_sent"]


def test_a_spoken_code_is_taken_at_once(heard: Talk) -> None:
    heard.say("jā", by_ear=True)
    assert heard.say(heard.code(), by_ear=True).answer_for == (LATE,)


def test_it_comes_back_to_what_was_read_back(heard: Talk) -> None:
    assert heard.dialogue.remind() == (KeyedReply("utter_account_number_heard", {"number": LATE}),)
