"""Parses cues of WebVTT and SubRip files, line by line: a timing line begins a cue, whatever comes before it.

The libraries for these formats do not: webvtt-py and srt split at empty lines, refuse a whole file for one setting, and
drop text where they do not expect any. Text that the standard would drop silently is kept here where it may be speech,
with a notice.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.calls.call_turns import MalformedTranscript
from bot.calls.formats.cue_times import ARROW, Times, has_times, is_unpadded, times_of
from bot.calls.notices import note

_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?:[ \t]|\Z)")
_NUMBER = re.compile(r"[ \t]*\d{1,9}[ \t]*", re.ASCII)
_BROKEN_OFF = re.compile(r"[ \t]*\d[\d:.,]*(?:[ \t]*-{0,2})", re.ASCII)
Line = tuple[int, str]  # its number in the file, its text


@dataclass
class Cue:
    """One cue: a text with its times.

    Attributes:
        line: the number of its timing line.
        times: None where they cannot be parsed.
    """

    line: int
    times: Times | None
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join(self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether the text is empty."""
        return not self.text.replace("&nbsp;", " ").strip()


def cues_of(lines: Iterable[Line], *, ends_in_line: bool) -> list[Cue]:
    """The cues of a file, without its header.

    Args:
        ends_in_line: whether the file ends without a line feed, as a truncated one does.

    Raises:
        MalformedTranscript: the file is truncated within a cue.
    """
    reader = _Reader(list(lines))
    reader.read()
    if ends_in_line and reader.cues and reader.last_line == reader.cues[-1].line:
        raise MalformedTranscript(f"line {reader.last_line}", "the file ends before the text")
    if reader.cues and reader.cues[-1].is_empty:
        note(f"line {reader.cues[-1].line}", "the last cue is empty; the file may break off there")
    return reader.cues


class _Reader:
    """A parser with the state of one pass over a file's lines."""

    def __init__(self, lines: list[Line]) -> None:
        self.cues: list[Cue] = []
        self.last_line = lines[-1][0] if lines else 0
        self._lines = lines
        self._unpadded = any(is_unpadded(line) for _, line in lines)
        self._numbered = False  # whether cues have numbers
        self._block: list[Line] = []  # lines after an empty one, whose meaning is not known yet
        self._within = False  # whether the next lines are a cue's text

    def read(self) -> None:
        for number, line in self._lines:
            if ARROW in line:
                self._arrow(number, line)
            elif self._within and line:
                self.cues[-1].lines.append(line)
            elif line.strip():
                self._within = False
                self._block.append((number, line))
            elif not line:
                self._end_block()
                self._within = False
        self._end_block(last=True)

    def _arrow(self, number: int, line: str) -> None:
        """A timing line begins a cue; the line right above it is the cue's identifier or number."""
        if not has_times(line):
            note(f"line {number}", f"a line with {ARROW} that is not a timing line was left out")
            self._end_block()
            self._within = False
            return
        if self._block and not _NO_CUE.match(self._block[0][1]):
            above, name = self._block.pop()
            if " " in name.strip():
                note(f"line {above}", "a line right above times was taken for a cue's name, and left out")
            self._numbered = self._numbered or _NUMBER.fullmatch(name) is not None
        elif self._within and self._has_number_at_end():
            self.cues[-1].lines.pop()
            self._numbered = True
        self._end_block()
        times = times_of(line, unpadded=self._unpadded)
        if times is None:
            note(f"line {number}", "the times cannot be read, so the text has none")
        self.cues.append(Cue(number, times))
        self._within = True

    def _has_number_at_end(self) -> bool:
        """Whether a cue's last line is the number of the next cue, without an empty line before it."""
        lines = self.cues[-1].lines
        if not lines or not _NUMBER.fullmatch(lines[-1]):
            return False
        return self._numbered or (len(lines) > 1 and not lines[-2].strip())

    def _end_block(self, *, last: bool = False) -> None:
        block, self._block = self._block, []
        if not block or _NO_CUE.match(block[0][1]):
            return
        number, first = block[0]
        if last and _BROKEN_OFF.fullmatch(block[-1][1]):
            raise MalformedTranscript(f"line {number}", "a cue without times, or the file breaks off")
        if len(block) == 1 and _NUMBER.fullmatch(first):
            note(f"line {number}", "a number without times was taken for a cue's, and left out")
        elif not self.cues:
            note(f"line {number}", "text before the first cue was left out")
        else:
            note(f"line {number}", "text without times was taken for a part of the cue before it")
            self.cues[-1].lines += [line for _, line in block]
