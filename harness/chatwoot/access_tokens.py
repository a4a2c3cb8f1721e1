"""Who asks the application API: AccessTokenAuthHelper and EnsureCurrentAccountHelper of Chatwoot."""

from aiohttp import web

from harness.chatwoot.desk_records import Account, AgentBot, Role, User
from harness.chatwoot.desk_store import DeskStore
from harness.chatwoot.refusals import (
    NOT_FOR_BOTS,
    NOT_KNOWN,
    NOT_PERMITTED,
    OTHER_ACCOUNT,
    OTHER_ACCOUNT_OF_BOT,
    RecordNotFound,
    not_signed_in,
    unauthorized,
)

# Rack makes one name of both spellings. Proxies often drop the one with underscores.
_HEADERS = ("api_access_token", "api-access-token")


def who_asks(store: DeskStore, request: web.Request, *, bots: bool = False) -> User | AgentBot:
    """The user or, where ``bots`` may ask this, the bot whose token the request has.

    Raises:
        Refusal: 401 where there is no such token, or where it is not for this account or this request.
        RecordNotFound: there is no such account.
    """
    token = next((request.headers[name] for name in _HEADERS if request.headers.get(name)), None)
    if not token:
        raise not_signed_in()
    people: list[User | AgentBot] = [*store.users, *store.bots]
    owner = next((person for person in people if person.access_token == token), None)
    if owner is None:
        raise unauthorized(NOT_KNOWN)
    if isinstance(owner, AgentBot) and not bots:
        raise unauthorized(NOT_FOR_BOTS)
    if owner.account is not account_of(store, request):
        raise unauthorized(OTHER_ACCOUNT_OF_BOT if isinstance(owner, AgentBot) else OTHER_ACCOUNT)
    return owner


def which_user_asks(store: DeskStore, request: web.Request, *, administrator: bool = False) -> User:
    """As ``who_asks``, where bots may not ask; ``administrator`` refuses other users with 401."""
    owner = who_asks(store, request)
    if not isinstance(owner, User) or (administrator and owner.role is not Role.ADMINISTRATOR):
        raise unauthorized(NOT_PERMITTED)
    return owner


def account_of(store: DeskStore, request: web.Request) -> Account:
    """The account in the path. Raises RecordNotFound."""
    for account in store.accounts:
        if str(account.id) == request.match_info["account"]:
            return account
    raise RecordNotFound
