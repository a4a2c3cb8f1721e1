"""Taking personal data out of a conversation's events before they are stored or published.

Events are dictionaries as Rasa's `Event.as_dict()` gives them; nothing of Rasa is needed here. Every string is redacted
unless it stands where only names of ours can stand.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from bot.privacy import redact

Event = dict[str, Any]
FORM, SLOT = "account_form", "account_details"
CONTRACT_NUMBER, LANGUAGE = "contract_number", "language"
CONTRACT, ACCOUNT, DETAILS = "[contract]", "[account]", "[account details]"
# Slots in which actions keep what was understood, for the next turn to read; a date or amount may be just as it was
# written. Like all else they go through `redact`.
UNDERSTOOD = frozenset(
    ["topic", "places", "also", "pending_question", "requested_slot", "account_question", "account_wish"]
)

_ENTITY = ("entity", "extractor", "role", "group", "processors")
_MODEL = ("model_id", "assistant_id", "language", "session_language")
# Where no words of a customer stand: the keys that lead there; places in lists do not count.
_NAMES = frozenset(
    [
        *[(key,) for key in ("event", "name", "policy", "intent", "input_channel", "message_id", "sender_id")],
        *[("metadata", key) for key in (*_MODEL, "utter_action")],
        *[("parse_data", key) for key in ("message_id", "input_problem", LANGUAGE)],
        *[("parse_data", "metadata", key) for key in _MODEL],
        *[("parse_data", key, "name") for key in ("intent", "intent_ranking")],
        ("parse_data", LANGUAGE, "code"),
        ("parse_data", "questions", "intent"),
        *[(*place, key) for place in (("parse_data", "entities"), ("entities",)) for key in _ENTITY],
    ]
)
_ENTITIES = frozenset([("parse_data", "entities"), ("entities",)])
_PAYLOAD = re.compile(r"/[a-z_]+(\{.*\})?", re.DOTALL)
_LANGUAGE_CODE = re.compile(r"[a-z]{2,5}")
_SHORTEST = 4  # characters; shorter pieces of a message stand in other words too


def redacted(events: Iterable[Event], before: Iterable[Event] = ()) -> list[Event]:
    """Redacted copies of a conversation's events, in their order; redacting them again changes nothing.

    - What is said while the account form is active becomes `[account details]`, entities and slots with it, but for
      what our actions understood of it (`UNDERSTOOD`).
    - A bot's text that is marked as private becomes `[account]`; its buttons stay, other data goes.
    - Contract numbers that the understanding found become `[contract]`, whatever their length.
    - All else that a customer may have written goes through `bot.privacy.redact`, addresses too. Numbers stay.

    Args:
        before: the events of the same conversation that came before, redacted or not.
    """
    state = _State()
    for event in before:
        state.follow(event)
    return [state.copied(event) for event in events]


class _State:
    """Whether the account form is active, as the earlier events say."""

    def __init__(self) -> None:
        self._in_form = False

    def follow(self, event: Event) -> None:
        """Take note of an event."""
        match event.get("event"):
            case "active_loop" | "form":
                self._in_form = event.get("name") == FORM
            case "session_started" | "restart":
                self._in_form = False

    def copied(self, event: Event) -> Event:
        """The redacted copy of an event; takes note of it."""
        self.follow(event)
        match event.get("event"):
            case "user" if self._in_form and not _is_button(event):
                return _Hidden().event(event)
            case "user":
                return _Redacted(contracts=_contract_pieces(event)).event(event)
            case "bot" if (event.get("metadata") or {}).get("private") is True:
                return _private(event)
            case "bot":
                return _Said().event(event)
            case "slot":
                return self._slot(event)
        return _Redacted().event(event)

    def _slot(self, event: Event) -> Event:
        copy, name = _Redacted().event(event), event.get("name")
        if event.get("value") is not None:
            if name == SLOT or (self._in_form and name not in UNDERSTOOD):
                copy["value"] = DETAILS  # it may repeat what was said
            elif name == CONTRACT_NUMBER:
                copy["value"] = CONTRACT
        return copy


class _Redacted:
    """Copies with every string redacted that is none of our names."""

    def __init__(self, contracts: Iterable[str] = ()) -> None:
        """Take pieces that become `[contract]`."""
        self._contracts = list(contracts)
        self._known: dict[str, str] = {}  # the same text stands in an event several times

    def event(self, event: Event) -> Event:
        """The copy of an event."""
        return {key: self._value(value, (key,)) for key, value in event.items()}

    def _value(self, value: Any, place: tuple[str, ...]) -> Any:
        if isinstance(value, str):
            return value if place in _NAMES else self._text(value)
        if isinstance(value, dict):
            copy = {key: self._value(inner, (*place, str(key))) for key, inner in value.items()}
            if value.get(CONTRACT_NUMBER) is not None:
                copy[CONTRACT_NUMBER] = CONTRACT
            return self._entity(value, copy) if place in _ENTITIES else copy
        if isinstance(value, list | tuple):
            return [self._value(inner, place) for inner in value]
        return value

    def _entity(self, entity: Event, copy: Event) -> Event:
        if entity.get("entity") == CONTRACT_NUMBER:
            copy["value"] = CONTRACT
        elif _is_language(entity):
            copy["value"] = entity["value"]
        return copy

    def _text(self, text: str) -> str:
        if text not in self._known:
            self._known[text] = self._without_contracts(redact(text, addresses=True))
        return self._known[text]

    def _without_contracts(self, text: str) -> str:
        left = [piece for piece in self._contracts if piece in text]
        for piece in left:
            text = text.replace(piece, CONTRACT)
        return redact(text, addresses=True) if left else text


class _Said(_Redacted):
    """Copies of what the assistant says, which is mostly the same to everybody and has nothing personal in it."""

    def _text(self, text: str) -> str:
        try:
            return _harmless(text)
        except _Personal as found:
            return found.redacted


class _Personal(Exception):
    """Something in a text was personal; raised, so that the cache does not keep the text."""

    def __init__(self, redacted: str) -> None:
        super().__init__()
        self.redacted = redacted


@lru_cache(maxsize=2048)
def _harmless(text: str) -> str:
    redacted = redact(text, addresses=True)
    if redacted != text:
        raise _Personal(redacted)
    return text


class _Hidden(_Redacted):
    """Copies in which every string is hidden whole, and the values of entities whatever they are."""

    def _text(self, text: str) -> str:
        return DETAILS if text else text

    def _entity(self, entity: Event, copy: Event) -> Event:
        if "value" in entity:
            copy["value"] = entity["value"] if _is_language(entity) else DETAILS
        return copy


def _private(event: Event) -> Event:
    """The copy of a bot event that tells something of an account: that it was said, and the choices with it."""
    data = {"buttons": (event.get("data") or {}).get("buttons")}
    copy = _Redacted().event({**event, "data": data if data["buttons"] else {}})
    told = {key: value for key, value in copy["metadata"].items() if ("metadata", key) in _NAMES or key == "private"}
    return {**copy, "text": ACCOUNT if event.get("text") else event.get("text"), "metadata": told}


def _is_button(event: Event) -> bool:
    """Whether a customer chose what we offered; a customer's own slash never comes first (bot.channels.intake)."""
    return bool(_PAYLOAD.fullmatch(str(event.get("text") or "").strip()))


def _is_language(entity: Event) -> bool:
    """Whether an entity says which language is asked for; later answers depend on it."""
    value = entity.get("value")
    return entity.get("entity") == LANGUAGE and isinstance(value, str) and bool(_LANGUAGE_CODE.fullmatch(value))


def _contract_pieces(event: Event) -> Iterator[str]:
    """The pieces of a message that were taken for a contract number, as they were written."""
    parsed = event.get("parse_data") or {}
    text = str(parsed.get("text") or "")
    for entity in parsed.get("entities") or []:
        if entity.get("entity") != CONTRACT_NUMBER or entity.get("value") == CONTRACT:
            continue
        for piece in (text[entity.get("start") or 0 : entity.get("end") or 0], str(entity.get("value"))):
            if len(piece.strip()) >= _SHORTEST:
                yield piece.strip()
