"""The review queue: sentences of customers that were not understood, for a person to label with an intent."""

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.calls.models import (
    CORRECTED,
    CORRECTION,
    LOW_CONFIDENCE,
    OUT_OF_SCOPE,
    RecordedCall,
    RecordedTurn,
    ReviewDecision,
)
from bot.domain_names import Intent
from bot.privacy import redact
from bot.words.text import clean, without_diacritics

DISAGREEMENT = "disagreement"
REASONS = (LOW_CONFIDENCE, OUT_OF_SCOPE, DISAGREEMENT, CORRECTED)
CUSTOMER = "customer"
SHORTEST_KEY = 6  # characters at least of a key's prefix


class ReviewError(ValueError):
    """A request to the queue is refused; the message says why, in one sentence."""


class IntentGuess(NamedTuple):
    """A model's predicted intent; the confidence is from 0 to 1."""

    intent: str
    confidence: float


Parse = Callable[[str], IntentGuess]


class Disagreement(NamedTuple):
    """A customer's turn that two models classify differently."""

    turn: RecordedTurn
    first: IntentGuess
    second: IntentGuess


@dataclass(frozen=True)
class ReviewItem:
    """A sentence that waits for review.

    Attributes:
        key: see `key_of`.
        text: redacted, in its most frequent spelling.
        count: the number of turns with it; a correction counts as one.
        language: its most frequent one; None where no turn's is known.
        reasons: some of `REASONS`; empty where it was found by its key only.
        guesses: one per intent, the most confident first; a reviewer's correction has confidence 1.
        call_id: of the latest call with it; None where it is in no call.
    """

    key: str
    text: str
    count: int
    language: str | None
    reasons: tuple[str, ...]
    guesses: tuple[IntentGuess, ...]
    call_id: str | None


def normalised(text: str) -> str:
    """The text casefolded, without diacritics, punctuation and repeated spaces: `Kur  ir rēķins?` → `kur ir rekins`."""
    folded = without_diacritics(clean(text).casefold())
    return " ".join("".join(c for c in folded if not unicodedata.category(c).startswith("P")).split())


def key_of(text: str) -> str:
    """The key that all spellings of a sentence share: SHA-256 of the normalised text, 64 hexadecimal digits."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()


@lru_cache(maxsize=10_000)
def _redacted(text: str) -> str:
    return redact(clean(text), addresses=True)


def queue(session: Session, differing: Iterable[Disagreement] = ()) -> list[ReviewItem]:
    """The items that wait for review, the most frequent first.

    Args:
        differing: turns on which two models disagree, in addition to those stored with a problem.
    """
    problems = _of_customers().where(RecordedTurn.problem.in_(REASONS))
    turns = {turn.id: turn for turn in session.execute(problems).scalars()}
    guesses: dict[int, tuple[IntentGuess, ...]] = {}
    for one in differing:
        turns[one.turn.id] = one.turn
        guesses[one.turn.id] = (one.first, one.second)
    decided = set(session.execute(select(ReviewDecision.key)).scalars())
    items = [item for item in _items(turns.values(), guesses) if item.key not in decided]
    return sorted(items, key=lambda item: (-item.count, item.text))


def find(session: Session, beginning: str) -> ReviewItem:
    """The item with a key, or with the only key that has this prefix; also of turns stored without a problem.

    Raises:
        ReviewError: there is none, there are several, or it was decided already.
    """
    wanted = beginning.strip().lower()
    if len(wanted) < SHORTEST_KEY:
        raise ReviewError(f"{beginning!r} is too short for a key; write at least {SHORTEST_KEY} characters of it.")
    found = [item for item in queue(session) if item.key.startswith(wanted)]
    if not found:  # turns on which two models disagree are not stored as a problem
        every = _items(session.execute(_of_customers()).scalars(), {})
        found = [item for item in every if item.key.startswith(wanted)]
    if not found:
        raise ReviewError(f"There is no sentence with the key {beginning!r}; 'bot review list' shows the keys.")
    if len(found) > 1:
        raise ReviewError(f"{len(found)} keys begin with {beginning!r}; write more of it.")
    _refuse_decided(session.get(ReviewDecision, found[0].key))
    return found[0]


def decide(session: Session, key: str, intent: str | None, by: str) -> None:
    """Store what an item was accepted as (None: it was rejected), and by whom; it leaves the queue.

    Raises:
        ReviewError: it was decided already.
    """
    _refuse_decided(session.get(ReviewDecision, key))
    session.add(ReviewDecision(key=key, intent=intent, decided_at=datetime.now(UTC), decided_by=by[:80]))
    try:
        session.flush()
    except IntegrityError as error:
        raise ReviewError("Somebody else decided of this sentence just now.") from error


def correct(session: Session, text: str, intent: str, language: str) -> str:
    """Put a sentence into the queue with the intent that a person says it should have had; returns its key.

    A later correction of a sentence replaces an earlier one. A rejected sentence returns: the correction overrules it.

    Raises:
        ReviewError: the text has no words, or was accepted before.
    """
    redacted = _redacted(text)
    if not normalised(redacted):
        raise ReviewError(f"{text!r} has no words.")
    key = key_of(redacted)
    decision = session.get(ReviewDecision, key)
    if decision is not None and decision.intent is None:
        session.delete(decision)
    else:
        _refuse_decided(decision)
    earlier = session.get(RecordedCall, key[:32])
    if earlier is not None:
        session.delete(earlier)
        session.flush()
    now = datetime.now(UTC)
    kept = {"id": key[:32], "source": CORRECTION, "model": "person", "language": language, "held_at": now}
    session.add(RecordedCall(**kept, imported_at=now, topics=[], requests=[], summary="A person's correction."))
    session.flush()
    # Without a role, since nobody said it: it must not be counted as a customer's turn.
    said = {"call_id": key[:32], "position": 0, "text": redacted, "language": language, "problem": CORRECTED}
    session.add(RecordedTurn(**said, intent=intent, intent_confidence=1.0, alternatives=[], entities=[]))
    return key


def disagreements(turns: Iterable[RecordedTurn], parse_a: Parse, parse_b: Parse) -> list[Disagreement]:
    """The customers' turns that two models classify differently, the most confident first; each text is parsed once."""
    guesses: dict[str, tuple[IntentGuess, IntentGuess]] = {}
    found = []
    for turn in turns:
        if turn.role != CUSTOMER or not normalised(turn.text):
            continue
        if turn.text not in guesses:
            guesses[turn.text] = (IntentGuess(*parse_a(turn.text)), IntentGuess(*parse_b(turn.text)))
        first, second = guesses[turn.text]
        if first.intent != second.intent:
            found.append(Disagreement(turn, first, second))
    return sorted(found, key=lambda one: -min(one.first.confidence, one.second.confidence))


