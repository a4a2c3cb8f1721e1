"""`bot privacy`: erases customers' stored data, and shows the audit of erasures."""

import getpass
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import typer
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.accounts.given_numbers import contract_numbers
from bot.accounts.setup import account_source
from bot.accounts.source import SourceUnavailable
from bot.clock import RIGA
from bot.commands.console import fail, key_column, out, plain_errors, show_table
from bot.erasure.erasing import Erased, forget_conversation, forget_customer, purge
from bot.erasure.models import PrivacyAudit
from bot.settings import LANGUAGES
from bot.storage.engine import session_scope
from bot.words.kinds_of_number import CONTRACT_DIGITS

app = typer.Typer(help="Customers' stored data: forget somebody, purge old data, show the audit.", no_args_is_help=True)
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
LATEST = 50  # audit records shown


@app.command()
def forget(
    conversation: str = typer.Option(None, help="Id of a conversation."),
    customer: str = typer.Option(None, help="Id of a customer, as the website's sign-in and billing have it."),
    contract: str = typer.Option(None, help="Number of one contract."),
) -> None:
    """Erase the stored data of one conversation, or of all in which a customer's account was opened."""
    given = [name for name in (conversation, customer, contract) if name]
    if len(given) != 1:
        fail("Say whom to forget: one of --conversation, --customer, --contract.")
    with plain_errors():
        if conversation:
            _erase(lambda session: forget_conversation(session, conversation, _operator()))
        else:
            numbers = _number(contract) if contract else _contracts(customer)
            _erase(lambda session: forget_customer(session, numbers, _operator()))


@app.command("purge")
def purge_old(older_than: str = typer.Option(..., help="Age, such as 30d, 12h or 4w.")) -> None:
    """Erase older conversations, requests for a person and complaints, and data that has no effect any more."""
    age = age_of(older_than)
    with plain_errors():
        _show(purge(session_scope, datetime.now(UTC) - age, older_than.strip(), _operator()))


@app.command()
def log() -> None:
    """Show the audit of erasures, the latest first."""
    with plain_errors(), session_scope() as session:
        table = Table(key_column("when"), "what", key_column("of"), "rows", "by")
        latest = select(PrivacyAudit).order_by(PrivacyAudit.id.desc()).limit(LATEST)
        for line in session.execute(latest).scalars():
            rows = ", ".join(f"{count} {name}" for name, count in line.erased.items()) or "none"
            moment = line.at.astimezone(RIGA).isoformat(sep=" ", timespec="seconds")
            table.add_row(moment, line.action, line.subject[:24], rows, escape(line.operator))
    show_table(table)


def age_of(text: str) -> timedelta:
    """Parse an age such as 30d, 12h or 4w; ends the command with a message where it is not one."""
    found = re.fullmatch(r"([1-9]\d{0,4})([hdw])", text.strip())
    if found is None:
        fail(f"{text!r} is no age; write it like 30d, 12h or 4w.")
    return int(found.group(1)) * UNITS[found.group(2)]


def _number(contract: str) -> list[str]:
    return contract_numbers(contract, LANGUAGES[0])[:1] or fail(
        f"{contract!r} is no contract number of {CONTRACT_DIGITS.start} to {CONTRACT_DIGITS.stop - 1} digits."
    )


def _contracts(customer: str) -> list[str]:
    try:
        supplies = account_source().supplies(customer)
    except SourceUnavailable as error:
        fail(f"The accounts cannot be read: {error}. With --contract they are not needed.")
    if not supplies:
        fail(f"There is no customer {customer!r} with a contract; with --contract a number can be given.")
    return [supply.contract_number for supply in supplies]


def _operator() -> str:
    """The login name of the operator."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in containers
        return "unknown"


def _erase(work: Callable[[Session], Erased]) -> None:
    with session_scope() as session:
        erased = work(session)
    _show(erased)


def _show(erased: Erased) -> None:
    if not any(erased.values()):
        out.print("Nothing was there to erase. 'bot privacy log' shows that it was looked for.")
        return
    table = Table(key_column("table"), "rows erased")
    for name, count in erased.items():
        table.add_row(name, str(count))
    show_table(table)
