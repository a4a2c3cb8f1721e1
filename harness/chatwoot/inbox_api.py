"""Inboxes in the application API: app/controllers/api/v1/accounts/inboxes_controller.rb of Chatwoot."""

from aiohttp import web

from harness.chatwoot.access_tokens import account_of, which_user_asks
from harness.chatwoot.application_shapes import application_inbox
from harness.chatwoot.desk_records import ApiInbox, JsonObject
from harness.chatwoot.desk_store import DeskStore, check_webhook_url
from harness.chatwoot.json_answers import answered
from harness.chatwoot.rails_parameters import mapping, parameters_of, text, truth
from harness.chatwoot.refusals import RecordInvalid, UnhandledError

_INBOXES = "/api/v1/accounts/{account}/inboxes"
_INBOX = _INBOXES + "/{inbox}"


class InboxApi:
    """Its handlers."""

    def __init__(self, store: DeskStore) -> None:
        self._store = store

    def routes(self) -> list[web.RouteDef]:
        """What the server listens to."""
        return [
            web.get(_INBOXES, self._list),
            web.post(_INBOXES, self._create),
            web.get(_INBOX, self._show),
            web.patch(_INBOX, self._update),
            web.put(_INBOX, self._update),
            web.post(_INBOX + "/reset_secret", self._reset_secret),
        ]

    def _inbox(self, request: web.Request) -> ApiInbox:
        return self._store.inbox_by_id(account_of(self._store, request), request.match_info["inbox"])

    async def _list(self, request: web.Request) -> web.Response:
        user = which_user_asks(self._store, request)
        inboxes = [inbox for inbox in self._store.inboxes if inbox.account is user.account]
        return answered({"payload": [application_inbox(inbox, user.role) for inbox in inboxes]})

    async def _show(self, request: web.Request) -> web.Response:
        user = which_user_asks(self._store, request)
        return answered(application_inbox(self._inbox(request), user.role))

    async def _create(self, request: web.Request) -> web.Response:
        user = which_user_asks(self._store, request, administrator=True)
        parameters = await parameters_of(request)
        channel = parameters.get("channel")
        if not isinstance(channel, dict):
            raise UnhandledError("undefined method '[]' for nil")
        if channel.get("type") != "api":
            # Chatwoot knows other channels; this stand-in does not.
            raise RecordInvalid([("channel", "must exist")])
        inbox = self._store.add_inbox(user.account, text(parameters, "name"), text(channel, "webhook_url"))
        _set(inbox, parameters, channel)
        return answered(application_inbox(inbox, user.role))

    async def _update(self, request: web.Request) -> web.Response:
        user = which_user_asks(self._store, request, administrator=True)
        inbox, parameters = self._inbox(request), await parameters_of(request)
        channel = mapping(parameters, "channel")
        check_webhook_url(text(channel, "webhook_url"))
        inbox.name = text(parameters, "name") or inbox.name
        if "webhook_url" in channel:
            inbox.webhook_url = text(channel, "webhook_url") or None
        _set(inbox, parameters, channel)
        return answered(application_inbox(inbox, user.role))

    async def _reset_secret(self, request: web.Request) -> web.Response:
        user = which_user_asks(self._store, request, administrator=True)
        inbox = self._inbox(request)
        self._store.reset_secret(inbox)
        return answered(application_inbox(inbox, user.role))


def _set(inbox: ApiInbox, parameters: JsonObject, channel: JsonObject) -> None:
    """What Channel::Api::EDITABLE_ATTRS and the inbox's own attributes allow; a secret is never the client's choice."""
    if "lock_to_single_conversation" in parameters:
        inbox.lock_to_single_conversation = truth(parameters, "lock_to_single_conversation")
    if "hmac_mandatory" in channel:
        inbox.hmac_mandatory = truth(channel, "hmac_mandatory")
    if "additional_attributes" in channel:
        inbox.additional_attributes = mapping(channel, "additional_attributes")
