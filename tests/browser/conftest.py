"""A server that can be told to fail, and pages of it in a real browser."""

from collections.abc import Iterator

import pytest
from chat import Chat, Visit, new_chat  # tests/chat.py
from playwright.sync_api import Browser, BrowserContext
from standin import StandIn  # tests/browser/standin.py


@pytest.fixture
def server() -> Iterator[StandIn]:
    standin = StandIn()
    yield standin
    standin.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been anywhere; its tabs share what they keep. In New York, so as to see Riga's time."""
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
