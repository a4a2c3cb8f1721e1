"""Whisper's TSV: start and end in milliseconds and the text, tab-separated, one segment per line."""

from bot.calls.call_turns import MalformedTranscript
from bot.calls.formats.transcript import Transcript, in_time, new_turn, transcript

_MILLISECONDS = 1_000  # in a second
_START, _END, _TEXT, _SPEAKER = "start", "end", "text", "speaker"


def is_table(text: str) -> bool:
    """Whether a file begins with the table's header."""
    return {_START, _END, _TEXT} <= set(_cells(text.split("\n", 1)[0]))


def read(text: str) -> Transcript:
    """Parse it: a turn for each line.

    Raises:
        MalformedTranscript: a line has no times or no text.
    """
    head, *lines = text.rstrip("\n").split("\n")
    names = _cells(head)
    turns = []
    for number, line in enumerate(lines, 2):
        if not line.strip():
            continue
        row = dict(zip(names, line.split("\t", len(names) - 1), strict=False))
        if len(row) < len(names) or not (row[_START].strip().isdecimal() and row[_END].strip().isdecimal()):
            raise MalformedTranscript(f"line {number}", "start, end and text are expected, with tabs between")
        turns.append(
            new_turn(
                row[_TEXT],
                place=f"line {number}",
                speaker=row.get(_SPEAKER, ""),
                start=int(row[_START]) / _MILLISECONDS,
                end=int(row[_END]) / _MILLISECONDS,
            )
        )
    return transcript("whisper-table", in_time(turn for turn in turns if turn), place="line 2")


def _cells(head: str) -> list[str]:
    return [cell.strip().casefold() for cell in head.split("\t")]
