"""Contacts in the application API: api/v1/accounts/contacts_controller.rb of Chatwoot, its destroy only."""

from aiohttp import web

from harness.chatwoot.access_tokens import account_of, which_user_asks
from harness.chatwoot.desk_store import DeskStore
from harness.chatwoot.json_answers import nothing


class ContactApi:
    """Its handler."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        """What the server listens to."""
        return [web.delete("/api/v1/accounts/{account}/contacts/{contact}", self._destroy)]

    async def _destroy(self, request: web.Request) -> web.Response:
        """ContactPolicy#destroy?: administrators only. Only Chatwoot's own widget makes contacts be online: 422."""
        which_user_asks(self._store, request, administrator=True)
        self._store.delete_contact(self._store.contact(account_of(self._store, request), request.match_info["contact"]))
        return nothing()
