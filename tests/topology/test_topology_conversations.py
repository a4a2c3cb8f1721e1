"""Whole conversations on the topology, through nginx, with messages alternating between the servers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
from graph.connected import MessengerPage, texts  # tests/graph
from held_conversations import CODE, complaints, read  # tests/held_conversations.py
from outboxes import Outbox  # tests/outboxes.py
from running import Running, replies  # tests/running.py

from bot.settings import LANGUAGES
from harness.topology import Topology
from harness.topology.visitor import Visitor

pytestmark = [pytest.mark.server, pytest.mark.topology]
AT_ONCE = 4
CUT_OFF, NOT_CUT_OFF = "Vai mani atslēgs, ja kavēšu maksājumu?", "kavētu maksājumu dēļ"
FORM = {"lv": "kā ir ar kontu", "en": "how an account stands"}
each_language = pytest.mark.parametrize("language", LANGUAGES)


def hold(running: Running, turns: list[dict[str, Any]], urls: list[str], outbox: Outbox | None = None) -> list[str]:
    """Run a conversation, each turn at the next URL; returns what went wrong."""
    session, wrong, offered = running.session(), [], {}
    for number, turn in enumerate(turns):
        said = outbox.code() if outbox and turn["say"] == CODE else turn["say"]
        at = Running(running.process, urls[number % len(urls)], running.environment, running.output)
        body = {"button": offered[said.casefold()]} if said.casefold() in offered else {"text": said}
        heard = replies(at.post(body, session))
        wrong += list(complaints(turn, heard))
        offered = {each["title"].casefold(): each["button"] for reply in heard for each in reply["buttons"]}
    return wrong


@each_language
def test_conversations_go_as_they_should(assistant: Running, language: str) -> None:
    held = read(language)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        wrong = dict(
            zip(held, pool.map(lambda turns: hold(assistant, turns, [assistant.url]), held.values()), strict=True)
        )
    assert {name: what for name, what in wrong.items() if what} == {}


@pytest.mark.parametrize("first", [0, 1])
@each_language
def test_the_account_form_goes_from_one_server_to_the_other(
    topology: Topology, assistant: Running, language: str, first: int
) -> None:
    turns = next(turns for turns in read(f"accounts.{language}").values() if turns[2]["say"] == CODE)
    urls = [topology.servers[first], topology.servers[1 - first]]
    assert hold(assistant, turns, urls, assistant.outbox()) == []


def test_what_was_said_is_given_back_by_either_server(topology: Topology) -> None:
    visitor = Visitor(topology.url)
    for number in range(4):
        visitor.url = topology.servers[number % 2]
        visitor.say(CUT_OFF)
    given = []
    for visitor.url in topology.servers:
        given.append([(each["from"], each["text"]) for each in visitor.history()])
    spoken = [
        (who, what) for said in visitor.said for who, what in (("customer", said.text), ("assistant", said.answer))
    ]
    assert given == [spoken, spoken]


def test_a_message_at_both_servers_at_once_is_answered_once(topology: Topology, assistant: Running) -> None:
    session, message = assistant.session(), {"id": "the-same-message", "text": "Savienojiet mani ar cilvēku!"}
    servers = [Running(assistant.process, url, assistant.environment, assistant.output) for url in topology.servers]
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(lambda server: replies(server.post(message, session)), servers)
    assert one == other


def test_messenger_is_answered_in_order_whichever_server_took_it(page: MessengerPage) -> None:
    person = "7100000001"
    for number in range(4):
        page.say(person, ["Vai mani atslēgs?", "Vai Rīgas centrs ir slēgts?"][number % 2])
        page.hears(person, number + 1)
    told = texts(page.graph, person)
    assert [("neatslēdz" in each, "Rīgā ir slēgts" in each) for each in told] == [(True, False), (False, True)] * 2


def test_a_call_goes_from_one_server_to_the_other(topology: Topology, assistant: Running) -> None:
    outbox, spoken = assistant.outbox(), []

    def tell(number: int, **what: Any) -> None:
        url = topology.servers[number % 2].replace("/chat/", "/webhooks/phone/plain")
        body = {"call": "call-of-two-servers", "id": f"message-{number}", **what}
        bearer = {"Authorization": f"Bearer {topology.environment['BOT_PHONE_TOKEN']}"}
        answer = requests.post(url, json=body, headers=bearer, timeout=10)
        spoken.append(" ".join(each["text"] for each in answer.json()["say"]))

    tell(0, event="start")
    tell(1, event="speech", text="cik es esmu parādā")
    tell(2, event="digits", digits="90010000055")
    tell(3, event="digits", digits=outbox.code())
    assert spoken[3].startswith("Par adresi")


def test_replies_come_as_a_stream(topology: Topology, assistant: Running) -> None:
    answer = assistant.post({"text": CUT_OFF}, assistant.session(), stream=True)
    assert (answer.headers["Content-Type"], answer.headers["Transfer-Encoding"]) == (
        "text/event-stream; charset=utf-8",
        "chunked",
    )


INSIDE = [
    "health",
    "health/live",
    "health/ready",
    "metrics",
    "chat/ready",
    "status",
    "version",
    "webhooks/rest/webhook",
]


@pytest.mark.parametrize("path", INSIDE)
def test_what_is_for_inside_is_not_reached_from_outside(topology: Topology, path: str) -> None:
    assert requests.get(topology.url.replace("chat/", path), timeout=10).status_code == 404


def test_nobody_chooses_the_address_that_is_counted(topology: Topology, assistant: Running) -> None:
    """Each message claims another address (forged header); they count as one."""
    session = assistant.session()
    for number in range(3):
        body = {"id": f"from-nowhere-{number}", "text": "hi"}
        claim = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        claim |= {"Authorization": f"Bearer {session}", "Forwarded": f"for=203.0.113.{number}"}
        assert requests.post(f"{topology.url}messages", json=body, headers=claim, timeout=10).status_code == 200
    from sqlalchemy import create_engine
    from sqlalchemy import text as sql

    query = "SELECT count(DISTINCT address) FROM web_turns WHERE message_id LIKE 'from-nowhere-%'"
    with create_engine(topology.environment["DATABASE_URL"]).connect() as connection:
        assert connection.execute(sql(query)).scalar_one() == 1


@pytest.mark.parametrize(("size", "status"), [(100_000, 413), (300_000, 413), (5_000_000, 413)])
def test_a_body_that_is_too_large_is_refused(topology: Topology, assistant: Running, size: int, status: int) -> None:
    answer = assistant.post({"text": "a" * size}, assistant.session())
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")


def test_the_page_keeps_its_headers_behind_nginx(topology: Topology) -> None:
    headers = requests.get(topology.url, headers={"Accept-Encoding": "gzip"}, timeout=10).headers
    names = ("Content-Security-Policy", "X-Content-Type-Options", "Strict-Transport-Security", "Content-Encoding")
    assert (all(name in headers for name in names), headers["Server"]) == (True, "nginx")
