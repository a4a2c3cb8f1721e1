"""Plain text, one turn per line: `[00:01:02] Aģents: …`; or with speaker and time on a line above, as Otter writes."""

import re
from dataclasses import dataclass

from bot.calls.call_turns import CallTurn, MalformedTranscript
from bot.calls.formats.speaker_prefix import Speakers
from bot.calls.formats.transcript import Transcript, new_turn, transcript

_CLOCK = r"(?:([0-9]{1,3}):)?([0-9]{1,3}):([0-9]{1,3}(?:[.,][0-9]{1,6})?)"
_TIME = re.compile(rf"\s*(?:\[{_CLOCK}\]|\({_CLOCK}\))\s*")
# Otter's `Ilze Paraudziņa  0:15`, or the time alone.
_HEADING = re.compile(rf"(?:(?P<name>\S.{{0,60}}?)(?:\s{{2,}}|\t))?\s*{_CLOCK}\s*")
_FOOTER = re.compile(r"\s*Transcribed by https?://otter\.ai/?\s*", re.IGNORECASE)
_SIXTY = 60


@dataclass(frozen=True)
class _Line:
    """A line of the file: its number, time, speaker and text."""

    number: int
    start: float | None
    speaker: str | None
    text: str
    is_heading: bool = False

    @property
    def begins_a_turn(self) -> bool:
        return self.is_heading or self.speaker is not None


class _OpenTurn:
    """A turn that may get more lines."""

    def __init__(self, line: _Line) -> None:
        self.speaker, self.start, self.place = line.speaker or "", line.start, f"line {line.number}"
        self.texts = [line.text]

    def closed(self) -> CallTurn | None:
        return new_turn(" ".join(self.texts), place=self.place, speaker=self.speaker, start=self.start)


def read(text: str) -> Transcript:
    """Parse it: a turn for each line with a speaker, and the lines that follow it.

    Raises:
        MalformedTranscript: the first line names no speaker, a time is invalid, or the last speaker says nothing.
    """
    turns: list[CallTurn] = []
    current: _OpenTurn | None = None
    for line in _lines(text):
        if line.begins_a_turn:
            if current is not None and (turn := current.closed()):
                turns.append(turn)
            current = _OpenTurn(line)
        elif current is None:
            raise MalformedTranscript(f"line {line.number}", "a speaker is expected, as in 'Agent: …'")
        else:
            current.texts.append(line.text)
    if current is None:
        raise MalformedTranscript("line 1", "nothing is said")
    last = current.closed()
    if last is None:
        raise MalformedTranscript(current.place, "the file ends before anything is said")
    return transcript("plain-text", [*turns, last], place="line 1")


def _lines(text: str) -> list[_Line]:
    written = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    written = [(number, line) for number, line in written if not _FOOTER.fullmatch(line)]
    timed = [_timed(number, line) for number, line in written]
    speakers = Speakers(line.text for line in timed if not line.is_heading)
    return [_named(line, speakers) for line in timed]


def _timed(number: int, line: str) -> _Line:
    heading = _HEADING.fullmatch(line)
    if heading:
        return _Line(number, _seconds(heading.groups()[1:4], number), heading["name"], "", is_heading=True)
    found = _TIME.match(line)
    if found is None:
        return _Line(number, None, None, line)
    clock = found.groups()[:3] if found[2] else found.groups()[3:]
    return _Line(number, _seconds(clock, number), None, line[found.end() :])


def _named(line: _Line, speakers: Speakers) -> _Line:
    named = None if line.is_heading else speakers.split(line.text)
    return _Line(line.number, line.start, *named) if named else line


def _seconds(clock: tuple[str | None, ...], number: int) -> float:
    hours, minutes, seconds = (part or "0" for part in clock)
    seconds = seconds.replace(",", ".")
    if int(minutes) >= _SIXTY or float(seconds) >= _SIXTY:
        raise MalformedTranscript(f"line {number}", "minutes and seconds below 60 are expected in a time")
    # Computed in whole microseconds, to avoid floating-point errors.
    microseconds = round((int(hours) * _SIXTY + int(minutes)) * _SIXTY * 1e6) + round(float(seconds) * 1e6)
    return microseconds / 1e6
