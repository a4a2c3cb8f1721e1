"""Access tokens, appsecret_proof and debug_token of the stand-in.

Sources: /docs/graph-api/guides/secure-requests (proof), /docs/graph-api/reference/debug_token,
/docs/graph-api/guides/error-handling (190 and its subcodes 458-467).
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from graph.errors import METHOD, GraphError, bad

Json = dict[str, Any]


def proof_of(token: str, app_secret: str) -> str:
    """appsecret_proof: hex HMAC-SHA256 of the token under the app secret (secure requests guide)."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()


class Tokens:
    """The page token (which may die) and the app token ``app_id|app_secret``."""

    def __init__(
        self,
        page_token: str,
        app_secret: str,
        app_id: str,
        page_id: str,
        require_proof: bool,
        scopes: tuple[str, ...],
        clock: Callable[[], float],
    ) -> None:
        self.page_token, self.app_secret, self.app_id, self.page_id = page_token, app_secret, app_id, page_id
        self.require_proof, self.scopes = require_proof, scopes
        self.issued, self.expires_at = int(clock()), 0
        self.dead: int | None = None

    def kill(self, subcode: int = 460) -> None:
        """From now on the page token answers 190 with this subcode (460 password, 463 expired ...)."""
        self.dead = subcode

    def revive(self, page_token: str | None = None) -> None:
        """Make the token (or a new one) good again."""
        self.dead, self.page_token = None, page_token or self.page_token

    def check(self, params: Json, headers: dict[str, str], me: bool) -> str:
        """ "PAGE" or "APP"; refuses missing (2500 on /me: observed; else 104: assumed) and wrong (190)."""
        token = params.get("access_token")
        header = headers.get("authorization", "")
        if not token and header.lower().startswith(("bearer ", "oauth ")):
            token = header.split(" ", 1)[1].strip()
        if not token:
            raise (
                GraphError(2500, "An active access token must be used to query information about the current user.")
                if me
                else GraphError(104)
            )
        if token == self.page_token and self.dead is not None:
            raise GraphError(190, subcode=self.dead)
        if token not in (self.page_token, f"{self.app_id}|{self.app_secret}"):
            raise GraphError(190, "Invalid OAuth access token - Cannot parse access token")
        proof = params.get("appsecret_proof")
        if proof is None and self.require_proof and token == self.page_token:
            raise GraphError(100, "API calls from the server require an appsecret_proof argument", kind=METHOD)
        right = proof_of(str(token), self.app_secret)
        if proof is not None and not hmac.compare_digest(str(proof).encode(), right.encode()):
            raise GraphError(100, "Invalid appsecret_proof provided in the API argument", kind=METHOD)
        return "PAGE" if token == self.page_token else "APP"

    def debug(self, params: Json) -> Json:
        """GET /debug_token?input_token=...; a bad token is an answer with is_valid false, not an error."""
        token = params.get("input_token")
        if not token:
            raise bad("The parameter input_token is required")
        if token != self.page_token:
            error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
            return {"data": {"error": error, "is_valid": False, "scopes": []}}
        data: Json = {
            "app_id": self.app_id,
            "type": "PAGE",
            "application": "App",
            "data_access_expires_at": 0,
            "expires_at": self.expires_at,
            "is_valid": self.dead is None,
            "issued_at": self.issued,
            "profile_id": self.page_id,
            "scopes": list(self.scopes),
            "user_id": "10000000000001",
        }
        if self.dead is not None:
            data["error"] = {"code": 190, "message": GraphError(190, subcode=self.dead).message, "subcode": self.dead}
        return {"data": data}
