"""What the tests of the stand-in share."""

import pytest

from graph.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()
