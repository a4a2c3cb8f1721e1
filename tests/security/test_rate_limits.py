"""Rate limits: nobody can overload the assistant with requests, or pose as many clients by forging headers."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import requests
from running import Running, start  # tests/running.py
from sanic.compat import Header

from bot.channels.allowance import Allowance
from bot.channels.visitor_addresses import trusted_proxies, visitor_address
from bot.settings import SettingsError
from bot.settings.channels import TRUSTED_PROXIES

server = pytest.mark.server
MOST = 5


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant behind a proxy of this machine, which allows five requests a minute."""
    folder = tmp_path_factory.mktemp("strict")
    running = start(folder, BOT_LIMIT_REQUESTS=str(MOST), BOT_TRUSTED_PROXIES="127.0.0.1")
    yield running
    running.stop()


@server
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "session"),
        ("POST", "session/"),
        ("POST", "sign-in"),
        ("GET", "history"),
        ("GET", "announcement?language=lv"),
    ],
)
def test_what_costs_something_is_limited(strict: Running, method: str, path: str) -> None:
    someone, other = f"198.51.100.{len(path)}", f"192.0.2.{len(path)}"

    def ask(visitor: str) -> requests.Response:
        forwarded = {"X-Forwarded-For": f"203.0.113.99, {visitor}"}
        return requests.request(method, strict.url + path, headers=forwarded, timeout=10)

    answers = [ask(someone) for _ in range(2 * MOST + 1)]  # a new minute may start in between
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 0 < len(refused) <= len(answers) - MOST
    assert int(refused[0].headers["Retry-After"]) in range(1, 61)
    assert refused[0].headers["Content-Type"] == "application/problem+json"
    assert ask(other).status_code != 429


@server
def test_health_and_files_are_not_refused(strict: Running) -> None:
    """A probe, or a page with its dozen files, must not be limited; both cost almost nothing."""
    base = strict.url.removesuffix("chat/")
    paths = ("health/live", "health/ready", "chat/", "chat/page.js") * (2 * MOST)
    assert {requests.get(base + path, timeout=10).status_code for path in paths} == {200}


ADDRESSES = [
    pytest.param("", "203.0.113.7", "198.51.100.1", "203.0.113.7", id="no proxy: the header is not read"),
    pytest.param("10.0.0.0/8", "203.0.113.7", "198.51.100.1", "203.0.113.7", id="a stranger's header is not read"),
    pytest.param("10.0.0.0/8", "10.0.0.1", "198.51.100.1", "198.51.100.1", id="the proxy's word"),
    pytest.param("10.0.0.0/8", "10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1", id="what a visitor wrote"),
    pytest.param("10.0.0.0/8", "10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1", id="two proxies"),
    pytest.param("10.0.0.0/8", "10.0.0.1", "10.9.9.9", "10.9.9.9", id="somebody inside"),
    pytest.param("10.0.0.0/8", "10.0.0.1", "", "10.0.0.1", id="the proxy itself"),
    pytest.param("10.0.0.0/8", "10.0.0.1", "nonsense, 198.51.100.1", "198.51.100.1", id="nonsense before it"),
    pytest.param("10.0.0.0/8", "10.0.0.1", "nonsense", "nonsense", id="nonsense"),
    pytest.param("::1 fd00::/8", "::1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", id="IPv6: the subscriber"),
    pytest.param("10.0.0.0/8", "::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1", id="IPv4 written as IPv6"),
]


@pytest.fixture(autouse=True)
def _no_proxies_of_before() -> Iterator[None]:
    trusted_proxies.cache_clear()
    yield
    trusted_proxies.cache_clear()


@pytest.mark.parametrize(("trusted", "peer", "forwarded", "address"), ADDRESSES)
def test_the_visitors_address(
    monkeypatch: pytest.MonkeyPatch, trusted: str, peer: str, forwarded: str, address: str
) -> None:
    monkeypatch.setenv(TRUSTED_PROXIES.name, trusted)
    headers = Header({"X-Forwarded-For": forwarded} if forwarded else {})
    assert visitor_address(SimpleNamespace(ip=peer, remote_addr="", headers=headers)) == address


def test_a_proxy_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TRUSTED_PROXIES.name, "10.0.0.0/8 nginx")
    with pytest.raises(SettingsError, match=f"^{TRUSTED_PROXIES.name}: 'nginx'"):
        trusted_proxies()


async def test_a_minute_later_it_may_be_asked_again() -> None:
    now = [0.0]
    allowance = Allowance(1, clock=lambda: now[0])
    waits = []
    for now[0] in (0.0, 20.0, 59.5, 60.0):
        waits.append(await allowance.wait("session", "198.51.100.1"))
    assert waits == [0, 40, 1, 0]


async def test_kinds_and_addresses_are_counted_apart() -> None:
    allowance = Allowance(1, clock=lambda: 0.0)
    asked = [("session", "a"), ("history", "a"), ("session", "b")]
    assert [await allowance.wait(*one) for one in asked] == [0, 0, 0]


async def test_a_redis_that_fails_refuses_nobody_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    allowance = Allowance(1, clock=lambda: 0.0)
    assert [await allowance.wait("session", "a") for _ in range(2)] == [0, 60]
