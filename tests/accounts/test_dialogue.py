"""The way from a question about an account to its answer, on the demo customers and a real database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from queue import Queue
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.accounts.demo import load_demo
from bot.accounts.dialogue import EXTENSION, FORGOTTEN_AFTER, MOST_AGAIN, Dialogue, Heard, Said, Step
from bot.accounts.senders import CodeMessage, Delivery
from bot.accounts.source import ExtensionWish
from bot.accounts.sql_source import SqlAccountSource
from bot.accounts.verification import TRIES, Verification
from bot.storage.engine import session_scope
from bot.storage.tables import AccountDialogue

pytestmark = pytest.mark.both_databases
TODAY = date(2020, 3, 25)
LATE, PAID, UNKNOWN, UNREACHABLE = "90010000033", "90010000011", "90019999999", "90010003131"
BUSINESS = ("90010000066", "90010000077")
STATUS = "check_account_status"


class Phone:
    """A customer's phone."""

    def __init__(self) -> None:
        self.codes: Queue[CodeMessage] = Queue()

    def send(self, message: CodeMessage) -> None:
        self.codes.put(message)


class Talk:
    """A conversation about an account; moves the clock where a test wants it."""

    def __init__(self, session: Session, url: str, name: str = "web-1") -> None:
        self.now = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
        self.phone = Phone()
        self.delivery = Delivery(self.phone, self.phone, pause=0)
        self.session, self.name = session, name
        compose = lambda code, language, recipient: CodeMessage(recipient, language, code)  # noqa: E731
        self.dialogue = Dialogue(session, SqlAccountSource(url), self.delivery, compose, name, lambda: self.now)

    def begin(self, text: str = "", question: str = STATUS, **found: Any) -> Step:
        return self.dialogue.begin(question, Heard(text, "lv", **found), TODAY)

    def say(self, text: str, **found: Any) -> Step:
        return self.dialogue.go_on(Heard(text, "lv", **found), TODAY)

    def code(self) -> str:
        """The code that reaches the phone next."""
        return self.phone.codes.get(timeout=10).text

    def open(self, number: str) -> None:
        Verification(self.session, lambda: self.now).open(number, self.name)


@pytest.fixture
def talk(database: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("BOT_SIGNING_KEY", "a key for tests")
    with session_scope(database) as session:
        load_demo(session)
    with session_scope(database) as session:
        yield Talk(session, database)


def keys(step: Step) -> list[str]:
    return [said.key for said in step.replies]


def test_the_number_is_asked_for(talk: Talk) -> None:
    assert keys(talk.begin("cik esmu parādā")) == ["utter_account_ask_number"]


def test_number_and_code_open_the_account(talk: Talk) -> None:
    talk.begin("cik esmu parādā")
    talk.say(LATE)
    assert talk.say(talk.code()) == Step((), finished=True, answer_for=LATE)


def test_the_number_may_stand_in_the_question(talk: Talk) -> None:
    assert keys(talk.begin(f"cik esmu parādā, līgums {LATE}")) == ["utter_account_code_sent"]


def test_where_the_code_went_is_shown_masked(talk: Talk) -> None:
    assert talk.begin(LATE).replies == (Said("utter_account_code_sent", {"recipient": "••••••03"}),)


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


def test_an_expired_code_is_told(talk: Talk) -> None:
    talk.begin(LATE)
    code = talk.code()
    talk.now += timedelta(minutes=6)
    assert keys(talk.say(code)) == ["utter_account_code_expired"]


def test_a_code_can_be_sent_again(talk: Talk) -> None:
    talk.begin(LATE)
    talk.code()
    talk.say("vēlreiz, lūdzu", again=True)
    assert talk.say(talk.code()).answer_for == LATE


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
    assert talk.begin("kāds ir rēķins").answer_for == LATE


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
    assert talk.say(answer).answer_for == number


def test_the_choice_names_addresses_and_no_numbers(talk: Talk) -> None:
    for own in BUSINESS:
        talk.open(own)
    (said,) = talk.begin("rēķins").replies
    assert said.values["contracts"] == "1. Parauga prospekts 8, Valmiera\n2. Parauga prospekts 6, Valmiera"


@pytest.mark.parametrize("answer", ["Valmiera", "3", "abi", "1 un 2", "Rīga"])
def test_what_fits_no_contract_or_several_is_asked_again(talk: Talk, answer: str) -> None:
    for own in BUSINESS:
        talk.open(own)
    talk.begin("rēķins")
    assert keys(talk.say(answer)) == ["utter_account_choose_again"]


def test_a_wish_in_the_question_is_taken_at_once(talk: Talk) -> None:
    talk.open(LATE)
    step = talk.begin("vai varu maksāt trīs daļās", EXTENSION, instalments=["3"])
    assert step.record == ExtensionWish(LATE, Decimal("52.10"), instalments=3)


def test_a_wish_is_asked_for(talk: Talk) -> None:
    talk.open(LATE)
    assert keys(talk.begin("gribu maksāt vēlāk", EXTENSION)) == ["utter_extension_ask"]
    assert talk.say("līdz 1. maijam", dates=["05-01"]).record == ExtensionWish(
        LATE, Decimal("52.10"), until=date(2020, 5, 1)
    )


def test_the_code_is_not_taken_for_a_wish(talk: Talk) -> None:
    talk.begin(LATE, EXTENSION)
    assert keys(talk.say(talk.code(), amounts=["5"])) == ["utter_extension_ask"]


def test_nothing_is_put_off_where_nothing_is_owed(talk: Talk) -> None:
    talk.open(PAID)
    assert keys(talk.begin("gribu maksāt vēlāk", EXTENSION)) == ["utter_extension_nothing_owed"]


@pytest.mark.parametrize(("text", "reminder"), [("", "utter_account_ask_number"), (LATE, "utter_account_ask_code")])
def test_it_comes_back_to_what_it_waits_for(talk: Talk, text: str, reminder: str) -> None:
    talk.begin(text)
    assert talk.dialogue.reminder().key == reminder


def test_a_dialogue_is_forgotten(talk: Talk) -> None:
    talk.begin(LATE)
    talk.now += FORGOTTEN_AFTER
    assert talk.say("000000") == Step((Said("utter_account_begin_again"),), finished=True)


def test_a_finished_dialogue_leaves_nothing(talk: Talk) -> None:
    talk.open(LATE)
    talk.begin("kāds ir rēķins")
    assert talk.session.execute(select(AccountDialogue)).first() is None


def test_a_dialogue_that_is_left_is_over(talk: Talk) -> None:
    talk.begin(LATE)
    talk.dialogue.leave()
    assert talk.say("000000").finished
