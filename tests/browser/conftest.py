"""A server that can be told to fail, and pages of it in a real browser."""

from collections.abc import Iterator

import pytest
from chat import Chat, Visit, new_chat  # tests/chat.py
from playwright.sync_api import Browser, BrowserContext
from standin import StandIn  # tests/browser/standin.py


# Each test runs on a page of the server itself, and on one of another website.
@pytest.fixture(params=["127.0.0.1", "localhost"], ids=["its own page", "another website"])
def server(request: pytest.FixtureRequest) -> Iterator[StandIn]:
    standin = StandIn(request.param)
    yield standin
    standin.stop()
    assert standin.complaints == [] or request.node.get_closest_marker("answers_nonsense")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser; its tabs share storage. In New York's time zone, to check that times are shown in Riga's."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, timezone_id="America/New_York")
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, server: StandIn, complaints: list[str]) -> Visit:
    """Open a page with the widget in a new tab; arguments as for `StandIn.page`."""
    return lambda **how: new_chat(context, complaints, server.page(**how))


@pytest.fixture
def chat(visit: Visit) -> Chat:
    """The open chat on an English page."""
    return visit(language="en").open()
