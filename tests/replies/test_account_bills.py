"""Several bills and payments: how many, the total, each date in order, what is overdue and what is due next."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from bot.accounts.account_status import Account, Invoice, Payment
from bot.replies.account_answers import account_answer

TODAY = date(2020, 3, 25)
STATUS, INVOICE, PAYMENT = "check_account_status", "check_invoice", "check_payment_received"


def bill(due: str, amount: str) -> Invoice:
    day = date.fromisoformat(due)
    issued = min(day - timedelta(days=20), TODAY)
    return Invoice(f"DEMO-{due}", due[:7], issued, day, Decimal(amount))


DECEMBER, JANUARY, FEBRUARY = bill("2020-01-25", "18.60"), bill("2020-02-25", "19.05"), bill("2020-03-25", "17.95")
MARCH = bill("2020-04-10", "10.00")


def account(lines: Sequence[Invoice | Payment], address: str = "Demo iela 3", number: str = "90010000033") -> Account:
    return Account(
        contract_number=number,
        address=address,
        kind="household",
        disconnected_since=None,
        reminded_on=None,
        invoices=tuple(line for line in lines if isinstance(line, Invoice)),
        payments=tuple(line for line in lines if isinstance(line, Payment)),
    )


def paid(amount: str, day: str = "2020-03-10", *, booked: bool = True) -> Payment:
    return Payment(date.fromisoformat(day), Decimal(amount), booked)


def said(session: Session, question: str, language: str, *of: Account, medium: str | None = None) -> str:
    return account_answer(session, [question], of, language, TODAY, medium).text.replace("\xa0", " ")


CASES = {
    "two late, one due": (
        [FEBRUARY, DECEMBER, JANUARY],
        "Par adresi Demo iela 3: vēl jāapmaksā 3 rēķini, kopā 55,60 €. Apmaksas termiņš ir nokavēts 2 rēķiniem, kopā "
        "37,65 €. Nākamais termiņš ir 2020. gada 25. marts: jāmaksā 17,95 €.\n"
        "• 18,60 €: termiņš beidzās 2020. gada 25. janvārī\n"
        "• 19,05 €: termiņš beidzās 2020. gada 25. februārī\n"
        "• 17,95 €: jāmaksā līdz 2020. gada 25. martam",
        "For Demo iela 3, 3 bills are to be paid, €55.60 in total. Overdue: 2 bills, €37.65 in total. Next, €17.95 is "
        "due on 25 March 2020.\n"
        "• €18.60: was due on 25 January 2020\n"
        "• €19.05: was due on 25 February 2020\n"
        "• €17.95: due on 25 March 2020",
    ),
    "one late, two due": (
        [JANUARY, FEBRUARY, MARCH],
        "nokavēts 1 rēķinam, kopā 19,05 €. Nākamais termiņš ir 2020. gada 25. marts: jāmaksā 17,95 €.",
        "Overdue: 1 bill, €19.05 in total. Next, €17.95 is due on 25 March 2020.",
    ),
    "two due": (
        [FEBRUARY, MARCH],
        "vēl jāapmaksā 2 rēķini, kopā 27,95 €. Neviens termiņš nav nokavēts. Nākamais termiņš ir 2020. gada 25. marts",
        "2 bills are to be paid, €27.95 in total. None of them is overdue. Next, €17.95 is due on 25 March 2020.",
    ),
    "two due on one day": (
        [MARCH, bill("2020-04-10", "5.00")],
        "Nākamais termiņš ir 2020. gada 10. aprīlis: jāmaksā 15,00 €.",
        "Next, €15.00 is due on 10 April 2020.",
    ),
    "two late": (
        [DECEMBER, JANUARY],
        "vēl jāapmaksā 2 rēķini, kopā 37,65 €. Apmaksas termiņš ir nokavēts 2 rēķiniem",
        "2 bills are to be paid, €37.65 in total. Overdue: 2 bills",
    ),
    "the first paid in part": (
        [DECEMBER, JANUARY, FEBRUARY, paid("8.60")],
        "3 rēķini, kopā 47,00 €. Apmaksas termiņš ir nokavēts 2 rēķiniem, kopā 29,05 €.",
        "3 bills are to be paid, €47.00 in total. Overdue: 2 bills, €29.05 in total.",
    ),
    "one late, one due": (
        [JANUARY, FEBRUARY],
        "kavēts maksājums – 19,05 €. Apmaksas termiņš beidzās pirms 29 dienām. Vēl 17,95 € jāmaksā līdz 2020. gada 25. "
        "martam. Kopā vēl jāmaksā 37,00 €.",
        "a payment of €19.05 is overdue. It was due 29 days ago. A further €17.95 is due by 25 March 2020. In all, "
        "€37.00 is still to be paid.",
    ),
    "one due": (
        [FEBRUARY],
        "Par adresi Demo iela 3: jāmaksā 17,95 €; apmaksas termiņš ir 2020. gada 25. marts.",
        "For Demo iela 3, €17.95 is to be paid; it is due on 25 March 2020.",
    ),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_open_bill_counts(session: Session, case: str, language: str) -> None:
    lines, *texts = CASES[case]
    assert texts[language == "en"] in said(session, STATUS, language, account(lines))


@pytest.mark.parametrize(
    ("count", "words"), [(3, "3 rēķini,"), (10, "10 rēķini,"), (11, "11 rēķini,"), (21, "21 rēķins,")]
)
def test_bills_are_counted_in_good_latvian(session: Session, count: int, words: str) -> None:
    lines = [bill((date(2018, 1, 1) + timedelta(days=30 * place)).isoformat(), "1.00") for place in range(count)]
    assert f"vēl jāapmaksā {words}" in said(session, STATUS, "lv", account(lines))


@pytest.mark.parametrize(
    ("count", "medium", "lines"), [(7, None, 7), (8, None, 7), (20, None, 7), (4, "phone", 4), (5, "phone", 4)]
)
def test_many_bills_are_not_all_listed(session: Session, count: int, medium: str | None, lines: int) -> None:
    bills = [bill((TODAY + timedelta(days=30 * place)).isoformat(), "1.00") for place in range(count)]
    text = said(session, STATUS, "lv", account(bills), medium=medium)
    assert text.count("\n•") == lines
    rest = count - lines + 1
    assert (f"vēl {rest} rēķini ar vēlāku termiņu, kopā {rest},00 €" in text) == (rest > 1)


@pytest.mark.parametrize(
    ("lines", "lv", "en"),
    [
        pytest.param(
            [DECEMBER, JANUARY, FEBRUARY],
            "Vēl jāmaksā 17,95 €. Jāapmaksā arī vēl 2 rēķini, kopā 37,65 €.\n"
            "• 18,60 €: termiņš beidzās 2020. gada 25. janvārī\n• 19,05 €: termiņš beidzās 2020. gada 25. februārī",
            "€17.95 of it is still to be paid. Also to be paid: 2 bills, €37.65 in total.\n"
            "• €18.60: was due on 25 January 2020\n• €19.05: was due on 25 February 2020",
            id="two others",
        ),
        pytest.param(
            [JANUARY, FEBRUARY],
            "Jāapmaksā arī vēl viens rēķins.\n• 19,05 €: termiņš beidzās 2020. gada 25. februārī",
            "One more bill is to be paid.\n• €19.05: was due on 25 February 2020",
            id="one other",
        ),
        pytest.param([JANUARY], "Vēl jāmaksā 19,05 €; termiņš ir nokavēts.", "it is overdue.", id="late itself"),
    ],
)
def test_the_latest_bill_is_not_taken_for_the_only_one(
    session: Session, lines: list[Invoice | Payment], lv: str, en: str
) -> None:
    assert lv in said(session, INVOICE, "lv", account(lines))
    assert en in said(session, INVOICE, "en", account(lines))


@pytest.mark.parametrize(
    ("lines", "lv", "en"),
    [
        pytest.param(
            [JANUARY, paid("5.00"), paid("6.00")],
            "2020. gada 10. martā saņemti 2 maksājumi, kopā 11,00 €.",
            "The latest payments were received on 10 March 2020: 2 payments, €11.00 in total.",
            id="two on one day",
        ),
        pytest.param(
            [JANUARY, paid("5.00", booked=False), paid("6.00", booked=False)],
            "Banka ir paziņojusi par 2 maksājumiem, kopā 11,00 €; tie vēl nav iegrāmatoti.",
            "The bank has announced 2 payments, €11.00 in total; they have not been booked yet.",
            id="two announced",
        ),
        pytest.param(
            [JANUARY, FEBRUARY],
            "Kopā vēl jāmaksā 37,00 €; kavētā summa ir 19,05 €.",
            "In all, €37.00 is still to be paid; of that, €19.05 is overdue.",
            id="what is late of what is owed",
        ),
    ],
)
def test_payments_are_counted_too(session: Session, lines: list[Invoice | Payment], lv: str, en: str) -> None:
    assert lv in said(session, PAYMENT, "lv", account(lines))
    assert en in said(session, PAYMENT, "en", account(lines))


SECOND = {"address": "Demo iela 5", "number": "90010000044"}


@pytest.mark.parametrize(
    ("second", "lv", "en"),
    [
        (
            [MARCH],
            "Kopā par 2 līgumiem jāmaksā 29,05 €. Kavētā summa no tā ir 19,05 €.",
            "For 2 contracts together, €29.05",
        ),
        (
            [paid("90.00")],
            "jāmaksā 19,05 €. Kavētā summa no tā ir 19,05 €. Pārmaksa no šīs summas nav atskaitīta.",
            "not taken",
        ),
    ],
    ids=["both owe", "one is overpaid"],
)
def test_several_contracts_get_a_sum_that_is_right(
    session: Session, second: list[Invoice | Payment], lv: str, en: str
) -> None:
    accounts = (account([JANUARY]), account(second, **SECOND))
    assert lv in said(session, STATUS, "lv", *accounts)
    assert en in said(session, STATUS, "en", *accounts)


def test_several_contracts_of_which_one_is_missing_get_no_sum(session: Session) -> None:
    accounts = (account([JANUARY]), account([MARCH], **SECOND))
    assert "Kopā" not in account_answer(session, [STATUS], accounts, "lv", TODAY, sums=False).text


def test_payments_of_several_contracts_say_whose_they_are(session: Session) -> None:
    text = said(session, PAYMENT, "lv", account([paid("5.00")]), account([], **SECOND))
    assert "Adrese: Demo iela 3. Pēdējais maksājums – 5,00 €" in text
    assert "Adrese: Demo iela 5. Neviens maksājums" in text


def test_the_promise_is_said_once_for_several(session: Session) -> None:
    text = said(session, STATUS, "lv", account([JANUARY]), account([DECEMBER], **SECOND))
    assert text.count("neatslēdz") == 1
