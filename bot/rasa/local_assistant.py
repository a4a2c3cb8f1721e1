"""The assistant in this process: the model, the actions and the database, without a running server.

Messages take the same path as served ones (`converse`, Rasa's processor, rasa_sdk's executor), only without HTTP
between the Rasa server and the action server.
"""

import secrets
from pathlib import Path

from bot.rasa.boot import boot
from bot.rasa.processes import Process

boot(Process.ASSISTANT)

from rasa.core.agent import Agent  # noqa: E402
from rasa.core.tracker_store import TrackerStore  # noqa: E402
from rasa.shared.core.events import UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from sqlalchemy.exc import SQLAlchemyError  # noqa: E402

from bot.channels.conversation import converse  # noqa: E402
from bot.channels.conversation_language import conversation_language  # noqa: E402
from bot.channels.intake import CustomerText, Payload, customer_text  # noqa: E402
from bot.channels.phone.call_answering import PhoneAnswering  # noqa: E402
from bot.knowledge.conveyed import Conveyed  # noqa: E402
from bot.known_channels import CONSOLE  # noqa: E402
from bot.parse_result import ParseResult, parse_result  # noqa: E402
from bot.rasa.endpoints import read_endpoints  # noqa: E402
from bot.rasa.exchanges import Exchange  # noqa: E402
from bot.rasa.in_process_actions import InProcessActions  # noqa: E402
from bot.rasa.warming import warm_actions  # noqa: E402
from bot.settings import settings  # noqa: E402


def latest_parse(tracker: DialogueStateTracker) -> ParseResult:
    """The parse of the latest message (`tracker.latest_message` may be a form's own trigger instead)."""
    users = (event for event in reversed(tracker.events) if isinstance(event, UserUttered))
    latest = next(users, None)
    return parse_result(latest.parse_data if latest else None)


class LocalAssistant:
    """One conversation after another with a loaded model.

    Attributes:
        channel: the channel whose replies it gives.
    """

    channel = CONSOLE

    def __init__(self, model: Path) -> None:
        """
        Raises:
            UntrustedModel: the model's signature is not valid.
        """
        endpoints = read_endpoints(settings())
        self._agent = Agent.load(
            str(model),
            action_endpoint=InProcessActions(),
            generator=endpoints.nlg,
            tracker_store=TrackerStore.create(endpoints.tracker_store),
        )
        warm_actions()  # otherwise, on a busy machine, the first question about an account misses its deadline
        self.restart()

    def restart(self) -> None:
        """Begin a new conversation."""
        self.conversation_id = f"{CONSOLE.name}-{secrets.token_hex(8)}"
        self._offered: dict[str, Payload] = {}

    async def say(self, text: str) -> Exchange:
        """Say something, or choose a button by its title or number."""
        chosen = self._offered.get(text.strip().casefold())
        replies = await converse(
            self._agent.handle_message,
            self._agent.tracker_store.retrieve,
            said=chosen or customer_text(text),
            conversation_id=self.conversation_id,
            channel=self.channel,
        )
        buttons = [button for reply in replies for button in reply.buttons]
        self._offered = {button.title.casefold(): Payload(button.payload) for button in buttons}
        self._offered |= {str(number): Payload(button.payload) for number, button in enumerate(buttons, 1)}
        tracker = await self._tracker()
        latest = latest_parse(tracker) if tracker else ParseResult()
        conveyed = Conveyed.together(reply.conveyed for reply in replies)
        return {
            "you": text,
            "language": conversation_language(tracker) if tracker else None,
            "intent": latest.intent,
            "questions": latest.asked,
            "act": conveyed.act,
            "opening": str(conveyed.opening),
            "rows": list(conveyed.rows),
            "replies": [
                {
                    "text": reply.text,
                    "buttons": [{"title": button.title} for button in reply.buttons],
                    "sources": [{"title": link.title, "url": link.url} for link in reply.links],
                }
                for reply in replies
            ],
        }

    async def _tracker(self) -> DialogueStateTracker | None:
        """The conversation so far; None where it cannot be read (the customer got an apology)."""
        try:
            return await self._agent.tracker_store.retrieve(self.conversation_id)
        except (SQLAlchemyError, OSError):
            return None

    def on_the_phone(self, transfer_to: str) -> PhoneAnswering:
        """A `PhoneAnswering` whose calls this assistant answers."""
        agent = self._agent
        return PhoneAnswering(agent.handle_message, agent.tracker_store.retrieve, self._parsed, transfer_to)

    async def parse(self, text: str) -> ParseResult:
        """The parse of a text without a conversation."""
        return await self._parsed(customer_text(text))

    async def _parsed(self, said: CustomerText) -> ParseResult:
        return parse_result(await self._agent.parse_message(said.text))
