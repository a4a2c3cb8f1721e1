"""The topology, started once for all tests of this folder, and mended by each that breaks it."""

from collections.abc import Iterator

import pytest
from graph_standin import GraphStandIn  # tests/graph_standin.py
from messenger_page import MessengerPage  # tests/messenger_page.py
from running import Running  # tests/running.py

from benchmarks.topology import Topology

PHONE_TOKEN = "phone-token-of-the-tests"


@pytest.fixture(scope="session")
def graph() -> Iterator[GraphStandIn]:
    standin = GraphStandIn()
    yield standin
    standin.stop()


@pytest.fixture(scope="session")
def topology(graph: GraphStandIn) -> Iterator[Topology]:
    """As on 25 March 2020, with a page in Messenger and a phone line."""
    variables = {"BOT_AS_OF": "2020-03-25", "BOT_PHONE_TOKEN": PHONE_TOKEN, **graph.settings()}
    with Topology(variables) as running:
        yield running


@pytest.fixture
def assistant(topology: Topology) -> Running:
    """The same, as tests talk to an assistant."""
    nginx = topology.parts["nginx"]
    assert nginx.process is not None
    return Running(nginx.process, topology.url, topology.environment, nginx.log)


@pytest.fixture
def page(assistant: Running, graph: GraphStandIn) -> MessengerPage:
    return MessengerPage(assistant, graph)


@pytest.fixture(autouse=True)
def _whole_afterwards(topology: Topology) -> Iterator[None]:
    """Whatever a test has killed runs again for the next one."""
    yield
    for name, part in topology.parts.items():
        if part.process is None or part.process.poll() is not None:
            topology.restart(name)
    for name in ("rasa-1", "rasa-2"):
        topology.parts[name].wait()
