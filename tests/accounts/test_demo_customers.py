"""The demo customers: none is real, and together they cover every account state that an answer may be about."""

import re
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from own_databases import DATABASES, OwnDatabase
from sqlalchemy import func, select

from bot.accounts.account_status import ZERO, Account, AccountStatus, status_of
from bot.accounts.demo import DEMO, load_demo
from bot.accounts.source import Contact
from bot.accounts.sql_source import SqlAccountSource
from bot.data_files import read_yaml
from bot.schema.tables import Contract, Customer, InvoiceRow, PaymentRow, Reminder
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
TODAY = date(2020, 3, 25)
LATER = date(2020, 4, 10)
EIC_CHARACTERS = string.digits + string.ascii_uppercase + "-"
INVENTED = r"(Paraug|Paraudz|Piemēr|Izdom|Test|Fiktīv|Example|Placeholder|Sample)"

CUSTOMERS: list[dict[str, Any]] = read_yaml(DEMO)["customers"]
CONTRACTS: list[dict[str, Any]] = [contract for customer in CUSTOMERS for contract in customer["contracts"]]
INVOICES: list[dict[str, Any]] = [invoice for contract in CONTRACTS for invoice in contract.get("invoices", [])]


@dataclass(frozen=True)
class Supplied:
    """A contract with everything that a case checks, on TODAY and on LATER."""

    account: Account
    contact: Contact
    now: AccountStatus
    later: AccountStatus

    @property
    def debt(self) -> bool:
        return self.now.owed > 0

    @property
    def late(self) -> bool:
        return self.now.overdue_days > 0

    @property
    def cut_off(self) -> bool:
        return self.account.disconnected_since is not None

    def due_in(self, days: int) -> bool:
        """Whether nothing is overdue and the next bill is due in so many days."""
        next_due = self.now.next_due
        return not self.late and next_due is not None and (next_due.invoice.due_on - TODAY).days == days

    def paid_equal_parts(self) -> bool:
        """Whether there are payments, all of the same sum, and still a debt."""
        amounts = [payment.amount for payment in self.account.payments]
        return self.debt and len(amounts) > 1 and len(set(amounts)) == 1


def _supplied(source: SqlAccountSource, number: str) -> Supplied:
    account, contact = source.account(number), source.contact(number)
    assert account is not None
    assert contact is not None
    return Supplied(account, contact, status_of(account, TODAY), status_of(account, LATER))


@pytest.fixture(scope="module", params=DATABASES)
def customers(request: pytest.FixtureRequest, own_database: OwnDatabase) -> Iterator[list[list[Supplied]]]:
    """The contracts of each customer, read back from the tables; loaded once for all cases."""
    with own_database(request.param) as url:
        with session_scope(url) as session:
            load_demo(session)
        source = SqlAccountSource(url)
        yield [
            [_supplied(source, supply.contract_number) for supply in source.supplies(str(customer["id"]))]
            for customer in CUSTOMERS
        ]


CONTRACT_CASES: dict[str, Callable[[Supplied], bool]] = {
    "nothing due": lambda one: bool(one.account.invoices) and one.now.balance == 0,
    "no invoice yet": lambda one: not one.account.invoices,
    "due in three days": lambda one: one.due_in(3),
    "due today": lambda one: one.due_in(0),
    "overdue by one day": lambda one: one.now.overdue_days == 1,
    "overdue by a week": lambda one: one.now.overdue_days == 7,
    "overdue by about 30 days": lambda one: 28 <= one.now.overdue_days <= 31,
    "overdue by several months": lambda one: one.now.overdue_days >= 90 and len(one.now.open) > 2,
    "paid in part": lambda one: any(ZERO < rest.left < rest.invoice.amount for rest in one.now.open),
    "overpaid": lambda one: one.now.overpaid > 0,
    "a payment under way covers the debt": lambda one: one.debt and one.now.under_way >= one.now.owed,
    "a payment under way covers a part": lambda one: ZERO < one.now.under_way < one.now.overdue,
    "disconnected, everything paid since": lambda one: one.cut_off and not one.debt,
    "disconnected, debt": lambda one: one.cut_off and one.late and not one.now.under_way,
    "disconnected, a payment under way": lambda one: one.cut_off and one.late and one.now.under_way > 0,
    "a business owes a big sum": lambda one: one.account.kind == "business" and 10_000 < one.now.owed < 100_000,
    "a very large debt": lambda one: one.now.owed > 1_000_000,
    "a very small debt": lambda one: one.now.owed == Decimal("0.01"),
    "no e-mail": lambda one: one.contact.email is None and one.contact.phone is not None,
    "no phone": lambda one: one.contact.phone is None and one.contact.email is not None,
    "neither e-mail nor phone": lambda one: one.contact.phone is None and one.contact.email is None,
    "speaks English": lambda one: one.contact.language == "en",
    "a household": lambda one: one.account.kind == "household",
    "reminded": lambda one: one.late and one.account.reminded_on is not None,
    "owes nothing now and something later": lambda one: not one.debt and one.later.owed > 0,
    "instalments, not all paid": lambda one: one.paid_equal_parts(),
    "an older number of 10 digits": lambda one: len(one.account.contract_number) == 10,
}


