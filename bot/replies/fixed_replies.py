"""Replies of the catalogue (`data/responses`), as they are worded while certain events are in force."""

from typing import Any

from bot.replies.catalogue import catalogues
from bot.replies.conveyed_texts import conveyed_by
from bot.replies.named_events import NamedEvents, events_named_today
from bot.replies.reply import Reply


def fixed(key: str, language: str, medium: str | None = None, **values: Any) -> Reply:
    """A reply from the catalogue, with its buttons, as it is worded while the events of today are in force.

    Args:
        key: key of the response, such as "utter_greet".
        medium: "phone" for the spoken variant.
        values: the placeholders' values.
    """
    events = events_named_today(language) if catalogues()[language].names_events(key) else None
    return fixed_during(events, key, language, medium, **values)


def fixed_during(
    events: NamedEvents | None, key: str, language: str, medium: str | None = None, **values: Any
) -> Reply:
    """As `fixed`, while certain events are in force; None for none."""
    texts = catalogues()[language]
    variant = texts.variant(key, medium, in_force=events is not None)
    values |= {"events": events} if events else {}
    buttons = tuple(texts.button(intent) for intent in variant.next)
    return Reply(variant.text.format(**values), buttons, conveyed=conveyed_by()[key])
