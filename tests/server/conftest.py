"""Running assistants for the tests of this folder, browsers to visit one, and a Messenger page of another."""

import os
from collections.abc import Iterator
from itertools import count
from typing import Any

import described  # tests/described.py
import pytest
import requests
from chat import Visit, new_chat  # tests/chat.py
from graph.connected import MessengerPage, page_of_the_tests, refused, settings_of  # tests/graph
from needs import needs  # tests/needs.py
from open_hours import ALL_DAY, set_around_today  # tests/open_hours.py
from other_website import OtherWebsite, PageOf  # tests/other_website.py
from phone_calls import JAMBONZ, TOKEN, TWILIO  # tests/phone_calls.py
from playwright.sync_api import Browser, BrowserContext
from prefix_proxy import PrefixProxy  # tests/prefix_proxy.py
from running import Running, start  # tests/running.py
from sign_in import started  # tests/sign_in.py

from bot.settings import PROJECT
from harness.ports import free_port

NUMBERS = count(7_000_000_001)


@pytest.fixture(scope="session", autouse=True)
def _answers_are_as_described() -> Iterator[None]:
    """Every response of the web channel in this folder's tests is checked against openapi.yml.

    Tests of other folders may run later in the same process; what they ask is theirs.
    """
    send = requests.Session.send

    def checked(self: requests.Session, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        answer = send(self, request, **how)
        _, is_ours, path = request.path_url.partition("?")[0].partition("/chat/")
        is_of_this_folder = os.environ.get("PYTEST_CURRENT_TEST", "").startswith("tests/server/")
        if is_ours and is_of_this_folder and request.method != "OPTIONS":
            kind = answer.headers.get("Content-Type", "")
            body = "" if how.get("stream") else answer.content.decode()
            described.check(str(request.method), f"/{path}", answer.status_code, kind, body)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", checked)
        yield


NUMBERS = count(7_000_000_001)


@pytest.fixture(scope="session")
def other_website() -> Iterator[OtherWebsite]:
    """A website in the `BOT_ORIGINS` of these tests' assistants."""
    website = OtherWebsite()
    yield website
    website.stop()


@pytest.fixture(params=["its own page", "another website"])
def page_of(request: pytest.FixtureRequest, other_website: OtherWebsite) -> PageOf:
    """The address of a page with the chat, for the channel's address: the assistant's own, and another website's."""
    if request.param == "another website":
        return other_website.page
    return lambda chat, language="lv": f"{chat}?lang={language}"


@pytest.fixture(scope="session")
@needs("server")
def assistant(tmp_path_factory: pytest.TempPathFactory, other_website: OtherWebsite) -> Iterator[Running]:
    """The assistant as of 25 March 2020, shared by all tests that do not change its facts."""
    running = start(tmp_path_factory.mktemp("served"), BOT_AS_OF="2020-03-25", BOT_ORIGINS=other_website.origin)
    yield running
    running.stop()


@pytest.fixture(scope="session")
@needs("server")
def website(tmp_path_factory: pytest.TempPathFactory, other_website: OtherWebsite) -> Iterator[Running]:
    """The assistant of a website that signs customers in."""
    running = started(tmp_path_factory.mktemp("website"), BOT_ORIGINS=other_website.origin)
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh Latvian browser; its tabs share storage."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="lv-LV")
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, complaints: list[str]) -> Visit:
    """Open a page with the chat, by its address, in a new tab."""
    return lambda url: new_chat(context, complaints, url)


@pytest.fixture(scope="session")
@needs("server", "nginx", "node")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An assistant with a phone line, which gateways reach through a proxy, under a path prefix."""
    assert (PROJECT / "node_modules").is_dir(), "scripts/npm-packages installs the gateways' validators."
    folder, port = tmp_path_factory.mktemp("phone"), free_port()
    proxy = PrefixProxy(folder, "elektrum", to=f"http://127.0.0.1:{port}")
    proxy.wait()
    running = start(
        folder,
        BOT_PORT=str(port),
        BOT_AS_OF="2020-03-25",
        BOT_PHONE_TOKEN=TOKEN,
        BOT_TWILIO_AUTH_TOKEN=TWILIO,
        BOT_JAMBONZ_SECRET=JAMBONZ,
        BOT_PUBLIC_URL=proxy.url,
        BOT_PHONE_TRANSFER_TO="tel:+37167000000",
    )
    set_around_today(ALL_DAY, database=running.environment["DATABASE_URL"])  # or nobody is transferred at night
    yield running
    running.stop()
    proxy.stop()


@pytest.fixture
def phone(line: Running) -> str:
    """Where gateways find the phone line."""
    return f"{line.environment['BOT_PUBLIC_URL']}/webhooks/phone"


@pytest.fixture(scope="session")
@needs("server")
def connected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessengerPage]:
    """A page whose assistant answers as of 25 March 2020, and gets an echo of everything that it sends."""
    with page_of_the_tests() as graph:
        running = start(
            tmp_path_factory.mktemp("messenger"),
            BOT_AS_OF="2020-03-25",
            BOT_MESSENGER_PEOPLE="inbox",
            **settings_of(graph),
        )
        page = MessengerPage(running, graph)
        page.echo_all()
        yield page
        running.stop()


@pytest.fixture
def page(connected: MessengerPage) -> Iterator[MessengerPage]:
    """The page; every test also checks that nothing is sent that Graph would reject."""
    yield connected
    connected.graph.faults.clear()
    assert refused(connected.graph) == []


@pytest.fixture
def person() -> str:
    """Somebody who has never written before."""
    return str(next(NUMBERS))
