"""`bot audit`: known vulnerabilities of the dependencies."""

from datetime import UTC, datetime

import typer

from bot.audit.accepted import AuditError, read_accepted
from bot.audit.findings import of_npm, of_python, problems
from bot.commands.console import err, fail, out, report

SERVICE = typer.Option(None, "--service", metavar="URL", help="A service like https://api.osv.dev/v1/query; else PyPI.")
NPM = typer.Option(True, help="Also audit the development tools of the widget.")


def audit(service: str = SERVICE, npm: bool = NPM) -> None:
    """Look up known vulnerabilities of all locked packages; fails for one that security/accepted.yml does not accept.

    It also fails for an entry of that file that has expired or is not needed any more. It needs network access.
    """
    try:
        accepted = read_accepted()
        report("Looking up known vulnerabilities …")
        found = of_python(service) + (of_npm() if npm else [])
    except AuditError as error:
        fail(" ".join(str(error).split()))
    told = problems(found, accepted, datetime.now(UTC).date())
    for line in told:
        err.print(line, style="red", markup=False, soft_wrap=True)
    out.print(f"{len(found)} known vulnerabilities, {len(accepted)} accepted, {len(told)} to be dealt with.")
    if told:
        raise typer.Exit(1)
