"""The topology, started once for all tests of this folder, and repaired after each test that breaks it."""

from collections.abc import Iterator

import pytest
from graph.api import GraphApi  # tests/graph
from graph.connected import MessengerPage, page_of_the_tests, settings_of
from needs import needs  # tests/needs.py
from running import Running  # tests/running.py

from harness.topology import Topology

WEBSITES = "https://elektrum.example https://www.website.example"
PHONE_TOKEN = "phone-token-of-the-tests"


@pytest.fixture(scope="session")
def graph() -> Iterator[GraphApi]:
    with page_of_the_tests() as standin:
        yield standin


@pytest.fixture(scope="session")
@needs("topology")
def topology(graph: GraphApi) -> Iterator[Topology]:
    """As on 25 March 2020, with a page in Messenger and a phone line."""
    own = {"BOT_AS_OF": "2020-03-25", "BOT_PHONE_TOKEN": PHONE_TOKEN, "BOT_ORIGINS": WEBSITES}
    variables = own | settings_of(graph)
    with Topology(variables) as running:
        yield running


@pytest.fixture
def assistant(topology: Topology) -> Running:
    """The same, as tests talk to an assistant."""
    nginx = topology.parts["nginx"]
    assert nginx.process is not None
    return Running(nginx.process, topology.url, topology.environment, nginx.log)


@pytest.fixture
def page(assistant: Running, graph: GraphApi) -> MessengerPage:
    return MessengerPage(assistant, graph)


@pytest.fixture(autouse=True)
def _whole_afterwards(topology: Topology) -> Iterator[None]:
    """Restart everything that a test has killed."""
    yield
    for name, part in topology.parts.items():
        if part.process is None or part.process.poll() is not None:
            topology.restart(name)
    for name in ("rasa-1", "rasa-2"):
        topology.parts[name].wait()
