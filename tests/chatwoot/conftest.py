import threading
from collections.abc import Iterator

import pytest
from desk_partners import WEBHOOK_TIMEOUT, Client, Receiver  # tests/chatwoot

from harness.chatwoot import ApiInbox, ChatwootServer


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    threading.Thread(target=receiver.server.serve_forever, daemon=True).start()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def chatwoot() -> Iterator[ChatwootServer]:
    with ChatwootServer(webhook_timeout_seconds=WEBHOOK_TIMEOUT, messages_per_minute=30) as server:
        yield server


@pytest.fixture
def inbox(chatwoot: ChatwootServer, receiver: Receiver) -> ApiInbox:
    return chatwoot.add_inbox("Assistant", webhook_url=receiver.url)


@pytest.fixture
def client(chatwoot: ChatwootServer, inbox: ApiInbox) -> Client:
    return Client(chatwoot, inbox)
