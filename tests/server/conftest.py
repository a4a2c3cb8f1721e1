"""A running assistant for the tests of this folder."""

from collections.abc import Iterator

import pytest
from running import Running, start  # tests/server/running.py


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The assistant as on 25 March 2020, shared by all tests that do not change what it knows."""
    running = start(tmp_path_factory.mktemp("served"), BOT_AS_OF="2020-03-25")
    yield running
    running.stop()
