"""A real browser, and a server that can be told to fail."""

from collections.abc import Callable, Iterator

import pytest
from chat import Chat  # tests/browser/chat.py
from playwright.sync_api import Browser, BrowserContext, Page, expect
from standin import StandIn  # tests/browser/standin.py

expect.set_options(timeout=8_000)


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
def complaints() -> list[str]:
    """What the browser complained about: errors of scripts and violations of the Content-Security-Policy."""
    return []


@pytest.fixture
def visit(context: BrowserContext, server: StandIn, complaints: list[str]) -> Callable[..., Chat]:
    """Open a page with the widget in a new tab; arguments as for `StandIn.page`."""

    def visit(**how: str) -> Chat:
        page = context.new_page()
        listen(page, complaints)
        page.goto(server.page(**how))
        page.wait_for_function("document.querySelector('elektrum-chat').shadowRoot")
        return Chat(page)

    return visit


@pytest.fixture
def chat(visit: Callable[..., Chat]) -> Chat:
    """The open chat on an English page."""
    return visit(language="en").open()


def listen(page: Page, complaints: list[str]) -> None:
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.expose_function("complain", lambda complaint: complaints.append(str(complaint)))
    page.add_init_script(
        "document.addEventListener('securitypolicyviolation', (event) =>"
        " complain(`${event.violatedDirective} ${event.blockedURI}`));"
    )


@pytest.fixture(autouse=True)
def _nothing_to_complain_about(complaints: list[str]) -> Iterator[None]:
    """In every test the pages ran without an error and under the strict Content-Security-Policy."""
    yield
    assert not complaints
