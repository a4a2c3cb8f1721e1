"""Accounts from a billing system's HTTP interface (docs/accounts.md describes it), with timeouts and a circuit breaker.

After a few failures in a row the breaker opens: no requests for a while, and customers hear at once that it is down.
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import requests
from pybreaker import CircuitBreaker, CircuitBreakerError
from pydantic import BaseModel, ConstrainedStr, ValidationError

from bot import deadlines
from bot.accounts.account_status import Account, Invoice, Payment
from bot.accounts.source import Contact, ExtensionWish, SourceUnavailable, Supply
from bot.words.kinds_of_number import CONTRACT_DIGITS, times

TIMEOUT = (deadlines.BILLING_CONNECT, deadlines.BILLING_READ)
FAILURES, PAUSE = 3, 30  # failures in a row that open the breaker; seconds that it stays open
NOT_FOUND = 404
LONGEST_NAME = 64  # characters of a path segment
NEVER_IN_NAMES = {"/", "\\", "%"}


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


class ContractNumber(ConstrainedStr):
    """A contract number as billing returns it: digits only."""

    regex = re.compile(rf"[0-9]{times(CONTRACT_DIGITS)}\Z")
    strict = True


class _Account(BaseModel):
    contract_number: ContractNumber
    address: str
    kind: str
    disconnected_since: date | None = None
    reminded_on: date | None = None
    invoices: list[_Invoice]
    payments: list[_Payment]


class _Supply(BaseModel):
    contract_number: ContractNumber
    address: str


class HttpAccountSource:
    """An `AccountSource` at a URL such as `https://billing.example/api`."""

    def __init__(self, address: str, token: str, *, pause: float = PAUSE) -> None:
        """
        Args:
            token: sent as a bearer token.
            pause: seconds that the circuit breaker stays open after failures.
        """
        self._address = address.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._breaker = CircuitBreaker(fail_max=FAILURES, reset_timeout=pause)

    def contact(self, contract_number: str) -> Contact | None:
        body = self._ask("GET", "contracts", _number(contract_number), "contact")
        return None if body is None else Contact(**_read(_Contact, body).dict())

    def account(self, contract_number: str) -> Account | None:
        body = self._ask("GET", "contracts", _number(contract_number))
        if body is None:
            return None
        found = _read(_Account, body)
        if found.contract_number != contract_number:
            raise SourceUnavailable("The billing system answered with another contract.")
        return Account(
            contract_number=found.contract_number,
            address=found.address,
            kind=found.kind,
            disconnected_since=found.disconnected_since,
            reminded_on=found.reminded_on,
            invoices=tuple(Invoice(**one.dict()) for one in found.invoices),
            payments=tuple(Payment(**one.dict()) for one in found.payments),
        )

    def supplies(self, customer_id: str) -> list[Supply] | None:
        body = self._ask("GET", "customers", customer_id, "contracts")
        if body is None:
            return None
        if not isinstance(body, list):
            raise SourceUnavailable("The billing system's answer is no list of contracts.")
        return [Supply(**_read(_Supply, one).dict()) for one in body]

    def record_extension(self, wish: ExtensionWish) -> str:
        asked = {
            "contract_number": wish.contract_number,
            "amount": str(wish.amount),
            "until": wish.until.isoformat() if wish.until else None,
            "instalments": wish.instalments,
        }
        body = self._ask("POST", "extension-requests", body=asked)
        if not isinstance(body, dict) or not isinstance(body.get("reference"), str):
            raise SourceUnavailable("The billing system gave no reference.")
        return str(body["reference"])

    def _ask(self, method: str, *names: str, body: dict[str, Any] | None = None) -> Any:
        """The JSON response for a path of names; None for 404."""
        path = _path(names)
        if path is None:
            return None
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
    """A contract number as a path segment.

    Raises:
        SourceUnavailable: it is not a number; nothing else may get into a URL.
    """
    if not (contract_number.isascii() and contract_number.isdecimal()):
        raise SourceUnavailable("Not a contract number.")
    return contract_number


def _path(names: Sequence[str]) -> str | None:
    """Names as a URL path, each percent-encoded as one segment; None where one cannot be a customer's or contract's id.

    Refuses what would change the path once a proxy decodes it (path traversal): dots alone, slashes, percent signs.
    """
    if not all(_is_name(name) for name in names):
        return None
    return "/".join(quote(name, safe="") for name in names)


def _is_name(text: str) -> bool:
    is_harmless = text.isprintable() and not NEVER_IN_NAMES & set(text)
    return is_harmless and bool(text.strip(".")) and len(text) <= LONGEST_NAME


def _read(kind: type[BaseModel], body: Any) -> Any:
    try:
        return kind.parse_obj(body)
    except ValidationError:
        # The validation error's own text quotes the account.
        raise SourceUnavailable(f"The billing system's answer is no {kind.__name__.strip('_')}.") from None
