"""What every format's reader makes: cleaned turns, in order, and the call's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.calls.turns import MalformedTranscript, Role, Turn
from bot.nlu.text import clean


@dataclass(frozen=True)
class Transcript:
    """A call without its id, which comes from the file's bytes."""

    source: str
    turns: tuple[Turn, ...]
    language: str | None


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
) -> Turn | None:
    """A turn with cleaned texts; None where nothing is said.

    Args:
        place: where the turn stands in the file, for the error.

    Raises:
        MalformedTranscript: it ends before it begins.
    """
    if start is not None and end is not None and end < start:
        raise MalformedTranscript(place, "the end lies before the start")
    said = clean(text)
    if not said:
        return None
    return Turn(clean(speaker), role, start, end, said, confidence, heard_instead(said, alternatives), language)


def heard_instead(said: str, alternatives: Iterable[str]) -> tuple[str, ...]:
    """The alternatives to what is said, cleaned, each once."""
    others = dict.fromkeys(clean(other) for other in alternatives)
    return tuple(other for other in others if other and other != said)


def in_time(turns: Iterable[Turn]) -> list[Turn]:
    """The turns by when they begin: files with several channels may give one channel after the other."""
    given = list(turns)
    if any(turn.start is None for turn in given):
        return given
    return sorted(given, key=lambda turn: turn.start or 0.0)


def transcript(source: str, turns: Sequence[Turn], *, place: str, language: str | None = None) -> Transcript:
    """The whole transcript; its language is the one named, else the one that all turns share.

    Args:
        place: where the turns should stand in the file, for the error.

    Raises:
        MalformedTranscript: there is no turn.
    """
    if not turns:
        raise MalformedTranscript(place, "nothing is said")
    languages = {turn.language for turn in turns}
    shared = languages.pop() if len(languages) == 1 else None
    return Transcript(source, tuple(turns), language or shared)


def speaker_names(labels: Sequence[tuple[str | None, str | None]]) -> list[str]:
    """Names for speakers that files give by channel and number.

    A channel says who speaks only where there are several; people on one line share it.

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
