"""The findings of pip-audit and `npm audit`, and which of them must be dealt with."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot import deadlines
from bot.audit.accepted import LONGEST, Accepted, AuditError
from bot.settings import PROJECT

PIP_AUDIT = "pip-audit==2.10.1"  # in an environment of its own: it needs a newer 'packaging' than Rasa allows


@dataclass(frozen=True)
class Vulnerability:
    """A known vulnerability of a package that is locked.

    Attributes:
        names: its ids (CVE, GHSA, PYSEC …).
        fixed_in: versions without the vulnerability.
    """

    package: str
    version: str
    names: frozenset[str]
    fixed_in: tuple[str, ...] = ()

    def __str__(self) -> str:
        fixed = f"; fixed in {', '.join(self.fixed_in)}" if self.fixed_in else "; no fix yet"
        return f"{self.package} {self.version}: {', '.join(sorted(self.names))}{fixed}"


def of_python(service: str | None = None) -> list[Vulnerability]:
    """Known vulnerabilities of the packages of `uv.lock`, of all dependency groups.

    Args:
        service: URL of a service with the API of https://api.osv.dev/v1/query; PyPI's own where it is None.

    Raises:
        AuditError: the lookup failed, even if for one package only.
    """
    uv = _program("uv", PROJECT / ".uv" / "bin" / "uv")
    with tempfile.TemporaryDirectory() as folder:
        locked, report = Path(folder) / "locked.txt", Path(folder) / "report.json"
        exported = ["export", "--frozen", "--quiet", "--no-hashes", "--no-emit-project", "--all-groups"]
        _run([uv, *exported, "--output-file", str(locked)])
        asked = ["-s", "osv", "--osv-url", service] if service else []
        audit = [
            uv,
            "tool",
            "run",
            PIP_AUDIT,
            "-r",
            str(locked),
            "--no-deps",
            "--disable-pip",
            "--progress-spinner=off",
        ]
        done = _run([*audit, *asked, "--format=json", "--output", str(report)], fine={0, 1})
        if not report.is_file():
            raise AuditError(f"pip-audit made no report: {_last_line(done)}")
        return read_pip_audit(json.loads(report.read_text(encoding="utf-8")))


def read_pip_audit(report: dict[str, Any]) -> list[Vulnerability]:
    """The findings of pip-audit's JSON.

    Raises:
        AuditError: it skipped packages, which it does not count as a failure itself.
    """
    skipped = [entry["name"] for entry in report["dependencies"] if "skip_reason" in entry]
    if skipped:
        raise AuditError(
            f"Nothing could be looked up for {len(skipped)} of {len(report['dependencies'])} packages "
            f"({', '.join(skipped[:3])} …): is the service reachable?"
        )
    return [
        Vulnerability(
            entry["name"],
            entry["version"],
            frozenset([found["id"], *found.get("aliases", [])]),
            tuple(found.get("fix_versions", [])),
        )
        for entry in report["dependencies"]
        for found in entry["vulns"]
    ]


def of_npm() -> list[Vulnerability]:
    """Known vulnerabilities of the widget's development tools, which are never served.

    Raises:
        AuditError: the lookup failed.
    """
    done = _run([_program("npm"), "audit", "--json"], fine={0, 1})
    try:
        return read_npm(json.loads(done.stdout))
    except ValueError as error:
        raise AuditError(f"npm made no report: {_last_line(done)}") from error


def read_npm(report: dict[str, Any]) -> list[Vulnerability]:
    """The findings of npm's JSON.

    Raises:
        AuditError: npm's lookup failed.
    """
    if "vulnerabilities" not in report:
        raise AuditError(f"npm could not look anything up: {report.get('message', 'no reason given')}.")
    found = {
        (entry["name"], advisory["url"].rsplit("/", 1)[-1]): advisory
        for entry in report["vulnerabilities"].values()
        for advisory in entry["via"]
        if isinstance(advisory, dict)  # otherwise the name of another package in the report
    }
    return [Vulnerability(package, advisory["range"], frozenset([name])) for (package, name), advisory in found.items()]


def problems(found: Sequence[Vulnerability], accepted: Sequence[Accepted], today: date) -> list[str]:
    """The problems, a sentence each; empty where every finding is accepted, and every accepted entry is needed."""
    told = [f"New: {each}." for each in found if not any(_is_of(entry, each) for entry in accepted)]
    for entry in accepted:
        name = f"{entry.id} of {entry.package}"
        if not any(_is_of(entry, each) for each in found):
            told.append(f"Not needed any more: {name}; take it out of the list.")
        if entry.until < today:
            told.append(f"Expired on {entry.until}: {name}; look at it again.")
        if entry.until > today + LONGEST:
            told.append(f"Too far ahead: {name} until {entry.until}; half a year at most.")
    return told


def _is_of(entry: Accepted, finding: Vulnerability) -> bool:
    return entry.package.casefold() == finding.package.casefold() and entry.id in finding.names


def _program(name: str, ours: Path | None = None) -> str:
    there = shutil.which(name) or (str(ours) if ours and ours.is_file() else None)
    if there is None:
        raise AuditError(f"The audit needs the program '{name}'.")
    return there


def _run(command: list[str], fine: set[int] = frozenset({0})) -> subprocess.CompletedProcess[str]:  # type: ignore[assignment]
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(PROJECT / ".venv")}
    try:
        done = subprocess.run(  # noqa: S603 (our own arguments)
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=deadlines.AUDIT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise AuditError(f"{Path(command[0]).name} took longer than {deadlines.AUDIT} s.") from error
    if done.returncode not in fine:
        raise AuditError(f"{Path(command[0]).name} failed: {_last_line(done)}")
    return done


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    return (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
