"""What a test makes happen at the desk. No method waits for a webhook to arrive; ``settle`` does."""

from typing import Protocol

from harness.chatwoot.application_shapes import application_conversation, application_message
from harness.chatwoot.desk_life import DeskLife, Draft
from harness.chatwoot.desk_records import (
    Account,
    AgentBot,
    ApiInbox,
    Conversation,
    ConversationStatus,
    JsonObject,
    Message,
    MessageType,
    Role,
    Sender,
    User,
)
from harness.chatwoot.desk_store import DeskStore
from harness.chatwoot.loop_thread import LoopThread
from harness.chatwoot.rails_parameters import UploadedFile
from harness.chatwoot.refusals import RecordNotFound

Files = tuple[tuple[str, str, bytes], ...]


class Steered(Protocol):
    """What steering needs of a server."""

    store: DeskStore
    life: DeskLife
    account: Account
    agent: User
    bot: AgentBot

    @property
    def thread(self) -> LoopThread:
        """Where records may be touched."""


class Steering:
    """Agents, bots and the inbox itself act. ``conversation_id`` is the number that Chatwoot shows."""

    def add_agent(self: Steered, name: str, role: Role = Role.AGENT) -> User:
        """Another person at the desk, with an ``access_token``."""
        return self.thread.call(self.store.add_user, self.account, name, role)

    def add_bot(self: Steered, name: str) -> AgentBot:
        """Another bot, with an ``access_token``."""
        return self.thread.call(self.store.add_bot, self.account, name)

    def add_stranger(self: Steered, name: str) -> User:
        """An administrator of another account."""

        def add() -> User:
            return self.store.add_user(self.store.add_account(f"{name}'s account"), name, Role.ADMINISTRATOR)

        return self.thread.call(add)

    def add_inbox(
        self: Steered,
        name: str = "API",
        *,
        webhook_url: str | None = None,
        hmac_mandatory: bool = False,
        lock_to_single_conversation: bool = False,
        bot: AgentBot | None = None,
    ) -> ApiInbox:
        """An API inbox; with a ``bot``, its conversations begin as pending. No bot is told anything here."""

        def add() -> ApiInbox:
            inbox = self.store.add_inbox(self.account, name, webhook_url)
            inbox.hmac_mandatory, inbox.bot = hmac_mandatory, bot
            inbox.lock_to_single_conversation = lock_to_single_conversation
            return inbox

        return self.thread.call(add)

    def reset_secret(self: Steered, inbox: ApiInbox) -> str:
        """A new signing secret, from the next webhook on."""
        self.thread.call(self.store.reset_secret, inbox)
        return inbox.secret

    def agent_says(
        self: Steered,
        conversation_id: int,
        content: str | None,
        *,
        agent: User | None = None,
        private: bool = False,
        files: Files = (),
    ) -> int:
        """An agent answers, or notes what the contact must not see. Returns the message's id.

        Files are triples of name, media type and content.
        """
        return _say(self, conversation_id, content, agent or self.agent, private=private, files=files)

    def bot_says(
        self: Steered, conversation_id: int, content: str, *, bot: AgentBot | None = None, private: bool = False
    ) -> int:
        """A bot of the desk answers. Returns the message's id."""
        return _say(self, conversation_id, content, bot or self.bot, private=private)

    def inbox_says(self: Steered, conversation_id: int, content: str) -> int:
        """A greeting, or that nobody is there: a template, which nobody sent. Returns the message's id."""
        return _say(self, conversation_id, content, None, message_type=MessageType.TEMPLATE)

    def agent_deletes(self: Steered, conversation_id: int, message_id: int) -> None:
        """An agent deletes a message, which then says so."""

        def delete() -> None:
            self.life.delete_message(_message(self, conversation_id, message_id))

        self.thread.call(delete)

    def agent_is(self: Steered, availability: str, *, agent: User | None = None) -> None:
        """An agent is ``online``, ``busy`` or ``offline``."""

        def change() -> None:
            (agent or self.agent).availability = availability

        self.thread.call(change)

    def agent_types(
        self: Steered, conversation_id: int, *, on: bool = True, agent: User | None = None, private: bool = False
    ) -> None:
        """An agent starts or stops typing, perhaps a private note."""

        def types() -> None:
            self.life.types(_conversation(self, conversation_id), agent or self.agent, on=on, private=private)

        self.thread.call(types)

    def agent_resolves(self: Steered, conversation_id: int) -> None:
        """An agent is done with the conversation."""
        _set_status(self, conversation_id, ConversationStatus.RESOLVED)

    def agent_reopens(self: Steered, conversation_id: int) -> None:
        """An agent opens it again."""
        _set_status(self, conversation_id, ConversationStatus.OPEN)

    def agent_snoozes(self: Steered, conversation_id: int) -> None:
        """An agent puts it aside until the contact writes."""
        _set_status(self, conversation_id, ConversationStatus.SNOOZED)

    def agent_leaves_to_bot(self: Steered, conversation_id: int) -> None:
        """An agent makes it pending."""
        _set_status(self, conversation_id, ConversationStatus.PENDING)

    def agent_assigns(self: Steered, conversation_id: int, assignee: User | AgentBot | None) -> None:
        """To a person, to a bot, or to nobody."""

        def assign() -> None:
            self.life.assign(_conversation(self, conversation_id), assignee)

        self.thread.call(assign)

    def conversations(self: Steered) -> list[JsonObject]:
        """All of the account, as the application API shows one."""

        def shown() -> list[JsonObject]:
            held = [c for c in self.store.conversations if c.account is self.account]
            return [application_conversation(conversation) for conversation in held]

        return self.thread.call(shown)

    def messages(self: Steered, conversation_id: int) -> list[JsonObject]:
        """All of a conversation, private notes and activities too, as the application API shows them."""

        def shown() -> list[JsonObject]:
            return [application_message(message) for message in _conversation(self, conversation_id).messages]

        return self.thread.call(shown)


def _conversation(server: Steered, conversation_id: int) -> Conversation:
    try:
        return server.store.conversation(server.account, str(conversation_id))
    except RecordNotFound:
        raise LookupError(f"The desk has no conversation {conversation_id}.") from None


def _message(server: Steered, conversation_id: int, message_id: int) -> Message:
    for message in _conversation(server, conversation_id).messages:
        if message.id == message_id:
            return message
    raise LookupError(f"Conversation {conversation_id} has no message {message_id}.")


def _set_status(server: Steered, conversation_id: int, status: ConversationStatus) -> None:
    server.thread.call(lambda: server.life.set_status(_conversation(server, conversation_id), status))


def _say(
    server: Steered,
    conversation_id: int,
    content: str | None,
    sender: Sender | None,
    *,
    private: bool = False,
    files: Files = (),
    message_type: MessageType = MessageType.OUTGOING,
) -> int:
    uploaded = [UploadedFile(*file) for file in files]
    draft = Draft(content=content, message_type=message_type, sender=sender, private=private, files=uploaded)
    return server.thread.call(lambda: server.life.add_message(_conversation(server, conversation_id), draft).id)
