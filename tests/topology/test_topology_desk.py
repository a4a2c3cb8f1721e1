"""A customer and two agents in their browsers, on PostgreSQL with two Rasa servers; the console and one of them die."""

from functools import partial

import pytest
from desk_scene import Accident, Place, play  # tests/desk_scene.py
from playwright.sync_api import Browser

from harness.topology import Topology

pytestmark = [pytest.mark.server, pytest.mark.topology]


def dying(topology: Topology, part: str) -> Accident:
    """A part is killed (SIGKILL), and started again."""
    return partial(topology.kill, part), partial(topology.restart, part)


def test_nothing_is_lost_or_doubled(topology: Topology, browser: Browser, complaints: list[str]) -> None:
    accidents = (dying(topology, "console"), dying(topology, "rasa-1"))
    play(browser, Place(topology.url, topology.bot, accidents), complaints)
