"""What is counted of a conversation, from its redacted events: the same when it is written and when it is checked."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.domain_names import EntityName, Intent
from bot.figures.counted_things import LONGEST_NAME, OUTCOMES, Counted, CountKey, channel_of, key
from bot.knowledge.conveyed import Act
from bot.parse_result import ParseResult, parse_result
from bot.replies.carried import reply_of_event
from bot.replies.reply import Reply
from bot.settings import LANGUAGES

Event = Mapping[str, Any]
PLACE_ID = re.compile(r"[a-z][a-z0-9_-]{0,59}")  # never a customer's words


@dataclass
class ConversationTurns:
    """What new turns add to the facts of a conversation, which began at `begun_at`."""

    begun_at: datetime
    last_at: datetime
    channel: str
    language: str
    first_topic: str
    turns: int = 0
    outcomes: Counter[Counted] = field(default_factory=Counter)

    @property
    def handed_over(self) -> bool:
        """Whether a person was asked for in these turns."""
        return bool(self.outcomes[Counted.HANDED_OVER])


@dataclass
class TurnCounts:
    """Counts, and what they add to the facts of a conversation, by when that began."""

    counts: Counter[CountKey] = field(default_factory=Counter)
    conversations: dict[datetime, ConversationTurns] = field(default_factory=dict)


@dataclass
class _Turn:
    place: int
    said: Event
    begins: bool
    begun_at: datetime
    replies: list[Reply] = field(default_factory=list)


def turn_counts(events: Sequence[Event], known: int = 0) -> TurnCounts:
    """Count the turns of a conversation whose message is not among the first `known` events.

    Args:
        events: as they are stored, in order; a conversation from its start, or from the start of a session.
    """
    found = TurnCounts()
    was_handed_over = False
    for turn in _turns(events):
        if turn.begins:
            was_handed_over = False
        is_handed_over = any(reply.handover for reply in turn.replies)
        if turn.place >= known:
            _count(found, turn, is_first_handover=is_handed_over and not was_handed_over)
        was_handed_over |= is_handed_over
    return found


def _turns(events: Sequence[Event]) -> Iterator[_Turn]:
    turn: _Turn | None = None
    begins, begun_at = True, datetime.fromtimestamp(0, UTC)
    for place, event in enumerate(events):
        match event.get("event"):
            case "session_started":
                begins = True
            case "user":
                if turn:
                    yield turn
                begun_at = moment_of(event) if begins else begun_at
                turn, begins = _Turn(place, event, begins, begun_at), False
            case "bot" if turn:
                turn.replies.append(reply_of_event(event))
    if turn:
        yield turn


def _count(found: TurnCounts, turn: _Turn, *, is_first_handover: bool) -> None:
    parsed = parse_result(turn.said.get("parse_data"))
    at, channel, language = moment_of(turn.said), channel_of(turn.said.get("input_channel")), _language(turn, parsed)
    topic = (parsed.intent or Intent.NLU_FALLBACK)[:LONGEST_NAME]
    outcome = outcome_of(turn.replies, parsed.intent)
    whats = [Counted.TURN, *([outcome] if outcome else [])]
    whats += [Counted.CONVERSATION] if turn.begins else []
    whats += [Counted.CONVERSATION_HANDED_OVER] if is_first_handover else []
    found.counts.update(key(at, what, channel, language) for what in whats)
    found.counts[key(at, Counted.TOPIC, channel, language, topic)] += 1
    places = filter(PLACE_ID.fullmatch, parsed.values(EntityName.PLACE))
    found.counts.update(key(at, Counted.PLACE, channel, language, place) for place in places)
    facts = found.conversations.setdefault(
        turn.begun_at, ConversationTurns(turn.begun_at, at, channel, language, topic)
    )
    facts.last_at, facts.turns, facts.language = at, facts.turns + 1, language or facts.language
    if outcome:
        facts.outcomes[outcome] += 1


def outcome_of(replies: Sequence[Reply], intent: str | None) -> Counted | None:
    """What became of a turn, one of `OUTCOMES`; None where nothing was replied."""
    acts = {reply.conveyed.act for reply in replies}
    if not replies:
        return None
    cases = {
        Counted.FAILED: Act.UNAVAILABLE in acts or any(reply.failed for reply in replies),
        Counted.HANDED_OVER: any(reply.handover for reply in replies),
        Counted.ASKED_BACK: Act.CLARIFY in acts,
        Counted.NOT_UNDERSTOOD: intent in {None, Intent.NLU_FALLBACK},
        Counted.OUT_OF_SCOPE: intent == Intent.OUT_OF_SCOPE,
        Counted.ANSWERED: True,
    }
    return next(what for what in OUTCOMES if cases[what])


def moment_of(event: Event) -> datetime:
    """When an event happened."""
    return datetime.fromtimestamp(float(event.get("timestamp") or 0), UTC)


def _language(turn: _Turn, parsed: ParseResult) -> str:
    """The language that was answered in, else the message's; "" where neither is known."""
    answered = [reply.language for reply in turn.replies if reply.language in LANGUAGES]
    said = parsed.language_code
    return str(answered[-1]) if answered else said if said in LANGUAGES else ""
