"""The Redis that servers share (`REDIS_URL`): its URL, a check that it answers, and a client for asynchronous code."""

import asyncio

from redis import Redis as BlockingRedis
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, ConnectionError, RedisError

from bot import deadlines
from bot.settings import SettingsError
from bot.settings.of_rasa import SANIC_WORKERS
from bot.settings.servers import REDIS_URL

EXAMPLE = "redis://:PASSWORD@HOST:6379/0, with rediss:// for TLS"
_clients: dict[tuple[asyncio.AbstractEventLoop, str], Redis] = {}


def redis_url() -> str | None:
    """The URL of Redis (`REDIS_URL`); None where it is not set, as for a single server."""
    return REDIS_URL.value() or None


def check_redis() -> None:
    """Check that Redis answers, where it is set; more than one server process needs it.

    Raises:
        SettingsError: the message says what is wrong, without the password.
    """
    url = redis_url()
    if url is None:
        if (workers := SANIC_WORKERS.value()) > 1:
            raise SettingsError(
                f"{SANIC_WORKERS.name}='{workers}' needs {REDIS_URL.name}: the lock of a conversation must be shared."
            )
        return
    try:
        with BlockingRedis.from_url(url, **_timeouts()) as client:
            address = client.connection_pool.connection_kwargs
            client.ping()
    except (ValueError, TypeError) as error:  # the error's own text may hold the password
        raise SettingsError(f"{REDIS_URL.name} is no address of Redis; write it like {EXAMPLE}.") from error
    except (RedisError, OSError) as error:
        where = address.get("path") or f"{address.get('host', 'localhost')}:{address.get('port', 6379)}"
        why = "rejects the password" if isinstance(error, AuthenticationError) else "does not answer"
        raise SettingsError(f"{REDIS_URL.name}: Redis at {where} {why} ({type(error).__name__}).") from error


def redis_client() -> Redis:
    """The client for the running event loop; one for each loop and URL.

    A command raises `RedisError` when Redis is gone, or does not answer in `deadlines.REDIS_ANSWER`.

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
        # One retry: the first command after a restart of Redis finds its connection closed.
        again = {"retry": Retry(NoBackoff(), 1), "retry_on_error": [ConnectionError]}
        _clients[loop, url] = Redis.from_url(url, **_timeouts(), **again)
    return _clients[loop, url]


def _timeouts() -> dict[str, float]:
    return {"socket_connect_timeout": deadlines.REDIS_CONNECT, "socket_timeout": deadlines.REDIS_ANSWER}
