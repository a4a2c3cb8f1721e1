"""Answers about an account: in both languages, with the announcement as valid on the day."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from bot.accounts.account_status import Account, Invoice, Payment
from bot.knowledge.emergency_events import end
from bot.replies.account_answers import AFTER, account_answer
from bot.replies.reply import Reply

TODAY = date(2020, 3, 25)
JANUARY = Invoice("DEMO-1", "2020-01", date(2020, 2, 5), date(2020, 2, 25), Decimal("52.10"))
FEBRUARY = Invoice("DEMO-2", "2020-02", date(2020, 3, 5), date(2020, 3, 25), Decimal("46.20"))
PAID = Payment(date(2020, 3, 10), Decimal("52.10"))
ANNOUNCED = Payment(date(2020, 3, 24), Decimal("46.20"), booked=False)
STATUS, INVOICE, PAYMENT = "check_account_status", "check_invoice", "check_payment_received"


def account(*lines: Invoice | Payment, cut_off: date | None = None, kind: str = "household") -> Account:
    return Account(
        contract_number="90010000033",
        address="Demo iela 3",
        kind=kind,
        disconnected_since=cut_off,
        reminded_on=None,
        invoices=tuple(line for line in lines if isinstance(line, Invoice)),
        payments=tuple(line for line in lines if isinstance(line, Payment)),
    )


def said(session: Session, question: str, of: Account, language: str, day: date = TODAY) -> Reply:
    return account_answer(session, [question], [of], language, day)


@pytest.mark.parametrize(
    ("question", "of", "language", "text"),
    [
        pytest.param(STATUS, account(), "lv", "Par adresi Demo iela 3: nekas nav jāmaksā.", id="nothing"),
        pytest.param(STATUS, account(), "en", "For Demo iela 3, there is nothing to pay.", id="nothing"),
        pytest.param(
            STATUS,
            account(FEBRUARY),
            "lv",
            "Par adresi Demo iela 3: jāmaksā 46,20\xa0€; apmaksas termiņš ir 2020. gada 25. marts.",
            id="due",
        ),
        pytest.param(
            STATUS,
            account(FEBRUARY),
            "en",
            "For Demo iela 3, €46.20 is to be paid; it is due on 25 March 2020.",
            id="due",
        ),
        pytest.param(
            STATUS,
            account(PAID),
            "lv",
            "Par adresi Demo iela 3: nekas nav jāmaksā; pārmaksa ir 52,10\xa0€.",
            id="overpaid",
        ),
        pytest.param(
            STATUS,
            account(FEBRUARY, ANNOUNCED),
            "en",
            "For Demo iela 3, €46.20 is to be paid; it is due on 25 March 2020. The bank has announced a payment of "
            "€46.20; it has not been booked yet.",
            id="under way",
        ),
        pytest.param(INVOICE, account(), "lv", "Par adresi Demo iela 3: rēķina vēl nav.", id="no bill"),
        pytest.param(
            INVOICE,
            account(JANUARY, FEBRUARY, PAID),
            "lv",
            "Par adresi Demo iela 3: pēdējais rēķins ir no 2020. gada 5. marta par 46,20\xa0€; apmaksas termiņš ir "
            "2020. gada 25. marts. Vēl jāmaksā 46,20\xa0€.",
            id="bill",
        ),
        pytest.param(
            INVOICE,
            account(JANUARY, PAID),
            "en",
            "For Demo iela 3, the latest bill is dated 5 February 2020: €52.10, due on 25 February 2020. "
            "It has been paid.",
            id="bill paid",
        ),
        pytest.param(
            PAYMENT,
            account(JANUARY, PAID),
            "lv",
            "Pēdējais maksājums – 52,10\xa0€, saņemts 2020. gada 10. martā.",
            id="payment",
        ),
        pytest.param(PAYMENT, account(), "en", "No payment has been received yet.", id="no payment"),
    ],
)
def test_an_account_in_words(session: Session, question: str, of: Account, language: str, text: str) -> None:
    assert said(session, question, of, language).text == text


@pytest.mark.parametrize(
    ("day", "language", "ago"),
    [
        (date(2020, 2, 26), "lv", "pirms 1 dienas"),
        (date(2020, 2, 28), "lv", "pirms 3 dienām"),
        (date(2020, 3, 17), "lv", "pirms 21 dienas"),
        (date(2020, 3, 7), "lv", "pirms 11 dienām"),
        (date(2020, 2, 26), "en", "1 day ago"),
        (date(2020, 3, 17), "en", "21 days ago"),
    ],
)
def test_days_are_counted_in_the_right_form(session: Session, day: date, language: str, ago: str) -> None:
    assert ago in said(session, STATUS, account(JANUARY), language, day).text


@pytest.mark.parametrize(
    ("language", "promise"), [("lv", "neatslēdz elektroapgādi"), ("en", "does not disconnect the supply")]
)
def test_a_late_account_hears_the_promise_with_its_source(session: Session, language: str, promise: str) -> None:
    reply = said(session, STATUS, account(JANUARY), language)
    assert promise in reply.text
    assert reply.sources


@pytest.mark.parametrize(
    ("language", "remains"),
    [("lv", "Paziņojumā nav teikts, ka rēķini, parāds"), ("en", "does not say that bills, debt")],
)
def test_a_late_account_hears_that_the_debt_remains(session: Session, language: str, remains: str) -> None:
    assert remains in said(session, STATUS, account(JANUARY), language).text


@pytest.mark.parametrize("of", [account(), account(PAID), account(JANUARY, cut_off=date(2020, 3, 2))])
def test_who_is_not_late_or_is_cut_off_hears_no_promise(session: Session, of: Account) -> None:
    assert "neatslēdz" not in said(session, STATUS, of, "lv").text


@pytest.mark.parametrize(("language", "promise"), [("lv", "neatslēdz"), ("en", "does not disconnect")])
def test_after_the_emergency_the_promise_is_not_made(session: Session, language: str, promise: str) -> None:
    end(session, date(2020, 6, 9), "a test")
    text = said(session, STATUS, account(JANUARY), language, date(2020, 7, 1)).text
    assert promise not in text
    assert "2020" in text


@pytest.mark.parametrize(("language", "since"), [("lv", "kopš 2020. gada 2. marta"), ("en", "since 2 March 2020")])
def test_who_is_cut_off_hears_since_when(session: Session, language: str, since: str) -> None:
    assert since in said(session, "report_disconnected", account(JANUARY, cut_off=date(2020, 3, 2)), language).text


@pytest.mark.parametrize("question", AFTER)
def test_every_answer_offers_a_next_step(session: Session, question: str) -> None:
    assert said(session, question, account(JANUARY), "lv").buttons


@pytest.mark.parametrize(
    ("language", "connected"),
    [("lv", "elektroapgāde šajā adresē nav atslēgta"), ("en", "the supply to this address is not disconnected")],
)
def test_who_only_thinks_to_be_cut_off_is_told_where_to_report_a_fault(
    session: Session, language: str, connected: str
) -> None:
    text = said(session, "report_disconnected", account(), language).text
    assert (connected in text, "8404" in text) == (True, True)


@pytest.mark.parametrize(
    ("language", "silent"),
    [("lv", "tikai uz mājsaimniecībām vai arī uz uzņēmumiem"), ("en", "both households and businesses")],
)
def test_a_business_hears_that_the_announcement_does_not_name_businesses(
    session: Session, language: str, silent: str
) -> None:
    assert silent in said(session, STATUS, account(JANUARY, kind="business"), language).text


@pytest.mark.parametrize(
    ("language", "remains"),
    [("lv", "Paziņojumā nav teikts, ka rēķini, parāds"), ("en", "does not say that bills, debt")],
)
def test_a_business_hears_too_that_the_debt_remains(session: Session, language: str, remains: str) -> None:
    assert remains in said(session, STATUS, account(JANUARY, kind="business"), language).text


@pytest.mark.parametrize(("language", "promise"), [("lv", "neatslēdz"), ("en", "does not disconnect")])
def test_a_business_hears_the_promise_once_and_after_the_end_not_at_all(
    session: Session, language: str, promise: str
) -> None:
    business = account(JANUARY, kind="business")
    before = said(session, STATUS, business, language).text
    end(session, date(2020, 6, 9), "a test")
    after = said(session, STATUS, business, language, date(2020, 7, 1)).text
    assert (before.count(promise), after.count(promise)) == (1, 0)


def test_two_questions_hear_the_promise_once(session: Session) -> None:
    text = account_answer(session, [STATUS, PAYMENT], [account(JANUARY)], "lv", TODAY).text
    assert (text.count("neatslēdz"), "Neviens maksājums" in text) == (1, True)


def test_an_answer_about_an_account_is_private(session: Session) -> None:
    assert said(session, STATUS, account(JANUARY), "lv").private


@pytest.mark.parametrize(("of", "offered"), [(account(JANUARY), True), (account(), False)])
def test_to_pay_later_is_offered_where_something_is_owed(session: Session, of: Account, offered: bool) -> None:
    payloads = [button.payload for button in said(session, STATUS, of, "lv").buttons]
    assert ("/request_payment_extension" in payloads) == offered
