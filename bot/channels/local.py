"""The assistant in this process: the model, the actions and the database, without a running server.

Messages take the same way as served ones (`converse`, Rasa's processor, rasa_sdk's executor); only the HTTP between the
Rasa server and the action server is left out.
"""

import secrets
from pathlib import Path
from typing import Any

from bot.server.logs import quiet, quiet_structlog
from bot.server.without_tensorflow import leave_out_tensorflow

quiet()
leave_out_tensorflow()

from rasa.core.agent import Agent  # noqa: E402
from rasa.core.tracker_store import TrackerStore  # noqa: E402
from rasa.shared.core.events import UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402
from rasa.utils.endpoints import ClientResponseError, EndpointConfig  # noqa: E402
from rasa_sdk.executor import ActionExecutor  # noqa: E402
from rasa_sdk.interfaces import ActionExecutionRejection  # noqa: E402
from sqlalchemy.exc import SQLAlchemyError  # noqa: E402

from bot.channels.conversation import converse  # noqa: E402
from bot.channels.intake import customer_text  # noqa: E402
from bot.channels.phone.answering import PhoneAnswering  # noqa: E402
from bot.model_loading import load_signed_models_only  # noqa: E402
from bot.nlu.signals import QUESTIONS  # noqa: E402
from bot.replies.nlg import conversation_language  # noqa: E402
from bot.server.endpoints import read_endpoints  # noqa: E402
from bot.server.lean_core import lighten  # noqa: E402
from bot.settings import settings  # noqa: E402
from bot.storage.conversations import fail_loudly  # noqa: E402

CHANNEL = "console"


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint that runs the actions itself, answering as the action server would."""

    def __init__(self) -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, method: str = "post", **kwargs: Any) -> Any:  # type: ignore[override]
        """Run the action of a call; a rejected form becomes the status that Rasa expects."""
        try:
            return await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as rejection:
            import json

            body = json.dumps({"error": rejection.message, "action_name": rejection.action_name})
            raise ClientResponseError(400, "rejected", body) from rejection


def latest_parse(tracker: DialogueStateTracker) -> dict[str, Any]:
    """The parse result of the latest message (a form puts its own trigger into `tracker.latest_message`)."""
    users = (event for event in reversed(tracker.events) if isinstance(event, UserUttered))
    latest = next(users, None)
    return dict(latest.parse_data) if latest else {}


class LocalAssistant:
    """One conversation after another with a loaded model.

    Attributes:
        channel: Rasa's name of the channel that it speaks as.
    """

    channel = CHANNEL

    def __init__(self, model: Path) -> None:
        """
        Raises:
            UntrustedModel: the model's signature does not fit.
        """
        quiet_structlog()
        lighten()
        load_signed_models_only()
        endpoints = read_endpoints(settings())
        self._agent = Agent.load(
            str(model),
            action_endpoint=InProcessActions(),
            generator=endpoints.nlg,
            tracker_store=TrackerStore.create(endpoints.tracker_store),
        )
        fail_loudly(self._agent)
        self.restart()

    def restart(self) -> None:
        """Begin a new conversation."""
        self.conversation_id = f"{CHANNEL}-{secrets.token_hex(8)}"
        self._offered: dict[str, str] = {}

    async def say(self, text: str) -> dict[str, Any]:
        """Say something, or choose a button by its title or number.

        Returns:
            {"you", "language", "intent", "replies": [{"text", "buttons": [{"title"}], "sources"}]}
        """
        chosen = self._offered.get(text.strip().casefold())
        replies = await converse(
            self._agent.handle_message,
            self._agent.tracker_store.retrieve,
            text=chosen or customer_text(text),
            conversation_id=self.conversation_id,
            channel=self.channel,
        )
        buttons = [button for reply in replies for button in reply["buttons"]]
        self._offered = {button["title"].casefold(): button["payload"] for button in buttons}
        self._offered |= {str(number): button["payload"] for number, button in enumerate(buttons, 1)}
        tracker = await self._tracker()
        latest = latest_parse(tracker) if tracker else {}
        return {
            "you": text,
            "language": conversation_language(tracker) if tracker else None,
            "intent": (latest.get("intent") or {}).get("name"),
            "replies": [
                {
                    "text": reply["text"],
                    "buttons": [{"title": b["title"]} for b in reply["buttons"]],
                    "sources": reply["sources"],
                }
                for reply in replies
            ],
        }

    async def _tracker(self) -> DialogueStateTracker | None:
        """The conversation so far; None where it cannot be read (the customer has been told)."""
        try:
            return await self._agent.tracker_store.retrieve(self.conversation_id)
        except (SQLAlchemyError, OSError):
            return None

    def on_the_phone(self, transfer_to: str) -> PhoneAnswering:
        """Calls that this assistant answers; see `PhoneAnswering`."""
        agent = self._agent
        return PhoneAnswering(agent.handle_message, agent.tracker_store.retrieve, agent.parse_message, transfer_to)

    async def parse(self, text: str) -> dict[str, Any]:
        """What is understood of a text by itself.

        Returns:
            {"text", "language", "intent", "confidence", "entities": [{"entity", "value", "start", "end"}],
            "questions": [{"intent", "confidence", "start", "end"}], empty where one is asked}
        """
        return self._summary(text, await self._agent.parse_message(customer_text(text)))

    @staticmethod
    def _summary(text: str, parsed: dict[str, Any]) -> dict[str, Any]:
        intent = parsed.get("intent") or {}
        return {
            "text": text,
            "language": (parsed.get("language") or {}).get("code"),
            "intent": intent.get("name"),
            "confidence": intent.get("confidence"),
            "entities": [
                {key: e[key] for key in ("entity", "value", "start", "end")} for e in parsed.get("entities") or []
            ],
            "questions": list(parsed.get(QUESTIONS) or []),
        }

    async def understand(self, text: str) -> dict[str, Any]:
        """As `parse`, with `language_confidence` and `ranking`: the likeliest intents before the gate decides.

        Returns:
            {…, "language_confidence", "ranking": [{"name", "confidence"}]}; the ranking is empty where nothing is read.
        """
        parsed = await self._agent.parse_message(customer_text(text))
        return self._summary(text, parsed) | {
            "language_confidence": (parsed.get("language") or {}).get("confidence"),
            "ranking": list(parsed.get("intent_ranking") or []),
        }
