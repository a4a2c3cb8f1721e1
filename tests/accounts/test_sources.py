"""Accounts from the tables and from a billing system's HTTP interface: the same for the caller."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from own_databases import DATABASES, OwnDatabase

from bot.accounts.account_status import Account, Invoice, Payment
from bot.accounts.demo import load_demo
from bot.accounts.http_source import FAILURES, HttpAccountSource
from bot.accounts.source import AccountSource, Contact, ExtensionWish, SourceUnavailable, Supply
from bot.accounts.sql_source import SqlAccountSource
from bot.storage.engine import session_scope

TOKEN = "a token for tests"
NUMBER = "90010000055"
OVERPAID = Account(
    contract_number=NUMBER,
    address="Demo iela 5-7, Rīga",
    kind="household",
    disconnected_since=None,
    reminded_on=None,
    invoices=(Invoice("DEMO-055-1", "2020-02", date(2020, 3, 5), date(2020, 3, 25), Decimal("29.99")),),
    payments=(Payment(date(2020, 3, 10), Decimal("60.00")),),
)
WISH = ExtensionWish(NUMBER, Decimal("29.99"), instalments=3)
LATER = ExtensionWish(NUMBER, Decimal("29.99"), until=date(2020, 5, 1))


class Billing:
    """A fake billing system: answers as docs/accounts.md says, or as a test tells it to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status, self.delay, self.body = 200, 0.0, None
        self.requests: dict[str, str] = {}
        billing = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                billing.asked.append(f"{self.command} {self.path}")
                length = int(self.headers.get("Content-Length") or 0)
                status, body = billing.answer(self.path, self.headers["Authorization"], self.rfile.read(length))
                time.sleep(billing.delay)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(body.encode())

            do_GET = do_POST = _answer  # noqa: N815  (http.server looks for these names)

            def log_message(self, *_: object) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/api/"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def answer(self, path: str, authorization: str | None, sent: bytes) -> tuple[int, str]:
        if authorization != f"Bearer {TOKEN}":
            return 401, "{}"
        if self.status != 200 or self.body is not None:
            return self.status, self.body or "{}"
        found = self.contents().get(path)
        if path == "/api/extension-requests":
            reference = self.requests.setdefault(sent.decode(), f"EL-{len(self.requests) + 1:04d}")
            found = {"reference": reference}
        return (200, json.dumps(found)) if found is not None else (404, "{}")

    def contents(self) -> dict[str, Any]:
        (invoice,), (payment,) = OVERPAID.invoices, OVERPAID.payments
        account = {
            "contract_number": NUMBER,
            "address": OVERPAID.address,
            "kind": OVERPAID.kind,
            "invoices": [
                {
                    "number": invoice.number,
                    "period": invoice.period,
                    "issued_on": "2020-03-05",
                    "due_on": "2020-03-25",
                    "amount": "29.99",
                }
            ],
            "payments": [{"received_on": payment.received_on.isoformat(), "amount": "60.00"}],
        }
        return {
            f"/api/contracts/{NUMBER}": account,
            f"/api/contracts/{NUMBER}/contact": {
                "phone": "+37120000005",
                "email": "emma.example@example.com",
                "language": "en",
            },
            "/api/customers/5/contracts": [{"contract_number": NUMBER, "address": OVERPAID.address}],
        }

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def billing() -> Iterator[Billing]:
    made = Billing()
    yield made
    made.close()


@pytest.fixture(params=["http", *DATABASES])
def source(request: pytest.FixtureRequest, own_database: OwnDatabase, billing: Billing) -> Iterator[AccountSource]:
    if request.param == "http":
        yield HttpAccountSource(billing.address, TOKEN)
        return
    with own_database(request.param) as url:
        with session_scope(url) as session:
            load_demo(session)
        yield SqlAccountSource(url)


def test_an_account_has_its_invoices_and_payments(source: AccountSource) -> None:
    assert source.account(NUMBER) == OVERPAID


def test_a_contract_has_a_contact(source: AccountSource) -> None:
    assert source.contact(NUMBER) == Contact("+37120000005", "emma.example@example.com", "en")


@pytest.mark.parametrize(
    "look", [lambda source: source.account("90019999999"), lambda source: source.contact("90019999999")]
)
def test_there_is_nothing_of_an_unknown_number(source: AccountSource, look: Callable[[AccountSource], object]) -> None:
    assert look(source) is None


@pytest.mark.parametrize(
    ("customer", "found"),
    [("5", [Supply(NUMBER, OVERPAID.address)]), ("999", None), ("9" * 20, None), ("../5", None), ("", None)],
)
def test_a_customer_who_signed_in_has_contracts(
    source: AccountSource, customer: str, found: list[Supply] | None
) -> None:
    assert source.supplies(customer) == found