def analysed(session: Session) -> tuple[list[RecordedTurn], Parse]:
    """The customers' turns with a stored intent, and a parse function that returns these stored intents."""
    ours = select(RecordedTurn).where(RecordedTurn.role == CUSTOMER, RecordedTurn.intent.is_not(None))
    turns = list(session.execute(ours.order_by(RecordedTurn.id)).scalars())
    understood = {turn.text: IntentGuess(turn.intent, turn.intent_confidence or 0.0) for turn in turns}
    return turns, understood.__getitem__


def _of_customers() -> Any:
    """Selects turns of customers, and corrections, in the order in which they were stored."""
    ours = or_(RecordedTurn.role == CUSTOMER, RecordedTurn.problem == CORRECTED)
    return select(RecordedTurn).where(ours).order_by(RecordedTurn.id)


def _refuse_decided(decision: ReviewDecision | None) -> None:
    if decision is not None:
        what = f"accepted as {decision.intent}" if decision.intent else "rejected"
        day = decision.decided_at.date().isoformat()
        raise ReviewError(f"This sentence was {what} on {day} by {decision.decided_by} already.")


def _items(turns: Iterable[RecordedTurn], guesses: dict[int, tuple[IntentGuess, ...]]) -> list[ReviewItem]:
    """One item for each key; texts without words have none. `guesses`: further ones, by the turn's id."""
    groups = defaultdict(list)
    for turn in turns:
        if normalised(_redacted(turn.text)):
            groups[key_of(_redacted(turn.text))].append(turn)
    return [_item(key, group, guesses) for key, group in groups.items()]


def _item(key: str, turns: list[RecordedTurn], guesses: dict[int, tuple[IntentGuess, ...]]) -> ReviewItem:
    best: dict[str, float] = {}
    for turn in turns:
        known = (IntentGuess(turn.intent, turn.intent_confidence or 0.0),) if turn.intent else ()
        for intent, confidence in (*known, *guesses.get(turn.id, ())):
            if intent != Intent.NLU_FALLBACK:
                best[intent] = max(confidence, best.get(intent, 0.0))
    reasons = {turn.problem for turn in turns} | {DISAGREEMENT for turn in turns if turn.id in guesses}
    languages = Counter(turn.language for turn in turns if turn.language).most_common(1)
    calls = [turn.call_id for turn in sorted(turns, key=lambda turn: turn.id) if turn.problem != CORRECTED]
    return ReviewItem(
        key=key,
        text=Counter(_redacted(turn.text) for turn in turns).most_common(1)[0][0],
        count=len(turns),
        language=languages[0][0] if languages else None,
        reasons=tuple(reason for reason in REASONS if reason in reasons),
        guesses=tuple(IntentGuess(*one) for one in sorted(best.items(), key=lambda one: (-one[1], one[0]))),
        call_id=calls[-1] if calls else None,
    )
