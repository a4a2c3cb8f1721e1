"""`bot staff`: who of the company's people may use the console."""

from collections.abc import Callable

import typer
from rich.table import Table
from sqlalchemy.orm import Session

from bot.commands.console import key_column, out, plain_errors, show_table
from bot.settings import LANGUAGES
from bot.settings.staff_console import console_address
from bot.staff.models import StaffAccount
from bot.staff.one_time_links import LINK_LIFE, make_link
from bot.staff.permissions import StaffRole
from bot.staff.staff_accounts import account_named, add_account, change_account, everybody
from bot.staff.staff_audit import AuditedAct, note_act
from bot.staff.staff_codes import reset_codes
from bot.storage.engine import session_scope

app = typer.Typer(help="Accounts of the console: add, list, disable, link, roles.", no_args_is_help=True)
Roles = typer.Option([StaffRole.AGENT], "--role", help="A role; may be given several times.")
NewRoles = typer.Option(..., "--role", help="A role; may be given several times.")
Languages = typer.Option(LANGUAGES, "--language", help="A language in which customers can be answered; several.")
Login = typer.Argument(help="What is typed to sign in.")


@app.command()
def add(
    login: str = Login,
    name: str = typer.Option(..., help="First name, which customers are shown."),
    role: list[StaffRole] = Roles,
    language: list[str] = Languages,
) -> None:
    """Add an account, and print the link that sets its passphrase once."""
    with plain_errors(), session_scope() as session:
        person = add_account(session, login, name, role, language)
        note_act(session, AuditedAct.ACCOUNT_ADDED, None, about=f"staff:{person.id}")
        token = _link(session, account_named(session, login))
    _show_link(person.login, token)


@app.command("list")
def list_accounts() -> None:
    """List all accounts."""
    with plain_errors(), session_scope() as session:
        table = Table(key_column("login"), "name", "roles", "languages", "signs in")
        for one in everybody(session):
            how = "directory" if one.is_from_directory else "passphrase" if one.has_passphrase else "not yet"
            state = "disabled" if one.is_disabled else how
            table.add_row(one.login, one.name, ", ".join(sorted(one.roles)), ", ".join(one.languages), state)
    show_table(table)


@app.command()
def disable(
    login: str = Login,
    undo: bool = typer.Option(False, "--undo", help="Let the account in again."),
) -> None:
    """Disable an account: it is signed out everywhere within seconds, and cannot sign in."""

    def change(session: Session, account: StaffAccount) -> None:
        change_account(session, account.id, is_disabled=not undo)
        act = AuditedAct.ACCOUNT_ENABLED if undo else AuditedAct.ACCOUNT_DISABLED
        note_act(session, act, None, about=f"staff:{account.id}")

    _change(login, change)
    out.print(f"{login} is {'let in again' if undo else 'disabled'}.", markup=False)


@app.command()
def link(login: str = Login) -> None:
    """Print a new link that sets a passphrase once; earlier links of the account are void."""
    with plain_errors(), session_scope() as session:
        token = _link(session, account_named(session, login))
    _show_link(login, token)


@app.command("reset-codes")
def reset(login: str = Login) -> None:
    """Ask an account for no one-time codes any more, as when the phone and the recovery codes are lost."""

    def change(session: Session, account: StaffAccount) -> None:
        reset_codes(session, account.id)
        note_act(session, AuditedAct.CODES_RESET, None, about=f"staff:{account.id}")

    _change(login, change)
    out.print(f"{login} is signed out, and signs in with the passphrase alone.", markup=False)


@app.command()
def roles(
    login: str = Login,
    role: list[StaffRole] = NewRoles,
) -> None:
    """Set an account's roles to those given."""

    def change(session: Session, account: StaffAccount) -> None:
        change_account(session, account.id, roles=role)
        note_act(session, AuditedAct.ACCOUNT_CHANGED, None, about=f"staff:{account.id}")

    _change(login, change)
    out.print(f"{login}: {', '.join(sorted(set(role)))}.", markup=False)


def _change(login: str, change: Callable[[Session, StaffAccount], None]) -> None:
    with plain_errors(), session_scope() as session:
        change(session, account_named(session, login))


def _link(session: Session, account: StaffAccount) -> str:
    note_act(session, AuditedAct.LINK_MADE, None, about=f"staff:{account.id}")
    return make_link(session, account)


def _show_link(login: str, token: str) -> None:
    hours = int(LINK_LIFE.total_seconds() / 3600)
    out.print(f"{login} sets a passphrase here, once, within {hours} hours:", markup=False)
    out.print(f"{console_address()}/link#{token}", markup=False, soft_wrap=True)
