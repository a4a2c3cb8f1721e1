"""The audit of dependencies: evaluating reports, and a full run against a local fake of the service."""

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.audit.accepted import Accepted, AuditError, read_accepted
from bot.audit.findings import Vulnerability, problems, read_npm, read_pip_audit

TODAY = date(2026, 12, 1)
WHY = "It takes a stranger's pickle, and nothing here reads pickles from anywhere."
FOUND = Vulnerability("scikit-learn", "1.1.3", frozenset({"PYSEC-1", "CVE-1", "GHSA-1"}), ("1.5.0",))


def entry(**changed: object) -> Accepted:
    return Accepted(**{"id": "CVE-1", "package": "scikit-learn", "why": WHY, "until": date(2027, 1, 1), **changed})


@pytest.mark.parametrize(
    ("found", "accepted", "told"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param([FOUND], [entry()], [], id="accepted"),
        pytest.param([FOUND], [entry(id="GHSA-1")], [], id="accepted by another name"),
        pytest.param([FOUND], [entry(package="Scikit-Learn")], [], id="accepted in capitals"),
        pytest.param([FOUND], [], ["New: scikit-learn 1.1.3: CVE-1, GHSA-1, PYSEC-1; fixed in 1.5.0."], id="new"),
        pytest.param([], [entry()], ["Not needed any more: CVE-1"], id="not needed"),
        pytest.param([FOUND], [entry(package="numpy")], ["New", "Not needed"], id="of another package"),
        pytest.param([FOUND], [entry(until=date(2026, 11, 30))], ["Expired on 2026-11-30"], id="expired"),
        pytest.param([FOUND], [entry(until=TODAY)], [], id="on its last day"),
        pytest.param([FOUND], [entry(until=date(2028, 1, 1))], ["Too far ahead"], id="for ever"),
    ],
)
def test_what_must_be_dealt_with(found: list[Vulnerability], accepted: list[Accepted], told: list[str]) -> None:
    lines = problems(found, accepted, TODAY)
    assert [line.startswith(begin) for line, begin in zip(lines, told, strict=True)] == [True] * len(told)


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"why": "does not apply"}, "say what it takes"), ({"until": "soon"}, "until"), ({"more": 1}, "extra fields")],
)
def test_an_entry_that_says_too_little_is_refused(tmp_path: Path, changed: dict[str, object], told: str) -> None:
    path = tmp_path / "accepted.yml"
    content = {"id": "CVE-1", "package": "x", "why": WHY, "until": "2027-01-01", **changed}
    path.write_text(yaml.safe_dump({"accepted": [content]}))
    with pytest.raises(AuditError, match=told):
        read_accepted(path)


def test_our_list_can_be_read() -> None:
    assert read_accepted() is not None


def test_packages_that_were_not_looked_up_are_no_good_news() -> None:
    """pip-audit says 'No known vulnerabilities found' when its service cannot be reached."""
    skipped = {"dependencies": [{"name": "rasa", "skip_reason": "not found"}, {"name": "numpy", "vulns": []}]}
    with pytest.raises(AuditError, match="for 1 of 2 packages"):
        read_pip_audit(skipped)


@pytest.mark.parametrize("report", [{"message": "405 Method Not Allowed"}, {}])
def test_an_npm_that_looked_nothing_up_is_no_good_news(report: dict[str, Any]) -> None:
    with pytest.raises(AuditError, match="could not look anything up"):
        read_npm(report)


def test_npms_findings_are_read_once_each() -> None:
    advisory = {"url": "https://github.com/advisories/GHSA-9", "range": "<2"}
    report = {
        "vulnerabilities": {
            "inner": {"name": "inner", "via": [advisory, advisory]},
            "outer": {"name": "outer", "via": ["inner"]},
        }
    }
    assert read_npm(report) == [Vulnerability("inner", "<2", frozenset({"GHSA-9"}))]


class Service(BaseHTTPRequestHandler):
    """Answers as OSV does: one vulnerability of one package."""

    asked: set[str] = set()

    def do_POST(self) -> None:
        query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        name = query["package"]["name"]
        self.asked.add(name)
        vulnerability = {
            "id": "PYSEC-0000-1",
            "aliases": ["CVE-0000-1"],
            "summary": "Invented.",
            "affected": [
                {
                    "package": {"name": name, "ecosystem": "PyPI"},
                    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
                }
            ],
        }
        body = json.dumps({"vulns": [vulnerability]} if name == "jsonpickle" else {}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/query"
    server.shutdown()
    server.server_close()


@pytest.mark.audit
def test_the_command_finds_what_the_service_knows(service: str) -> None:
    """Gets pip-audit from PyPI, so it is not part of `make test`: pytest -m audit."""
    from bot.audit.findings import of_python

    (found,) = of_python(service)
    assert (found.package, "CVE-0000-1" in found.names, found.fixed_in) == ("jsonpickle", True, ("99.0",))
    assert {"rasa", "sanic", "tensorflow-cpu", "pytest"} <= Service.asked
