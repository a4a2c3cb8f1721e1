"""Attacks on one-time codes through the web channel, from one address and from many, and their effect on owners."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
import requests
from running import Running, replies, start  # tests/running.py

from bot.accounts.code_limits import AT_STRANGER, FOR_STRANGERS

pytestmark = pytest.mark.server
KNOWN, ALSO_KNOWN, UNKNOWN = "90010000033", "90010000011", "90019999999"
SENT, REFUSED = "sūtu sešu ciparu kodu", "Drošības dēļ kodu tagad nesūtīšu"
ADDRESS_LIMIT = 10
FRESH = count(1)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant that trusts a proxy's X-Forwarded-For, with production limits."""
    limits = {"BOT_LIMIT_CODES_ADDRESS": str(ADDRESS_LIMIT), "BOT_LIMIT_CODES": "500"}
    running = start(
        tmp_path_factory.mktemp("proxied"), BOT_AS_OF="2020-03-25", BOT_TRUSTED_PROXIES="127.0.0.1", **limits
    )
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _nothing_was_asked_before(proxied: Running) -> None:
    for table in ("verification_codes", "verification_locks", "proven_addresses"):
        proxied.rows(f"DELETE FROM {table}")  # noqa: S608


def address() -> str:
    """An unused address."""
    number = next(FRESH)
    return f"198.51.{number // 250}.{number % 250 + 1}"


def said(running: Running, session: str, text: str, source: str) -> str:
    answer = requests.post(
        running.url + "messages",
        json={"id": f"message-{next(FRESH)}", "text": text},
        headers={"Authorization": f"Bearer {session}", "X-Forwarded-For": source},
        timeout=30,
    )
    return "\n".join(reply["text"] for reply in replies(answer))


def asks(running: Running, number: str, source: str, session: str | None = None) -> str:
    """The answer to somebody at an address who asks for a code."""
    return said(running, session or running.session(), f"Cik es esmu parādā? Līgums {number}", source)


def masked(text: str) -> str:
    """A text without the masked recipient."""
    return re.sub(r"(•+\d\d|\w•+@•+)", "…", text)


def opens(running: Running, number: str, source: str) -> str:
    """The answer to an owner at an address who gives the received code."""
    outbox, session = running.outbox(), running.session()
    asks(running, number, source, session)
    return said(running, session, outbox.code(), source)


@pytest.mark.parametrize("number", [KNOWN, UNKNOWN])
def test_that_a_code_is_sent_is_not_said_where_none_is(proxied: Running, number: str) -> None:
    outbox, source = proxied.outbox(), address()
    heard = [asks(proxied, number, source) for _ in range(AT_STRANGER.hour + 1)]
    assert [SENT in text for text in heard] == [True] * AT_STRANGER.hour + [False]
    assert REFUSED in heard[-1]
    assert "ne agrāk kā pēc 1 stundas" in heard[-1]
    sent = [outbox.code_within(1.0) for _ in heard]
    assert [code is not None for code in sent] == [number == KNOWN] * AT_STRANGER.hour + [False]


def test_a_number_that_does_not_exist_sounds_the_same_all_the_way(proxied: Running) -> None:
    def all_the_way(number: str, source: str) -> list[str]:
        session = proxied.session()
        texts = [asks(proxied, number, source, session)]
        texts += [said(proxied, session, "vēlreiz", source) for _ in range(AT_STRANGER.hour)]
        texts += [said(proxied, session, "000000", source) for _ in range(3)]
        return [masked(text) for text in [*texts, asks(proxied, number, source)]]

    assert all_the_way(KNOWN, address()) == all_the_way(UNKNOWN, address())


def test_whoever_knows_a_number_keeps_its_owner_out_neither_by_wrong_codes_nor_by_requests(proxied: Running) -> None:
    attacker, session = address(), proxied.session()
    asks(proxied, KNOWN, attacker, session)
    for _ in range(3):
        heard = said(proxied, session, "000000", attacker)
    assert "pārāk daudz reižu bija nepareizs" in heard
    for _ in range(5):
        asks(proxied, KNOWN, attacker)
    assert "52,10" in opens(proxied, KNOWN, address())


def test_an_owner_who_was_here_before_is_kept_out_by_no_number_of_addresses(proxied: Running) -> None:
    owner = address()
    opens(proxied, KNOWN, owner)
    heard = [asks(proxied, KNOWN, address()) for _ in range(FOR_STRANGERS.hour + 2)]
    assert REFUSED in heard[-1]
    assert "52,10" in opens(proxied, KNOWN, owner)


def test_one_address_has_codes_sent_to_few_customers(proxied: Running) -> None:
    source = address()
    heard = [asks(proxied, f"900100{number:05d}", source) for number in range(29)]
    assert [SENT in text for text in heard] == [True] * ADDRESS_LIMIT + [False] * 19


def test_an_ipv6_subscriber_is_one_address(proxied: Running) -> None:
    heard = [asks(proxied, KNOWN, f"2001:db8:1:1::{number:x}") for number in range(1, AT_STRANGER.hour + 2)]
    assert REFUSED in heard[-1]


def test_who_asks_in_english_hears_the_same(proxied: Running) -> None:
    source = address()
    for _ in range(AT_STRANGER.hour):
        asks(proxied, ALSO_KNOWN, source)
    heard = said(proxied, proxied.session(), f"How much do I owe? My contract is {ALSO_KNOWN}", source)
    assert "I am sending no code now. You can ask for the next one in 1 hour at the earliest." in heard


def test_no_address_is_kept_in_clear_nor_in_the_conversation(proxied: Running) -> None:
    source = address()
    asks(proxied, KNOWN, source)
    (hashed,) = {row.address for row in proxied.rows("SELECT address FROM verification_codes")}
    conversations = str(proxied.rows("SELECT data FROM events"))
    assert (source in conversations, hashed in conversations, source in hashed) == (False, False, False)
    assert len(hashed) == 64
