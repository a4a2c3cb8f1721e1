"""Plain text: `[00:01:02] Aģents: …`, a turn a line; lines without a speaker go on with the turn before."""

import re

from bot.calls.formats.speaker_prefix import split_prefix
from bot.calls.formats.transcript import Transcript, new_turn, transcript
from bot.calls.turns import MalformedTranscript, Turn

_TIME = re.compile(r"\s*\[(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{1,3}(?:\.[0-9]{1,6})?)\]\s*")
_SIXTY = 60


class _OpenTurn:
    """A turn whose lines are still coming."""

    def __init__(self, speaker: str, text: str, start: float | None, place: str) -> None:
        self.speaker, self.start, self.place = speaker, start, place
        self.texts = [text]

    def closed(self) -> Turn | None:
        return new_turn(" ".join(self.texts), place=self.place, speaker=self.speaker, start=self.start)


def read(text: str) -> Transcript:
    """A turn for each line with a speaker.

    Raises:
        MalformedTranscript: the first line names no speaker, a time is none, or the last speaker says nothing.
    """
    turns: list[Turn] = []
    current: _OpenTurn | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        start, rest = _time(line, f"line {number}")
        named = split_prefix(rest)
        if named is None and current is None:
            raise MalformedTranscript(f"line {number}", "a speaker is expected, as in 'Agent: …'")
        if named is None and current is not None:
            current.texts.append(rest)
        elif named is not None:
            if current is not None and (turn := current.closed()):
                turns.append(turn)
            current = _OpenTurn(named[0], named[1], start, f"line {number}")
    if current is None:
        raise MalformedTranscript("line 1", "nothing is said")
    last = current.closed()
    if last is None:
        raise MalformedTranscript(current.place, "the file ends before anything is said")
    return transcript("plain-text", [*turns, last], place="line 1")


def _time(line: str, place: str) -> tuple[float | None, str]:
    """(seconds, the rest of the line)."""
    found = _TIME.match(line)
    if found is None:
        return None, line
    hours, minutes, seconds = found.groups(default="0")
    if int(minutes) >= _SIXTY or float(seconds) >= _SIXTY:
        raise MalformedTranscript(place, "minutes and seconds below 60 are expected in a time")
    # Whole microseconds, so that a sum of floats does not show.
    microseconds = round((int(hours) * _SIXTY + int(minutes)) * _SIXTY * 1e6) + round(float(seconds) * 1e6)
    return microseconds / 1e6, line[found.end() :]
