"""Who works at the desk: app/controllers/api/v1/accounts/agents_controller.rb of Chatwoot, its list only."""

from aiohttp import web

from harness.chatwoot.access_tokens import account_of, which_user_asks
from harness.chatwoot.application_shapes import application_agent
from harness.chatwoot.desk_store import DeskStore
from harness.chatwoot.json_answers import answered


class AgentApi:
    """Its handler."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        """What the server listens to."""
        return [web.get("/api/v1/accounts/{account}/agents", self._list)]

    async def _list(self, request: web.Request) -> web.Response:
        """UserPolicy#index?: everybody of the account may; agents/index.json.jbuilder is a bare list."""
        which_user_asks(self._store, request)
        account = account_of(self._store, request)
        # order_by_full_name
        users = sorted((user for user in self._store.users if user.account is account), key=lambda user: user.name)
        return answered([application_agent(user) for user in users])
