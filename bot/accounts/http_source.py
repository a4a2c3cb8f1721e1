"""Accounts from a billing system's HTTP interface (docs/accounts.md describes it), with timeouts and a circuit breaker.

After a few failures in a row the system is left alone for a while, and customers hear at once that it is down.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import requests
from pybreaker import CircuitBreaker, CircuitBreakerError
from pydantic import BaseModel, ValidationError

from bot.accounts.account import Account, Invoice, Payment
from bot.accounts.source import Contact, ExtensionWish, SourceUnavailable, Supply

TIMEOUT = (1.0, 1.5)  # seconds to connect, and between two bytes
FAILURES, PAUSE = 3, 30  # failures in a row that open the breaker, and for how many seconds
NOT_FOUND = 404


class _Contact(BaseModel):
    phone: str | None = None
    email: str | None = None
    language: str


class _Invoice(BaseModel):
    number: str
    period: str
    issued_on: date
    due_on: date
    amount: Decimal


class _Payment(BaseModel):
    received_on: date
    amount: Decimal
    booked: bool = True


class _Account(BaseModel):
    contract_number: str
    address: str
    kind: str
    disconnected_since: date | None = None
    reminded_on: date | None = None
    invoices: list[_Invoice]
    payments: list[_Payment]


class _Supply(BaseModel):
    contract_number: str
    address: str


class HttpAccountSource:
    """An `AccountSource` behind an address such as `https://billing.example/api`."""

    def __init__(self, address: str, token: str, *, pause: float = PAUSE) -> None:
        """
        Args:
            token: sent as a bearer token.
            pause: seconds for which the system is left alone after failures.
        """
        self._address = address.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._breaker = CircuitBreaker(fail_max=FAILURES, reset_timeout=pause)

    def contact(self, contract_number: str) -> Contact | None:
        body = self._ask("GET", f"contracts/{_number(contract_number)}/contact")
        return None if body is None else Contact(**_read(_Contact, body).dict())

    def account(self, contract_number: str) -> Account | None:
        body = self._ask("GET", f"contracts/{_number(contract_number)}")
        if body is None:
            return None
        found = _read(_Account, body)
        return Account(
            contract_number=found.contract_number,
            address=found.address,
            kind=found.kind,
            disconnected_since=found.disconnected_since,
            reminded_on=found.reminded_on,
            invoices=tuple(Invoice(**one.dict()) for one in found.invoices),
            payments=tuple(Payment(**one.dict()) for one in found.payments),
        )

    def supplies(self, customer_id: str) -> list[Supply]:
        if not customer_id.isdecimal():
            return []
        body = self._ask("GET", f"customers/{customer_id}/contracts")
        return [Supply(**_read(_Supply, one).dict()) for one in body or []]

    def record_extension(self, wish: ExtensionWish) -> str:
        asked = {
            "contract_number": wish.contract_number,
            "amount": str(wish.amount),
            "until": wish.until.isoformat() if wish.until else None,
            "instalments": wish.instalments,
        }
        body = self._ask("POST", "extension-requests", asked)
        if not isinstance(body, dict) or not isinstance(body.get("reference"), str):
            raise SourceUnavailable("The billing system gave no reference.")
        return str(body["reference"])

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The answer's JSON; None where there is nothing of that name."""
        try:
            return self._breaker.call(self._request, method, path, body)
        except (requests.RequestException, CircuitBreakerError, ValueError) as error:
            raise SourceUnavailable(type(error).__name__) from error

    def _request(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        answer = self._session.request(
            method, f"{self._address}/{path}", json=body, timeout=TIMEOUT, allow_redirects=False
        )
        if answer.status_code == NOT_FOUND:
            return None
        if answer.status_code // 100 != 2:
            raise requests.HTTPError(f"Status {answer.status_code}.")
        return answer.json(parse_float=Decimal)


def _number(contract_number: str) -> str:
    """A contract number as part of an address.

    Raises:
        SourceUnavailable: it is no number; nothing else may get into an address.
    """
    if not (contract_number.isascii() and contract_number.isdecimal()):
        raise SourceUnavailable("Not a contract number.")
    return contract_number


def _read(kind: type[BaseModel], body: Any) -> Any:
    try:
        return kind.parse_obj(body)
    except ValidationError:
        # The error's own text quotes the account.
        raise SourceUnavailable(f"The billing system's answer is no {kind.__name__.strip('_')}.") from None