@pytest.mark.parametrize("fits", CONTRACT_CASES.values(), ids=CONTRACT_CASES)
def test_a_contract_is_of_the_case(customers: list[list[Supplied]], fits: Callable[[Supplied], bool]) -> None:
    assert any(fits(one) for contracts in customers for one in contracts)


@pytest.mark.parametrize(
    ("count", "late"),
    [
        pytest.param(2, 1, id="two contracts, one late"),
        pytest.param(2, 2, id="two contracts, both late"),
        pytest.param(3, 1, id="three contracts, one late"),
    ],
)
def test_a_customer_has_several_contracts(customers: list[list[Supplied]], count: int, late: int) -> None:
    """Those that are not late are paid."""
    found = [contracts for contracts in customers if len(contracts) == count]
    assert any(
        sum(one.late for one in contracts) == late and all(one.late or not one.debt for one in contracts)
        for contracts in found
    )


def test_there_are_about_thirty() -> None:
    assert 25 <= len(CUSTOMERS) <= 35


def test_the_file_loads(database: str) -> None:
    with session_scope(database) as session:
        assert load_demo(session) == len(CUSTOMERS)


@pytest.mark.parametrize("table", [Customer, Contract, InvoiceRow, PaymentRow, Reminder])
def test_loading_again_adds_nothing(database: str, table: type) -> None:
    counts = []
    for _ in range(2):
        with session_scope(database) as session:
            load_demo(session)
        with session_scope(database) as session:
            counts.append(session.execute(select(func.count()).select_from(table)).scalar_one())
    assert counts[0] == counts[1] > 0


def test_further_customers_can_follow(database: str) -> None:
    for load in (load_demo, lambda session: session.add(Customer(name="x", kind="household", preferred_language="lv"))):
        with session_scope(database) as session:
            load(session)
    with session_scope(database) as session:
        assert session.execute(select(func.count()).select_from(Customer)).scalar_one() == len(CUSTOMERS) + 1


UNIQUE = {
    "customer id": [customer["id"] for customer in CUSTOMERS],
    "name": [customer["name"] for customer in CUSTOMERS],
    "e-mail": [customer["email"] for customer in CUSTOMERS if "email" in customer],
    "phone": [customer["phone"] for customer in CUSTOMERS if "phone" in customer],
    "contract number": [contract["number"] for contract in CONTRACTS],
    "last six digits of the contract number": [contract["number"][-6:] for contract in CONTRACTS],
    "EIC": [contract["eic"] for contract in CONTRACTS],
    "address": [contract["address"] for contract in CONTRACTS],
    "invoice number": [invoice["number"] for invoice in INVOICES],
}


@pytest.mark.parametrize("values", UNIQUE.values(), ids=UNIQUE)
def test_is_unique(values: list[Any]) -> None:
    assert sorted(values) == sorted(set(values))


SHAPES = {
    "name": (UNIQUE["name"], rf".*\b{INVENTED}.*"),
    "e-mail": (UNIQUE["e-mail"], r"[a-z.]+@(example\.lv|example\.com|[a-z]+\.example)"),
    "phone": (UNIQUE["phone"], r"\+371200000\d\d"),
    "address": (UNIQUE["address"], r"(Demo|Parauga|Piemēra|Izdomu|Testa) (iela|prospekts) \d+(-\d+)?, \w+"),
    "contract number": (UNIQUE["contract number"], r"9001000\d{4}|1002003\d{3}"),
    "EIC": (UNIQUE["EIC"], r"43X-DEMO-0000\d\d[A-Z0-9]"),
    "invoice number": (UNIQUE["invoice number"], r"DEMO-\d{3,4}-\d"),
    "amount": (
        [
            line["amount"]
            for contract in CONTRACTS
            for kind in ("invoices", "payments")
            for line in contract.get(kind, [])
        ],
        r"\d+\.\d\d",
    ),
}


@pytest.mark.parametrize(("values", "shape"), SHAPES.values(), ids=SHAPES)
def test_is_of_the_invented_kind(values: list[str], shape: str) -> None:
    assert [value for value in values if not re.fullmatch(shape, value)] == []


def _check_character(eic: str) -> str:
    """The check character (the sixteenth) of the first fifteen."""
    total = sum(EIC_CHARACTERS.index(one) * weight for one, weight in zip(eic[:15], range(16, 1, -1), strict=True))
    return EIC_CHARACTERS[36 - (total - 1) % 37]


@pytest.mark.parametrize("eic", UNIQUE["EIC"])
def test_eic_has_the_right_check_character(eic: str) -> None:
    assert eic[15] == _check_character(eic)


@pytest.mark.parametrize(("kind", "days"), [("household", 20), ("business", 15)])
def test_bills_are_due_so_many_days_after_they_were_issued(kind: str, days: int) -> None:
    terms = {
        invoice["due"] - invoice["issued"]
        for customer in CUSTOMERS
        if customer["kind"] == kind
        for contract in customer["contracts"]
        for invoice in contract.get("invoices", [])
    }
    assert terms == {timedelta(days)}


def test_bills_are_issued_in_the_month_after_their_period() -> None:
    months = [(f"{invoice['issued'].replace(day=1) - timedelta(1):%Y-%m}", invoice["period"]) for invoice in INVOICES]
    assert [pair for pair in months if pair[0] != pair[1]] == []
