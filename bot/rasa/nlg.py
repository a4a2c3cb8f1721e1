"""Rasa's response generator (NLG) for two languages: it selects by language first, then by channel."""

import asyncio
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.channels.conversation_language import conversation_language
from bot.knowledge.conveyed import NOTHING
from bot.known_channels import SPOKEN, channel_named
from bot.replies.asked_source import source_again, sources_said
from bot.replies.carried import utter_message_arguments
from bot.replies.catalogue import IN_FORCE, Button
from bot.replies.conveyed_texts import conveyed_by
from bot.replies.named_events import events_named_today
from bot.replies.reply import Reply
from bot.settings import LANGUAGES

KEYS = {"text", "buttons", "channel", "metadata"}  # of a variant


def _source_again(tracker: DialogueStateTracker, code: str) -> str | None:
    """The reply to a question about the source ("no kurienes …") that was taken for an intent with a fixed reply."""
    said = sources_said(event.metadata for event in tracker.events if isinstance(event, BotUttered))
    latest = tracker.latest_message
    return source_again(latest.text or "", said, code) if latest and not tracker.active_loop_name else None


class LocalisedNLG(TemplatedNaturalLanguageGenerator):
    """Selects a reply's variant by language, then by channel (`endpoints.yml` names this class)."""

    def __init__(self, endpoint_config: EndpointConfig | None, domain: Domain) -> None:
        """
        Raises:
            InvalidDomain: the domain's responses do not have the form that `bot.rasa.importer` makes.
        """
        for key, variants in domain.responses.items():
            if reason := _why_not(variants):
                raise InvalidDomain(f"The reply '{key}' of the model {reason}; train it with 'bot train'.")
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The reply in the conversation's language; None where the domain has none."""
        code = conversation_language(tracker)
        variants = [
            v for v in self.responses.get(utter_action, []) if (v.get("metadata") or {}).get("language") == code
        ]
        channel = channel_named(output_channel)
        events = await asyncio.to_thread(events_named_today, code) if any(map(_is_for_events, variants)) else None
        variants = [v for v in variants if _is_for_events(v) is (events is not None)] or variants
        own = [v for v in variants if v.get("channel") == channel.medium]
        chosen = own or [v for v in variants if not v.get("channel")]
        if not chosen:
            return None
        text = (_source_again(tracker, code) if channel.medium == SPOKEN else None) or chosen[0]["text"]
        text = text.format(events=events) if events else text
        offered = chosen[0].get("buttons") or () if channel.shows_buttons else ()
        buttons = tuple(Button(button["title"], button["payload"]) for button in offered)
        conveyed = conveyed_by().get(utter_action, NOTHING)
        response = utter_message_arguments(Reply(text, buttons, language=code, conveyed=conveyed))
        filled: dict[str, Any] = self._fill_response(response, tracker.current_slot_values(), **kwargs)
        return filled


def _is_for_events(variant: dict[str, Any]) -> bool:
    return bool((variant.get("metadata") or {}).get(IN_FORCE))


def _why_not(variants: list[dict[str, Any]]) -> str | None:
    """Why a reply's variants cannot be used; Rasa's other keys (`condition`, `image`, …) would be ignored here."""
    unknown = sorted({key for variant in variants for key in variant} - KEYS)
    if unknown:
        return f"has '{unknown[0]}', which is not known here"
    places = [
        ((variant.get("metadata") or {}).get("language"), variant.get("channel"), _is_for_events(variant))
        for variant in variants
    ]
    if missing := [code for code in LANGUAGES if (code, None, False) not in places]:
        return f"has no text in '{missing[0]}' for every channel"
    if len(set(places)) < len(places):
        return "has two texts for the same language and channel"
    return None
