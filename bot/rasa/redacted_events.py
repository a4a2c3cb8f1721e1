"""Redacts personal data in a conversation's events before they are stored or published.

Events are dictionaries as Rasa's `Event.as_dict()` returns them; Rasa is not imported here. Every string is redacted
unless its key can only contain identifiers of ours.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from bot.accounts.choice_buttons import is_choice
from bot.domain_names import EntityName, Form, Slot
from bot.parse_result import LANGUAGE, MEANINGS, PROBLEM, QUESTION, QUESTIONS, parse_result
from bot.privacy import redact
from bot.privacy.pieces import Piece, holds, without_pieces
from bot.privacy.together import ConversationLine
from bot.rasa.said_in_events import said_together
from bot.replies.carried import HANDOVER, PRIVATE
from bot.replies.language import SESSION_LANGUAGE, STANDING_LANGUAGE

Event = dict[str, Any]
_KIND = re.compile(r"\[[a-z][a-z -]*\]")
CONTRACT, ACCOUNT, DETAILS = "[contract]", "[account]", "[account details]"
# Slots in which actions store what was understood, for the next turn; a date or amount may be just as it was written.
# Like all other strings they go through `redact`.
UNDERSTOOD: frozenset[str] = frozenset(
    [
        Slot.TOPIC,
        Slot.ABOUT,
        Slot.SAID,
        Slot.PERSONS,
        Slot.PLACES,
        Slot.ALSO,
        Slot.PENDING_QUESTION,
        "requested_slot",
        Slot.ACCOUNT_QUESTION,
        Slot.ACCOUNT_WISH,
    ]
)

_ENTITY = ("entity", "extractor", "role", "group", "processors")
_MODEL = ("model_id", "assistant_id", LANGUAGE, SESSION_LANGUAGE, STANDING_LANGUAGE)
# Paths of keys whose values never contain a customer's words; indices of lists are left out.
_NAMES = frozenset(
    [
        *[(key,) for key in ("event", "name", "policy", "intent", "input_channel", "message_id", "sender_id")],
        *[("metadata", key) for key in (*_MODEL, "utter_action", HANDOVER)],
        *[("parse_data", key) for key in ("message_id", PROBLEM, LANGUAGE)],
        *[("parse_data", "metadata", key) for key in _MODEL],
        *[("parse_data", key, "name") for key in ("intent", "intent_ranking", QUESTION, MEANINGS)],
        ("parse_data", LANGUAGE, "code"),
        *[("parse_data", QUESTIONS, key) for key in ("intent", "about")],
        *[(*place, key) for place in (("parse_data", "entities"), ("entities",)) for key in _ENTITY],
    ]
)
_ENTITIES = frozenset([("parse_data", "entities"), ("entities",)])
_PAYLOAD = re.compile(r"/[a-z_]+(\{.*\})?", re.DOTALL)
_LANGUAGE_CODE = re.compile(r"[a-z]{2,5}")
_SHORTEST = 4  # characters; shorter pieces of a message also occur within other words


class Redaction(NamedTuple):
    """The result of redacting a conversation's events.

    Attributes:
        new: redacted copies of the new ones, in their order.
        amended: by their index among the earlier events, new copies of those which the new events show to be personal.
        pieces: the personal data found by that, to be removed also where the conversation is stored elsewhere.
    """

    new: list[Event]
    amended: dict[int, Event]
    pieces: list[Piece]


def redacted(events: Iterable[Event], before: Iterable[Event] = ()) -> list[Event]:
    """Redacted copies of a conversation's events, in their order; idempotent.

    - Messages while the account form is active become `[account details]`, and so do their entities and slots, except
      for what our actions understood of them (`UNDERSTOOD`).
    - A bot's text that is marked as private becomes `[account]`; its buttons stay, other data is removed.
    - Contract numbers that NLU found become `[contract]`, whatever their length.
    - Personal data split over several messages is removed from each of them (`bot.privacy.together`).
    - All other text that a customer may have written goes through `bot.privacy.redact`, addresses too. Numbers stay.

    Args:
        before: the events of the same conversation that came before, redacted or not.
    """
    return redaction_of(events, before).new


def redaction_of(events: Iterable[Event], before: Iterable[Event] = ()) -> Redaction:
    """As `redacted`, with the changes to the earlier events."""
    earlier, new = list(before), list(events)
    everything = [*earlier, *new]
    reading = _State()
    pieces = said_together([reading.line(event) for event in everything], len(earlier))
    state, copies, amended = _State(), list[Event](), dict[int, Event]()
    now: list[Piece] = []  # personal data in the message that the events belong to
    for place, event in enumerate(everything):
        if event.get("event") == "user":
            now = pieces.get(place, [])
        if place >= len(earlier):
            copies.append(state.copied(event, now))
        elif not now:
            state.follow(event)
        elif _hides_more(copy := state.copied(event, now), state.copied(event)):
            amended[place] = copy
    return Redaction(copies, amended, [piece for found in pieces.values() for piece in found])


def _hides_more(copy: Event, written: Event) -> bool:
    """Whether a copy hides more than the stored event; another kind in the same place is no reason to write again."""
    one, other = (_KIND.sub("[]", json.dumps(event, sort_keys=True)) for event in (copy, written))
    return one != other


class _State:
    """Tracks, event by event, whether the account form is active."""

    def __init__(self) -> None:
        self._in_form = False

    def follow(self, event: Event) -> None:
        """Take note of an event."""
        match event.get("event"):
            case "active_loop" | "form":
                self._in_form = event.get("name") == Form.ACCOUNT
            case "session_started" | "restart":
                self._in_form = False

    def line(self, event: Event) -> ConversationLine | None:
        """The text of an event that may belong together with other messages; tracks the event.

        Messages in the form count too, before they are hidden: they may explain what was said before the form.
        """
        self.follow(event)
        text = str(event.get("text") or "")
        match event.get("event"):
            case "user" if text:
                return ConversationLine("" if text == DETAILS or _is_button(event) else text)
            case "bot" if text and (event.get("metadata") or {}).get(PRIVATE) is not True:
                return ConversationLine(text, by_customer=False)
        return None

    def copied(self, event: Event, pieces: Sequence[Piece] = ()) -> Event:
        """The redacted copy of an event, also without these pieces of personal data; tracks the event."""
        self.follow(event)
        match event.get("event"):
            case "user" if self._in_form and not _is_button(event):
                return _Hidden().event(event)
            case "user":
                return _Redacted(_contract_pieces(event), pieces, whole=str(event.get("text") or "")).event(event)
            case "bot" if (event.get("metadata") or {}).get(PRIVATE) is True:
                return _private(event)
            case "bot":
                return (_Redacted(pieces=pieces) if pieces else _Said()).event(event)
            case "slot":
                return self._slot(event, pieces)
        return _Redacted(pieces=pieces).event(event)

    def _slot(self, event: Event, pieces: Sequence[Piece]) -> Event:
        copy, name = _Redacted(pieces=pieces).event(event), event.get("name")
        if event.get("value") is not None:
            if name == Slot.ACCOUNT_DETAILS or (self._in_form and name not in UNDERSTOOD):
                copy["value"] = DETAILS  # it may repeat what was said
            elif name == EntityName.CONTRACT_NUMBER:
                copy["value"] = CONTRACT
        return copy


class _Redacted:
    """Makes copies in which every string is redacted, except identifiers of ours."""

    def __init__(self, contracts: Iterable[str] = (), pieces: Sequence[Piece] = (), whole: str = "") -> None:
        """Take the strings that become `[contract]`, the pieces that become their kind, and the whole message."""
        self._contracts, self._pieces, self._whole = list(contracts), pieces, whole
        self._known: dict[str, str] = {}  # a cache: the same text occurs in an event several times

    def event(self, event: Event) -> Event:
        """The copy of an event."""
        return {key: self._value(value, (key,)) for key, value in event.items()}

    def _value(self, value: Any, place: tuple[str, ...]) -> Any:
        if isinstance(value, str):
            return value if place in _NAMES else self._text(value)
        if isinstance(value, dict):
            copy = {key: self._value(inner, (*place, str(key))) for key, inner in value.items()}
            if value.get(EntityName.CONTRACT_NUMBER) is not None:
                copy[EntityName.CONTRACT_NUMBER] = CONTRACT
            return self._entity(value, copy) if place in _ENTITIES else copy
        if isinstance(value, list | tuple):
            return [self._value(inner, place) for inner in value]
        return value

    def _entity(self, entity: Event, copy: Event) -> Event:
        said = self._whole[entity.get("start") or 0 : entity.get("end") or 0]
        if entity.get("entity") == EntityName.CONTRACT_NUMBER:
            copy["value"] = CONTRACT
        elif "value" in entity and (piece := holds(said, self._pieces)):
            copy["value"] = f"[{piece.kind}]"
        elif _is_language(entity):
            copy["value"] = entity["value"]
        return copy

    def _text(self, text: str) -> str:
        if text not in self._known:
            left = without_pieces(text, self._pieces, repeated=text != self._whole) if self._pieces else text
            self._known[text] = self._without_contracts(redact(left, addresses=True))
        return self._known[text]

    def _without_contracts(self, text: str) -> str:
        left = [piece for piece in self._contracts if piece in text]
        for piece in left:
            text = text.replace(piece, CONTRACT)
        return redact(text, addresses=True) if left else text


class _Said(_Redacted):
    """Makes copies of the assistant's messages, mostly the same for everybody and without anything personal."""

    def _text(self, text: str) -> str:
        try:
            return _harmless(text)
        except _Personal as found:
            return found.redacted


