"""Rasa's reply generator in two languages: the language is chosen first, then the channel."""

from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.replies import language
from bot.replies.reply import medium


def conversation_language(tracker: DialogueStateTracker) -> str:
    """The language of a conversation on Rasa's side."""
    users = [event for event in reversed(tracker.events) if isinstance(event, UserUttered)]
    session = language.of_session(event.metadata for event in users)
    return language.of_conversation((dict(event.parse_data) for event in users), session)


class LocalisedNLG(TemplatedNaturalLanguageGenerator):
    """Chooses among a reply's variants by language, then by channel (`endpoints.yml` names this class)."""

    def __init__(self, endpoint_config: EndpointConfig | None, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The reply in the conversation's language; None when the domain has no such reply in it."""
        code = conversation_language(tracker)
        variants = [
            v for v in self.responses.get(utter_action, []) if (v.get("metadata") or {}).get("language") == code
        ]
        kind = medium(output_channel)
        chosen = [v for v in variants if v.get("channel") == kind] or [v for v in variants if not v.get("channel")]
        if not chosen:
            return None
        response = {key: value for key, value in chosen[0].items() if key in {"text", "buttons"}}
        response["language"] = code
        if kind is not None:
            response.pop("buttons", None)  # choices are spoken, not shown
        filled: dict[str, Any] = self._fill_response(response, tracker.current_slot_values(), **kwargs)
        return filled
