"""Timeouts are defined in one place, and those outside Python (nginx, JavaScript) are consistent with them."""

import ast
import re

import pytest

from bot import deadlines
from bot.settings import PROJECT

MODULES = [path for folder in ("bot", "actions") for path in (PROJECT / folder).rglob("*.py")]
NAMES = re.compile(r"_?([A-Z]+_)*(DEADLINE|PATIENCE|LIFETIME|TIMEOUT)(_[A-Z]+)*")
HOLDERS = {"bot/accounts/http_source.py", "bot/channels/messenger/graph.py"}  # a client's, made of our deadlines


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def found(pattern: str, *path: str) -> float:
    """The number that occurs in a file of the project, exactly once."""
    (number,) = re.findall(pattern, PROJECT.joinpath(*path).read_text(encoding="utf-8"))
    return float(number.replace("_", ""))


@pytest.mark.parametrize(("shorter", "longer", "because"), deadlines.RELATIONS, ids=str)
def test_what_must_be_over_first_is_shorter(shorter: float, longer: float, because: str) -> None:
    assert shorter < longer, because


def test_the_chain_from_a_lock_of_the_database_to_a_message_that_is_sent_again() -> None:
    chain = (
        deadlines.DATABASE_LOCK,
        deadlines.DATABASE_STATEMENT,
        deadlines.ACTION,
        deadlines.TURN,
        deadlines.CUSTOMER_HEARS,
        deadlines.CONVERSATION_LOCK,
        deadlines.UNFINISHED_TURN,
    )
    assert chain == (1.5, 2.0, 2.2, 2.8, 3.0, 5.0, 10.0)
    assert list(chain) == sorted(set(chain))


def test_no_other_module_has_deadlines_of_its_own() -> None:
    assigned = [
        (str(path.relative_to(PROJECT)), name.id)
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and not is_text(node.value)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name) and NAMES.fullmatch(name.id)
    ]
    assert [each for each in assigned if each[0] not in HOLDERS] == []


def test_the_widget_tells_the_customer_when_the_server_should_have() -> None:
    widget = PROJECT / "bot" / "channels" / "widget"
    assert found(r"const ANSWER_PATIENCE = ([\d_]+);", str(widget / "outbox.js")) == 1000 * deadlines.CUSTOMER_HEARS
    silence = found(r"const SILENCE = ([\d_]+);", str(widget / "server.js")) / 1000
    assert deadlines.UNFINISHED_TURN + deadlines.CUSTOMER_HEARS < silence < deadlines.HTTP_RESPONSE


def test_nginx_waits_as_long_as_an_answer_may_take() -> None:
    nginx = ("deploy", "nginx", "nginx.conf.template")
    ingress = (PROJECT / "deploy" / "kubernetes" / "ingress.yml").read_text(encoding="utf-8")
    waits = [found(r"\n    proxy_read_timeout (\d+)s;", *nginx)]
    waits += [float(each) for each in re.findall(r'proxy-read-timeout: "(\d+)"', ingress)]
    longest = deadlines.UNFINISHED_TURN + deadlines.TURN
    assert [each for each in waits if not longest < each < deadlines.HTTP_RESPONSE] == []
    assert found(r"keepalive_timeout (\d+)s;", *nginx) < deadlines.HTTP_KEEP_ALIVE


def test_containers_wait_for_the_probe_and_for_the_end() -> None:
    assert found(r"HEALTHCHECK .*--timeout=(\d+)s", "deploy", "Dockerfile") > deadlines.PROBE
    compose = PROJECT / "deploy" / "compose.yml"
    graces = re.findall(r"stop_grace_period: (\d+)s", compose.read_text(encoding="utf-8"))
    for path in sorted((PROJECT / "deploy" / "kubernetes").glob("*.yml")):
        graces += re.findall(r"terminationGracePeriodSeconds: (\d+)", path.read_text(encoding="utf-8"))
    assert (len(graces) > 3, [each for each in graces if float(each) <= deadlines.KILL]) == (True, [])