class _Personal(Exception):
    """A text contains something personal; raised, so that the cache does not store the text."""

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
    """Makes copies in which every string is hidden completely, and every value of an entity."""

    def _text(self, text: str) -> str:
        return DETAILS if text else text

    def _entity(self, entity: Event, copy: Event) -> Event:
        if "value" in entity:
            copy["value"] = entity["value"] if _is_language(entity) else DETAILS
        return copy


def _private(event: Event) -> Event:
    """The copy of a bot event about an account: it shows that something was said, and its choices."""
    offered = (event.get("data") or {}).get("buttons") or []
    # The title of an offered contract contains its address.
    data = {"buttons": [button for button in offered if not is_choice(str(button.get("payload")))]}
    copy = _Redacted().event({**event, "data": data if data["buttons"] else {}})
    told = {key: value for key, value in copy["metadata"].items() if ("metadata", key) in _NAMES or key == PRIVATE}
    return {**copy, "text": ACCOUNT if event.get("text") else event.get("text"), "metadata": told}


def _is_button(event: Event) -> bool:
    """Whether a user event is a press of our button; customers' text never begins with "/" (bot.channels.intake)."""
    return bool(_PAYLOAD.fullmatch(str(event.get("text") or "").strip()))


def _is_language(entity: Event) -> bool:
    """Whether an entity is the language asked for, on which later answers depend."""
    name, value = entity.get("entity"), entity.get("value")
    return name == EntityName.LANGUAGE and isinstance(value, str) and bool(_LANGUAGE_CODE.fullmatch(value))


def _contract_pieces(event: Event) -> Iterator[str]:
    """The pieces of a message that NLU took for a contract number, as they were written."""
    parsed = parse_result(event.get("parse_data"))
    for entity in parsed.entities:
        if entity.name != EntityName.CONTRACT_NUMBER or entity.value == CONTRACT:
            continue
        for piece in (parsed.text[entity.start : entity.end], entity.value):
            if len(piece.strip()) >= _SHORTEST:
                yield piece.strip()
