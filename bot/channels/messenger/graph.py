"""The Graph API: requests with the page's token in the header, tried again where that can help."""

import asyncio
import hashlib
import hmac
import logging
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from bot import metrics
from bot.channels.messenger.settings import MessengerSettings

logger = logging.getLogger(__name__)
# A request that takes longer may have been carried out all the same, and is then carried out twice.
TIMEOUT = ClientTimeout(total=25, connect=5)
TRIES = 4
PAUSE = 0.5  # seconds; doubled with each try, of which a random part is waited
LONGEST_PAUSE = 30.0
TOO_MANY = 613
TEMPORARY = {1, 2, TOO_MANY}  # "unknown", "service", "calls to this API have exceeded the rate limit"
UNREACHABLE = -1
Body = dict[str, Any]
Sleep = Callable[[float], Awaitable[None]]


class GraphError(Exception):
    """Graph did not do it.

    Attributes:
        code: Graph's error code (https://developers.facebook.com/docs/messenger-platform/error-codes); -1 where there
            was no answer.
        temporary: whether it may be done later.
    """

    def __init__(self, code: int, status: int = 0, *, temporary: bool = False, pause: float = 0.0) -> None:
        super().__init__(f"Graph error {code} (status {status})" if status else "Graph cannot be reached")
        self.code, self.temporary, self.pause = code, temporary, pause


class Graph:
    """One page's Graph API; the session is shared and closed by whoever opened it.

    Attributes:
        version: that the latest answer was made with, as Graph says.
        errors: how many there were of each code.
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

    async def post(self, path: str, body: Body, *, tries: int = TRIES) -> Body:
        """Send; gives back what Graph answers.

        Raises:
            GraphError: it was not done.
        """
        return await self._tried("POST", path, tries, {}, body)

    async def get(self, path: str, **parameters: str) -> Body:
        """Ask.

        Raises:
            GraphError: there was no answer.
        """
        return await self._tried("GET", path, TRIES, parameters, None)

    async def _tried(self, method: str, path: str, tries: int, parameters: dict[str, str], body: Body | None) -> Body:
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
                if not error.temporary or n == tries:
                    raise
                jitter = PAUSE * 2**n * random.random()  # noqa: S311 (protects nothing)
                await self._sleep(min(max(error.pause, jitter), LONGEST_PAUSE))
        raise AssertionError("A try ends with an answer or an error.")

    async def _once(self, method: str, path: str, parameters: dict[str, str], body: Body | None) -> Body:
        given = {**parameters, "appsecret_proof": self._proof}
        try:
            async with self._http.request(
                method, f"{self._base}/{path}", params=given, json=body, headers=self._headers, timeout=TIMEOUT
            ) as answer:
                self.version = answer.headers.get("facebook-api-version", "")
                return await _read(answer)
        except (ClientError, TimeoutError, OSError):
            # Without the cause: what aiohttp says may hold the address.
            raise GraphError(UNREACHABLE, temporary=True) from None


async def _read(answer: ClientResponse) -> Body:
    try:
        content = await answer.json(content_type=None)
    except ValueError:
        content = None
    if answer.status == 200 and isinstance(content, dict) and "error" not in content:
        return content
    error = content.get("error") if isinstance(content, dict) else None
    details = error if isinstance(error, dict) else {}
    code = details.get("code") if isinstance(details.get("code"), int) else 0
    temporary = answer.status >= 500 or answer.status == 429 or code in TEMPORARY or details.get("is_transient") is True
    wait = answer.headers.get("Retry-After", "")
    raise GraphError(int(code or 0), answer.status, temporary=temporary, pause=float(wait) if wait.isdecimal() else 0.0)
