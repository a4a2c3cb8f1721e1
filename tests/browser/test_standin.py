"""The fake server sends the same CORS headers as the real channel (tests/server/test_web_origins.py)."""

import pytest
from origins import CASES, IDS, told, wanted  # tests/origins.py
from standin import StandIn


@pytest.mark.parametrize(("method", "path", "status"), CASES, ids=IDS)
def test_it_tells_other_websites_what_the_channel_tells_them(method: str, path: str, status: int) -> None:
    server = StandIn()
    url, allowed = f"http://127.0.0.1:{server.port}/chat/", f"http://localhost:{server.port}"
    try:
        assert told(url, method, path, allowed) == wanted(method, status, allowed)
        for other in ("http://localhost", f"http://127.0.0.1:{server.port}", "null", f"{allowed}.example", None):
            assert told(url, method, path, other) == wanted(method, status, None)
    finally:
        server.stop()
