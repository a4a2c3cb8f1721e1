"""Conversations in the application API: conversations_controller.rb and conversations/assignments_controller.rb."""

from datetime import UTC, datetime

from aiohttp import web

from harness.chatwoot.access_tokens import account_of, which_user_asks, who_asks
from harness.chatwoot.application_shapes import (
    application_agent,
    application_bot,
    application_conversation,
    status_toggled,
)
from harness.chatwoot.desk_life import DeskLife
from harness.chatwoot.desk_records import AgentBot, Conversation, ConversationStatus, JsonObject, Role, User
from harness.chatwoot.desk_store import DeskStore
from harness.chatwoot.json_answers import answered, nothing
from harness.chatwoot.rails_parameters import parameters_of, text, truth
from harness.chatwoot.refusals import UnhandledError
from harness.chatwoot.releases import Release

CONVERSATION = "/api/v1/accounts/{account}/conversations/{conversation}"


class ConversationApi:
    """Its handlers."""

    def __init__(self, store: DeskStore, life: DeskLife, release: Release) -> None:
        self._store, self._life, self._release = store, life, release

    def routes(self) -> list[web.RouteDef]:
        """What the server listens to."""
        return [
            web.get(CONVERSATION, self._show),
            web.post(CONVERSATION + "/toggle_status", self._toggle_status),
            web.post(CONVERSATION + "/toggle_typing_status", self._toggle_typing_status),
            web.post(CONVERSATION + "/assignments", self._assign),
        ]

    def _conversation(self, request: web.Request) -> Conversation:
        return self._store.conversation(account_of(self._store, request), request.match_info["conversation"])

    async def _show(self, request: web.Request) -> web.Response:
        if self._release.bots_read_conversations:
            who_asks(self._store, request, bots=True)
        else:
            which_user_asks(self._store, request)
        return answered(application_conversation(self._conversation(request)))

    async def _toggle_status(self, request: web.Request) -> web.Response:
        person = who_asks(self._store, request, bots=True)
        conversation, parameters = self._conversation(request), await parameters_of(request)
        wanted = text(parameters, "status")
        handed_over = _handed_over_by_bot(person, conversation, wanted)
        self._life.set_status(conversation, _next_status(conversation, wanted), _snoozed_until(parameters))
        reopened_by_agent = isinstance(person, User) and person.role is Role.AGENT
        if reopened_by_agent and conversation.status is ConversationStatus.OPEN:
            self._life.assign(conversation, person)
        # A bot that hands over is answered with null: nobody sets the success then.
        return answered(status_toggled(conversation, success=None if handed_over else True))

    async def _toggle_typing_status(self, request: web.Request) -> web.Response:
        person = who_asks(self._store, request, bots=True)
        conversation, parameters = self._conversation(request), await parameters_of(request)
        wanted = text(parameters, "typing_status")
        if wanted in {"on", "off"}:
            self._life.types(conversation, person, on=wanted == "on", private=truth(parameters, "is_private"))
        return nothing()

    async def _assign(self, request: web.Request) -> web.Response:
        who_asks(self._store, request, bots=True)
        conversation, parameters = self._conversation(request), await parameters_of(request)
        number = text(parameters, "assignee_id")
        if parameters.get("assignee_type") == "AgentBot":
            return self._assign_bot(conversation, number)
        if "assignee_id" not in parameters:
            # There are no teams here, and without either parameter Chatwoot answers null.
            return answered(None)
        users = [user for user in self._store.users if user.account is conversation.account and str(user.id) == number]
        # An unknown user is nobody: the conversation loses its assignee.
        self._life.assign(conversation, users[0] if users else None)
        return answered(application_agent(users[0]) if users else None)

    def _assign_bot(self, conversation: Conversation, number: str | None) -> web.Response:
        bots = [bot for bot in self._store.bots if bot.account is conversation.account and str(bot.id) == number]
        if not bots:
            return answered(None)
        self._life.assign(conversation, bots[0])
        return answered(application_bot(bots[0]))


def _handed_over_by_bot(person: User | AgentBot, conversation: Conversation, wanted: str | None) -> bool:
    pending = conversation.status is ConversationStatus.PENDING
    return isinstance(person, AgentBot) and pending and wanted == ConversationStatus.OPEN


def _next_status(conversation: Conversation, wanted: str | None) -> ConversationStatus:
    """What was asked for; without it, open becomes resolved and everything else open."""
    if not wanted:
        is_open = conversation.status is ConversationStatus.OPEN
        return ConversationStatus.RESOLVED if is_open else ConversationStatus.OPEN
    if wanted not in set(ConversationStatus):
        raise UnhandledError(f"'{wanted}' is not a valid status")
    return ConversationStatus(wanted)


def _snoozed_until(parameters: JsonObject) -> datetime | None:
    """Unix seconds; only a snoozed conversation keeps it."""
    given = text(parameters, "snoozed_until")
    snoozed = parameters.get("status") == ConversationStatus.SNOOZED
    return datetime.fromtimestamp(int(given), UTC) if given and given.isdigit() and snoozed else None
