"""A client of the Graph API: the page's token goes into a header; temporary errors are retried with back-off."""

import asyncio
import hashlib
import hmac
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot import deadlines
from bot.channels.http.bodies import read_json
from bot.channels.json_values import Object
from bot.channels.messenger.settings import MessengerSettings
from bot.observing import metrics

logger = logging.getLogger(__name__)
TIMEOUT = ClientTimeout(total=deadlines.GRAPH_REQUEST, connect=deadlines.GRAPH_CONNECT)
TRIES = 4
PAUSE = 0.5  # seconds of back-off, doubled with each try; the wait is a random part of it (full jitter)
LONGEST_PAUSE = 30.0  # where Graph asks for a longer pause, the whole event is retried later instead
LONGEST_WAIT = 3600.0  # seconds; Meta's rate limits have windows of hours
# Meta's documentation says to wait and try again (Graph API: Handling Errors, Rate Limits; Messenger Platform: Error
# Codes). Too many calls: of the app, of a user, of the page, the app's limit, of this API, of each business use case.
RATE_LIMITS = frozenset({4, 17, 32, 341, 613, *range(80_000, 80_015)})
# Unknown error; service down; blocked for a while; a message could not be sent at the moment.
TEMPORARY = frozenset({1, 2, 368, 1200}) | RATE_LIMITS
Kinds = frozenset[tuple[int, int | None]]  # codes with their subcodes; None matches any subcode
RESTRICTED: Kinds = frozenset({(10, 1893063)})  # the page may send nothing for a while
NOT_AVAILABLE: Kinds = frozenset({(551, None), (200, 1545041), (10, 2018108)})  # the person
TOO_LATE: Kinds = frozenset({(10, 2018278), (10, 2018065)})  # more than 24 hours after the person wrote
HELD_ELSEWHERE: Kinds = frozenset({(10, 2018300), (100, 2534037)})  # another app controls the thread
NO_ROUTING: Kinds = frozenset({(27, None)})  # no app is the page's default: any may answer, none can take control
UNREACHABLE, UNKNOWN = -1, 0  # no answer; an answer without a code
USAGE = "X-Business-Use-Case-Usage"
Sleep = Callable[[float], Awaitable[None]]


class GraphError(Exception):
    """A request to Graph failed.

    Attributes:
        code, subcode: Graph's (https://developers.facebook.com/docs/messenger-platform/error-codes); -1 where there
            was no answer.
        temporary: whether a retry may succeed.
        pause: seconds that Graph asks for before anything is sent again; 0 where it says nothing.
    """

    def __init__(
        self, code: int, status: int = 0, *, subcode: int | None = None, temporary: bool = False, pause: float = 0.0
    ) -> None:
        name = f"{code}/{subcode}" if subcode else str(code)
        super().__init__(f"Graph error {name} (status {status})" if status else "Graph cannot be reached")
        self.code, self.subcode, self.temporary, self.pause = code, subcode, temporary, pause

    def is_one_of(self, kinds: Kinds) -> bool:
        """Whether it is one of these kinds."""
        return (self.code, self.subcode) in kinds or (self.code, None) in kinds


@contextmanager
def suppress_one_of(kinds: Kinds) -> Iterator[None]:
    """Within the block, errors of these kinds are suppressed."""
    try:
        yield
    except GraphError as error:
        if not error.is_one_of(kinds):
            raise


class Graph:
    """One page's Graph API; the session is shared and closed by whoever opened it.

    Attributes:
        version: the API version of the latest answer, as Graph reports it.
        errors: how many errors there were, by code.
    """

    def __init__(self, settings: MessengerSettings, http: ClientSession, sleep: Sleep = asyncio.sleep) -> None:
        self._http, self._sleep = http, sleep
        self.token = settings.page_token
        self._base = f"{settings.graph_url}/{settings.graph_version}"
        self._headers = {"Authorization": f"Bearer {settings.page_token}"}
        proof = hmac.new(settings.app_secret.encode(), settings.page_token.encode(), hashlib.sha256)
        self._proof = proof.hexdigest()
        self.version = ""
        self.errors: Counter[int] = Counter()

    async def post(self, path: str, body: Mapping[str, object], *, tries: int = TRIES) -> Object:
        """POST; returns Graph's answer.

        Raises:
            GraphError: it failed, after the retries.
        """
        return await self._tried("POST", path, tries, {}, body)

    async def get(self, path: str, **parameters: str) -> Object:
        """GET; returns Graph's answer.

        Raises:
            GraphError: it failed, after the retries.
        """
        return await self._tried("GET", path, TRIES, parameters, None)

    async def _tried(
        self, method: str, path: str, tries: int, parameters: dict[str, str], body: Mapping[str, object] | None
    ) -> Object:
        for n in range(1, tries + 1):
            try:
                answer = await self._once(method, path, parameters, body)
                metrics.GRAPH_REQUESTS.labels("done").inc()
                return answer
            except GraphError as error:
                metrics.GRAPH_REQUESTS.labels("later" if error.temporary else "refused").inc()
                metrics.failed(error)
                self.errors[error.code] += 1
                seen = self.errors[error.code]
                logger.warning("%s %s: %s, try %d of %d (%d of this code).", method, path, error, n, tries, seen)
                if not error.temporary or n == tries or error.pause > LONGEST_PAUSE:
                    raise
                jitter = PAUSE * 2**n * random.random()  # noqa: S311 (not for security)
                await self._sleep(max(error.pause, jitter))
        raise AssertionError("A try ends with an answer or an error.")

    async def _once(
        self, method: str, path: str, parameters: dict[str, str], body: Mapping[str, object] | None
    ) -> Object:
        given = {**parameters, "appsecret_proof": self._proof}
        try:
            async with self._http.request(
                method, f"{self._base}/{path}", params=given, json=body, headers=self._headers, timeout=TIMEOUT
            ) as answer:
                self.version = answer.headers.get("facebook-api-version", "")
                return await _read(answer)
        except (ClientError, TimeoutError, OSError):
            # Without the cause: aiohttp's message may contain the URL.
            raise GraphError(UNREACHABLE, temporary=True) from None


async def _read(answer: ClientResponse) -> Object:
    try:
        content = await answer.json(content_type=None)
    except ValueError:
        content = None
    if answer.status == 200 and isinstance(content, dict) and "error" not in content:
        return content
    error = content.get("error") if isinstance(content, dict) else None
    details = error if isinstance(error, dict) else {}
    code, subcode = _number(details.get("code")) or UNKNOWN, _number(details.get("error_subcode"))
    # A body without Graph's error comes from something in between, such as a proxy.
    passes = not details or answer.status >= 500 or answer.status == 429 or details.get("is_transient") is True
    temporary = passes or code in TEMPORARY or (code, subcode) in RESTRICTED
    raise GraphError(code, answer.status, subcode=subcode, temporary=temporary, pause=_pause(answer, code))


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _pause(answer: ClientResponse, code: int) -> float:
    """Seconds of pause that Graph asks for: by Retry-After or, at a rate limit, by the usage header (in minutes)."""
    wait = answer.headers.get("Retry-After", "")
    if wait.isascii() and wait.isdecimal():
        return min(float(wait), LONGEST_WAIT)
    if code not in RATE_LIMITS:
        return 0.0
    try:
        usage = read_json(answer.headers.get(USAGE, "{}").encode())
        minutes = [int(each["estimated_time_to_regain_access"]) for some in usage.values() for each in some]
    except (ValueError, OverflowError, KeyError, TypeError, AttributeError):
        return 0.0
    return min(60 * max(minutes, default=0.0), LONGEST_WAIT)