# The URL that a customer's id would lead to if it were not percent-encoded.
LEADING_ELSEWHERE = [
    "../contracts/90010000055",
    "5/../../customers/5",
    "5/contracts?x=",
    "5/contracts#",
    "5%2f..%2f5",
    "%2e%2e/5",
    "..",
    ".",
    "5/",
    "5\\..",
    "5;x=1",
    "5\n",
    "5 ",
    "٥",
    "x" * 65,
]


@pytest.mark.parametrize("customer", LEADING_ELSEWHERE)
def test_a_customers_id_stays_one_step_of_the_address(billing: Billing, customer: str) -> None:
    assert HttpAccountSource(billing.address, TOKEN).supplies(customer) is None
    assert all(re.fullmatch(r"GET /api/customers/(?!\.+/)[\w.%-]+/contracts", asked) for asked in billing.asked)
    assert not re.search("%2f|%5c|%25|%2e", "".join(billing.asked).lower())


def test_a_customers_id_may_be_more_than_digits(billing: Billing) -> None:
    HttpAccountSource(billing.address, TOKEN).supplies("C-5 ā")
    assert billing.asked == ["GET /api/customers/C-5%20%C4%81/contracts"]


def test_another_contracts_account_is_not_taken(billing: Billing) -> None:
    billing.body = json.dumps({**billing.contents()[f"/api/contracts/{NUMBER}"], "contract_number": "90010000066"})
    with pytest.raises(SourceUnavailable, match="another contract"):
        HttpAccountSource(billing.address, TOKEN).account(NUMBER)


@pytest.mark.parametrize("number", ["../x", "1234567", "1234567890123", "90010000055\n", "٩٠٠١٠٠٠٠٠٥٥", 90010000055])
def test_a_contract_of_a_customer_has_a_contracts_number(billing: Billing, number: object) -> None:
    billing.body = json.dumps([{"contract_number": number, "address": "x"}])
    with pytest.raises(SourceUnavailable, match="no Supply"):
        HttpAccountSource(billing.address, TOKEN).supplies("5")


def test_what_is_no_list_of_contracts_is_unavailable(billing: Billing) -> None:
    billing.body = "{}"
    with pytest.raises(SourceUnavailable):
        HttpAccountSource(billing.address, TOKEN).supplies("5")


def test_the_same_wish_gets_the_same_reference(source: AccountSource) -> None:
    assert source.record_extension(WISH) == source.record_extension(WISH)


def test_other_wishes_get_other_references(source: AccountSource) -> None:
    assert source.record_extension(WISH) != source.record_extension(LATER)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, None), (401, None), (302, None), (200, "<html>"), (200, "[]"), (200, '{"invoices": "many"}')],
)
def test_what_a_billing_system_should_not_answer_is_unavailable(billing: Billing, status: int, body: str) -> None:
    billing.status, billing.body = status, body
    with pytest.raises(SourceUnavailable):
        HttpAccountSource(billing.address, TOKEN).account(NUMBER)


def test_an_answer_that_cannot_be_read_is_not_quoted(billing: Billing) -> None:
    billing.body = '{"address": "Demo iela 5"}'
    with pytest.raises(SourceUnavailable, match="no Account") as raised:
        HttpAccountSource(billing.address, TOKEN).account(NUMBER)
    assert "Demo iela" not in str(raised.value)


def test_a_wrong_token_is_unavailable(billing: Billing) -> None:
    with pytest.raises(SourceUnavailable):
        HttpAccountSource(billing.address, "another").account(NUMBER)


def test_a_slow_billing_system_is_not_waited_for(billing: Billing) -> None:
    billing.delay = 5.0
    began = time.monotonic()
    with pytest.raises(SourceUnavailable):
        HttpAccountSource(billing.address, TOKEN).account(NUMBER)
    assert time.monotonic() - began < 3.0


def test_after_failures_the_billing_system_is_left_alone(billing: Billing) -> None:
    billing.status = 500
    source = HttpAccountSource(billing.address, TOKEN)
    for _ in range(FAILURES + 5):
        with pytest.raises(SourceUnavailable):
            source.account(NUMBER)
    assert len(billing.asked) == FAILURES


def test_it_is_asked_again_after_a_pause(billing: Billing) -> None:
    billing.status = 500
    source = HttpAccountSource(billing.address, TOKEN, pause=0.05)
    for _ in range(FAILURES):
        with pytest.raises(SourceUnavailable):
            source.account(NUMBER)
    billing.status = 200
    time.sleep(0.1)
    assert source.account(NUMBER) == OVERPAID


@pytest.mark.parametrize("number", ["../customers/5", "", "٣٤٥٦٧٨٩٠", "1 2"])
def test_only_digits_get_into_an_address(billing: Billing, number: str) -> None:
    with pytest.raises(SourceUnavailable):
        HttpAccountSource(billing.address, TOKEN).account(number)
    assert billing.asked == []


def test_a_database_without_tables_is_unavailable(tmp_path: Any) -> None:
    with pytest.raises(SourceUnavailable):
        SqlAccountSource(f"sqlite:///{tmp_path / 'empty.db'}").account(NUMBER)
