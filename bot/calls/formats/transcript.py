"""The common result of all format parsers: cleaned turns in order, the call's language and time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.calls.call_turns import CallTurn, MalformedTranscript, Role
from bot.calls.notices import note
from bot.words.text import clean

T = TypeVar("T")


@dataclass(frozen=True)
class Transcript:
    """A call without its id, which is computed from the file's bytes; attributes as in `Call`."""

    source: str
    turns: tuple[CallTurn, ...]
    language: str | None
    held_at: datetime | None = None


def new_turn(
    text: str,
    *,
    place: str,
    speaker: str = "",
    role: Role | None = None,
    start: float | None = None,
    end: float | None = None,
    confidence: float | None = None,
    alternatives: Iterable[str] = (),
    language: str | None = None,
) -> CallTurn | None:
    """A turn with cleaned texts; None where nothing is said. The times are left out where the end is before the start.

    Args:
        place: the turn's place in the file, for the notice.
    """
    said = clean(text)
    if not said:
        return None
    if start is not None and end is not None and end < start:
        note(place, "the end lies before the start, so the times were left out")
        start = end = None
    return CallTurn(clean(speaker), role, start, end, said, confidence, heard_instead(said, alternatives), language)


def heard_instead(said: str, alternatives: Iterable[str]) -> tuple[str, ...]:
    """The alternatives to a text, cleaned, each once."""
    others = dict.fromkeys(clean(other) for other in alternatives)
    return tuple(other for other in others if other and other != said)


def by_time(given: Iterable[T], start: Callable[[T], float | None]) -> list[T]:
    """Sort by start time (stable); an item without a time stays behind the one before it."""
    known, keyed = 0.0, []
    for each in given:
        begins = start(each)
        known = known if begins is None else begins
        keyed.append((known, each))
    return [each for _, each in sorted(keyed, key=lambda pair: pair[0])]


def in_time(turns: Iterable[CallTurn]) -> list[CallTurn]:
    """The turns sorted by start time: files with several channels may list one channel after the other."""
    return by_time(turns, lambda turn: turn.start)


def transcript(
    source: str,
    turns: Sequence[CallTurn],
    *,
    place: str,
    language: str | None = None,
    held_at: datetime | None = None,
) -> Transcript:
    """The whole transcript; its language is the given one, else the one that all turns share.

    Args:
        place: where the turns should be in the file, for the error.

    Raises:
        MalformedTranscript: there is no turn.
    """
    if not turns:
        raise MalformedTranscript(place, "nothing is said")
    languages = {turn.language for turn in turns}
    shared = languages.pop() if len(languages) == 1 else None
    return Transcript(source, tuple(_with_speakers_between(turns)), language or shared, held_at)


def _with_speakers_between(turns: Sequence[CallTurn]) -> list[CallTurn]:
    """A turn without a speaker between two of one speaker becomes that speaker's: recognisers lose one for a moment."""
    known, following = list(turns), ""
    after = [following := turn.speaker or following for turn in reversed(turns)][::-1]
    for n, turn in enumerate(turns[1:], 1):
        before = known[n - 1]
        if not turn.speaker and before.speaker and before.speaker == after[n]:
            known[n] = replace(turn, speaker=before.speaker, role=before.role)
    return known


def with_labels_between(labels: Sequence[str | None]) -> list[str | None]:
    """Speaker labels of consecutive words; a word without one gets the label of the word before it, else of the next.

    Recognisers cannot align a number in time and so give it no speaker, although somebody said it.
    """
    known = next((label for label in labels if label), None)
    filled = []
    for label in labels:
        known = label or known
        filled.append(known)
    return filled


def speaker_names(labels: Sequence[tuple[str | None, str | None]]) -> list[str]:
    """Names for speakers that files identify by channel and number.

    A channel identifies a speaker only where there are several; people on one line share it.

    Args:
        labels: (channel, speaker) of each turn or word; a speaker's number counts within the channel.
    """
    several = len({channel for channel, _ in labels if channel is not None}) > 1
    return [_speaker_name(channel if several else None, speaker) for channel, speaker in labels]


def _speaker_name(channel: str | None, speaker: str | None) -> str:
    parts = [f"channel {channel}"] if channel is not None else []
    if speaker:
        parts.append(f"speaker {speaker}" if speaker.isdecimal() else speaker)
    return " ".join(parts)
