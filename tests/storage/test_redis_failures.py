"""A Redis that fails, hangs, is away for a while or is set up wrongly: the customer is answered, the operator told."""

import asyncio
import signal
from typing import Any

import pytest
from locked_turns import in_turn  # tests/storage/locked_turns.py
from promised_time import PromisedTime  # tests/promised_time.py
from rasa.core.lock_store import LockError, LockStore
from redis import Redis

from bot import deadlines
from bot.channels.conversation import converse
from bot.channels.intake import customer_text
from bot.known_channels import WEB
from bot.rasa.lock_store import ConversationLockStore
from bot.replies.reply import Reply
from bot.server.preparation import check_services
from bot.settings import SettingsError
from harness.throwaway_redis import RedisServer

pytestmark = pytest.mark.usefixtures("nothing_goes_on")


async def answered(store: LockStore) -> tuple[list[Reply], float]:
    """The customer's answer when a turn needs the lock, and after how many seconds."""

    async def handle(_: Any) -> None:
        async with store.lock("c"):
            pass

    async def nothing(_: str) -> None:
        return None

    with PromisedTime() as took:
        replies = await converse(
            handle, nothing, said=customer_text("hello"), conversation_id="c", channel=WEB, language="en"
        )
    return replies, took.seconds


FAULTS = {"killed": signal.SIGKILL, "hangs": signal.SIGSTOP}


@pytest.mark.parametrize("before", [False, True], ids=["first turn", "a later turn"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_customer_hears_in_time_that_redis_fails(
    own_redis: RedisServer, fault: signal.Signals, before: bool
) -> None:
    store = ConversationLockStore()
    if before:
        await in_turn(store, [], 0)
    own_redis.process.send_signal(fault)
    replies, seconds = await answered(store)
    assert "8400" in replies[0].text
    assert seconds < 3


async def test_redis_that_fails_in_mid_turn_does_not_hide_the_answer(
    own_redis: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with ConversationLockStore().lock("c"):
        own_redis.process.kill()
        own_redis.process.wait()
    assert "cannot release" in caplog.text


async def test_redis_that_was_away_is_used_again(own_redis: RedisServer) -> None:
    """The connection of the turn before is closed by then."""
    store = ConversationLockStore()
    await in_turn(store, [], 0)
    with Redis.from_url(own_redis.url) as client:
        client.client_kill_filter(_type="normal", skipme=True)
    await in_turn(store, [], 1)


async def test_a_lock_that_redis_gave_to_nobody_is_given_back(own_redis: RedisServer) -> None:
    """The turn times out while Redis hangs; Redis grants the lock when it resumes."""
    store = ConversationLockStore()
    await in_turn(store, [], 0)
    own_redis.process.send_signal(signal.SIGSTOP)
    with pytest.raises((TimeoutError, LockError)):
        await asyncio.wait_for(in_turn(store, [], 1), 0.2)
    own_redis.process.send_signal(signal.SIGCONT)
    await asyncio.wait_for(in_turn(store, [], 2), deadlines.CONVERSATION_LOCK * 0.8)


async def test_no_password_is_logged(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("REDIS_URL", shared_redis.url.replace("not-to", "wrong-and-not-to"))
    with pytest.raises(LockError) as raised:
        await in_turn(ConversationLockStore(), [], 0)
    assert "AuthenticationError" in caplog.text
    assert "be-logged" not in caplog.text + str(raised.value)


WRONG_URLS = [
    ("localhost:6379", "no address of Redis"),
    ("http://localhost", "no address of Redis"),
    ("redis://:secret@localhost:port", "no address of Redis"),
    ("redis://:secret@localhost?no_such_option=1", "no address of Redis"),
    ("redis://:secret@127.0.0.1:1/0", "127.0.0.1:1 does not answer"),
    ("unix:///nowhere/redis.sock", "/nowhere/redis.sock does not answer"),
]


@pytest.mark.parametrize(("url", "said"), WRONG_URLS)
def test_a_start_says_what_is_wrong_with_redis(monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(SettingsError, match=f"^REDIS_URL.*{said}") as raised:
        check_services()
    assert "secret" not in str(raised.value)


def test_a_start_says_that_redis_does_not_take_the_password(
    shared_redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", shared_redis.url.replace("not-to", "wrong-and-not-to"))
    with pytest.raises(SettingsError, match=r"^REDIS_URL.*rejects the password"):
        check_services()


def test_several_server_processes_need_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.setenv("SANIC_WORKERS", "2")
    with pytest.raises(SettingsError, match="SANIC_WORKERS='2' needs REDIS_URL"):
        check_services()


def test_redis_that_answers_is_fine(redis: RedisServer) -> None:
    check_services()
