"""Signing in with the company's directory: OpenID Connect, authorization code with PKCE, by Authlib."""

import logging
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot import deadlines
from bot.console.console_templates import rendered
from bot.console.console_visit import Refusal
from bot.console.cookies import directory_cookie, drop, put, session_cookie
from bot.console.guarding import own_path, refused, texts_of
from bot.keys.sealing import Seal
from bot.observing import metrics
from bot.settings import SettingsError
from bot.settings.staff_console import (
    OIDC_CLIENT,
    OIDC_ISSUER,
    OIDC_ROLE_PREFIX,
    OIDC_ROLES,
    OIDC_SECRET,
    console_address,
)
from bot.staff.permissions import StaffRole, roles_of
from bot.staff.staff_accounts import StaffError, person_from_directory
from bot.staff.staff_audit import AuditedAct, note_act
from bot.staff.staff_sessions import begin_session
from bot.storage.deadline import in_time
from bot.storage.engine import session_scope

logger = logging.getLogger(__name__)
SCOPE = "openid profile email"
BACK = "/sign-in/directory/back"
MINUTES = 10 * 60  # seconds that somebody may take at the directory
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")  # no "none", no HMAC
LEEWAY = 60  # seconds that the clocks may differ


class DirectoryError(Exception):
    """The directory does not answer, or answers what it should not."""


@dataclass(frozen=True)
class _Directory:
    """The directory's addresses, from its own description (OpenID Connect Discovery)."""

    issuer: str
    authorization: str
    token: str
    keys: str


def is_directory_used() -> bool:
    """Whether a directory is configured.

    Raises:
        SettingsError: only in part.
    """
    given = [bool(setting.value()) for setting in (OIDC_ISSUER, OIDC_CLIENT, OIDC_SECRET)]
    if any(given) and not all(given):
        names = ", ".join(setting.name for setting in (OIDC_ISSUER, OIDC_CLIENT, OIDC_SECRET))
        raise SettingsError(f"Set all of {names}, or none.")
    return all(given)


async def leave_for_directory(request: Request) -> Response:
    """Send the browser to the directory; what the answer must match goes into a sealed cookie."""
    texts = texts_of(request)
    if not is_directory_used():
        return refused(request, texts, Refusal(404, "not_found"))
    asked = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
    asked["next"] = own_path(request.query_params.get("next", "/"))
    try:
        address = await in_time(_address, asked, deadline=deadlines.CONSOLE_PAGE)
    except (DirectoryError, OSError) as error:
        logger.error("The directory cannot be asked: %s.", type(error).__name__)
        return refused(request, texts, Refusal(503, "no_directory"))
    answer = RedirectResponse(address, 303)
    put(answer, directory_cookie(), Seal("staff directory").close(asked), seconds=MINUTES, lax=True)
    return answer


async def come_back(request: Request) -> Response:
    """Take the directory's answer, and sign in whom it names."""
    texts = texts_of(request)
    asked = Seal("staff directory").open(request.cookies.get(directory_cookie()))
    given = dict(request.query_params)
    if not asked or not secrets.compare_digest(str(given.get("state", "")).encode(), asked["state"].encode()):
        return refused(request, texts, Refusal(403, "not_from_here"))
    if "code" not in given:
        return refused(request, texts, Refusal(403, "directory_refused"))
    try:
        token = await in_time(_token_for, given["code"], asked, deadline=deadlines.CONSOLE_PAGE)
    except StaffError:
        metrics.STAFF_SIGN_INS.labels("refused").inc()
        return refused(request, texts, Refusal(403, "no_role"))
    except (DirectoryError, OSError) as error:
        logger.error("The directory's answer cannot be used: %s.", type(error).__name__)
        return refused(request, texts, Refusal(503, "no_directory"))
    if token is None:
        metrics.STAFF_SIGN_INS.labels("refused").inc()
        return refused(request, texts, Refusal(403, "disabled"))
    metrics.STAFF_SIGN_INS.labels("accepted").inc()
    # Not a redirect: the browser would not send the new cookie (SameSite=Strict), since another site led here.
    answer = HTMLResponse(rendered("passing.html", t=texts, address=own_path(asked["next"])))
    put(answer, session_cookie(), token)
    drop(answer, directory_cookie())
    return answer


def _address(asked: dict[str, str]) -> str:
    client = _client()
    address, _ = client.create_authorization_url(
        _directory(OIDC_ISSUER.value()).authorization,
        state=asked["state"],
        nonce=asked["nonce"],
        code_verifier=asked["verifier"],
    )
    return str(address)


def _token_for(code: str, asked: dict[str, str]) -> str | None:
    """The token of a new session; None where the account is disabled."""
    claims = _claims(code, asked)
    with session_scope() as session:
        login = str(claims.get("email") or claims.get("preferred_username") or claims["sub"]).lower()
        name = str(claims.get("given_name") or claims.get("name") or login.partition("@")[0])[:60]
        person = person_from_directory(session, claims["iss"], claims["sub"], login, name, _roles(claims))
        if person is None:
            return None
        note_act(session, AuditedAct.SIGNED_IN, person.id, person.roles)
        return begin_session(session, person.id)


def _claims(code: str, asked: dict[str, str]) -> dict[str, Any]:
    directory = _directory(OIDC_ISSUER.value())
    try:
        given = _client().fetch_token(
            directory.token, code=code, code_verifier=asked["verifier"], timeout=deadlines.DIRECTORY
        )
        keys = KeySet.import_key_set(_json(directory.keys))
        read = jwt.decode(given["id_token"], keys, algorithms=list(ALGORITHMS))
        wanted = {
            "iss": {"essential": True, "value": directory.issuer},
            "aud": {"essential": True, "value": OIDC_CLIENT.value()},
            "sub": {"essential": True},
            "exp": {"essential": True},
            "nonce": {"essential": True, "value": asked["nonce"]},
        }
        claims = CodeIDToken(read.claims, read.header, wanted, {"nonce": asked["nonce"]})
        claims.validate(leeway=LEEWAY)
    except (AuthlibBaseError, JoseError, KeyError, ValueError, requests.RequestException) as error:
        raise DirectoryError(type(error).__name__) from error
    return dict(claims)


def _roles(claims: dict[str, Any]) -> frozenset[StaffRole]:
    listed, prefix = claims.get(OIDC_ROLES.value(), []), OIDC_ROLE_PREFIX.value()
    names = listed.split() if isinstance(listed, str) else [str(each) for each in listed or []]
    return roles_of(name.removeprefix(prefix) for name in names if name.startswith(prefix))


def _client() -> OAuth2Session:
    return OAuth2Session(
        OIDC_CLIENT.value(),
        OIDC_SECRET.value(),
        scope=SCOPE,
        redirect_uri=f"{console_address()}{BACK}",
        code_challenge_method="S256",
    )


@lru_cache(maxsize=1)
def _directory(issuer: str) -> _Directory:
    described = _json(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    try:
        if described["issuer"] != issuer:  # of another directory (mix-up)
            raise DirectoryError("issuer")
        names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
        return _Directory(*(str(described[name]) for name in names))
    except KeyError as error:
        raise DirectoryError("description") from error


def _json(address: str) -> Any:
    try:
        answer = requests.get(address, timeout=deadlines.DIRECTORY, allow_redirects=False)
        answer.raise_for_status()
        return answer.json()
    except (requests.RequestException, ValueError) as error:
        raise DirectoryError(type(error).__name__) from error


ROUTES = (
    Route("/sign-in/directory", leave_for_directory, methods=["GET"]),
    Route(BACK, come_back, methods=["GET"]),
)
