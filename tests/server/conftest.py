"""A running assistant for the tests of this folder, and browsers to visit it with."""

from collections.abc import Iterator

import pytest
from chat import Visit, new_chat  # tests/chat.py
from playwright.sync_api import Browser, BrowserContext
from running import Running, start  # tests/running.py


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The assistant as on 25 March 2020, shared by all tests that do not change what it knows."""
    running = start(tmp_path_factory.mktemp("served"), BOT_AS_OF="2020-03-25")
    yield running
    running.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A Latvian's browser that has never been anywhere; its tabs share what they keep."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, locale="lv-LV")
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, complaints: list[str]) -> Visit:
    """Open a page with the chat, by its address, in a new tab."""
    return lambda url: new_chat(context, complaints, url)
