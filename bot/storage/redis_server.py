"""The Redis that servers share (`REDIS_URL`): its address, whether it answers, and a client for asynchronous code."""

import asyncio
import os

from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, ConnectionError, RedisError

from bot.settings import SettingsError, secret

# A customer waits: both together, with one more try to connect, stay below the deadline of a turn.
CONNECT_PATIENCE, ANSWER_PATIENCE = 0.5, 1.0  # seconds
EXAMPLE = "redis://:PASSWORD@HOST:6379/0, with rediss:// for TLS"
_clients: dict[tuple[asyncio.AbstractEventLoop, str], Redis] = {}


def redis_url() -> str | None:
    """The URL of Redis (`REDIS_URL`); None where there is none, as for a single server."""
    return secret("REDIS_URL") or None


def check_redis() -> None:
    """Redis answers, where one is set; more than one server process needs one.

    Raises:
        SettingsError: the message says what is wrong, without the password.
    """
    url = redis_url()
    if url is None:
        workers = os.environ.get("SANIC_WORKERS", "1")
        if workers != "1":
            raise SettingsError(
                f"SANIC_WORKERS={workers!r} needs REDIS_URL: one conversation is one server's at a time."
            )
        return
    try:
        with BlockingRedis.from_url(url, **_patience()) as client:
            address = client.connection_pool.connection_kwargs
            client.ping()
    except (ValueError, TypeError) as error:  # the error's own text may hold the password
        raise SettingsError(f"REDIS_URL is no address of Redis; write it like {EXAMPLE}.") from error
    except (RedisError, OSError) as error:
        where = address.get("path") or f"{address.get('host', 'localhost')}:{address.get('port', 6379)}"
        why = "does not take the password" if isinstance(error, AuthenticationError) else "does not answer"
        raise SettingsError(f"REDIS_URL: Redis at {where} {why} ({type(error).__name__}).") from error


def redis_client() -> Redis:
    """The client for the running event loop; one for each loop and URL.

    A command raises `RedisError` when Redis is gone, or does not answer in `ANSWER_PATIENCE`.

    Raises:
        RuntimeError: no `REDIS_URL` is set.
    """
    url = redis_url()
    if url is None:
        raise RuntimeError("REDIS_URL is not set.")
    loop = asyncio.get_running_loop()
    if (loop, url) not in _clients:
        for other in [key for key in _clients if key[0].is_closed()]:
            del _clients[other]
        # Once more: the first command after Redis was started anew finds its connection closed.
        again = {"retry": Retry(NoBackoff(), 1), "retry_on_error": [ConnectionError]}
        _clients[loop, url] = Redis.from_url(url, **_patience(), **again)
    return _clients[loop, url]


def _patience() -> dict[str, float]:
    return {"socket_connect_timeout": CONNECT_PATIENCE, "socket_timeout": ANSWER_PATIENCE}
