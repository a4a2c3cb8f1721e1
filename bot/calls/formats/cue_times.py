"""Parses a cue's timing line, `00:00:01.000 --> 00:00:02.000`, as in the standards and as other programs write it."""

import re
from dataclasses import dataclass

ARROW = "-->"
_SIXTY = 60
# The standards require two digits in minutes and seconds and three after the point; many programs write fewer.
_BLANK = r"[ \t\f\u00a0]*"


def _time(side: str) -> str:
    hours, minutes = rf"(?:(?P<hours_{side}>\d{{1,6}}):)?", rf"(?P<minutes_{side}>\d{{1,2}}):"
    return rf"{hours}{minutes}(?P<seconds_{side}>\d{{1,2}})(?:[.,](?P<fraction_{side}>\d{{1,9}}))?"


_TIMES = re.compile(rf"{_BLANK}{_time('from')}{_BLANK}-->{_BLANK}{_time('to')}(?![\d:.,]*\d)", re.ASCII)
_SOME_TIME = re.compile(r"\d[\d:.,]*[ \t\f]*-->|-->[ \t\f]*\d", re.ASCII)
# Teams writes each part without leading zeros, also the milliseconds: `0:0:7.80` is 7.080 s.
_UNPADDED = re.compile(r"(?:^|-->)[ \t]*\d{1,6}:\d:\d{1,2}\.\d{1,3}[ \t]*(?:-->|$)", re.ASCII)


@dataclass(frozen=True)
class Times:
    """When a cue begins and ends, in seconds."""

    start: float
    end: float


def has_times(line: str) -> bool:
    """Whether a line is meant as a timing line, valid or not: it has an arrow with a number beside it."""
    return _SOME_TIME.search(line) is not None


def is_unpadded(line: str) -> bool:
    """Whether the times of a line are written as by Teams."""
    return _UNPADDED.search(line) is not None


def times_of(line: str, *, unpadded: bool = False) -> Times | None:
    """The times of a line, ignoring cue settings behind them; None where they cannot be parsed.

    Args:
        unpadded: whether the file is written by Teams, in which `.80` means 80 milliseconds.
    """
    found = _TIMES.match(line)
    if found is None:
        return None
    start, end = (_seconds(found, side, unpadded=unpadded) for side in ("from", "to"))
    return None if start is None or end is None else Times(start, end)


def _seconds(found: re.Match[str], side: str, *, unpadded: bool) -> float | None:
    hours, minutes, seconds, fraction = (
        found[f"{part}_{side}"] or "0" for part in ("hours", "minutes", "seconds", "fraction")
    )
    if int(minutes) >= _SIXTY or int(seconds) >= _SIXTY:
        return None
    whole = (int(hours) * _SIXTY + int(minutes)) * _SIXTY + int(seconds)
    digits = fraction.rjust(3, "0") if unpadded else fraction
    # Computed in whole nanoseconds, to avoid floating-point errors.
    return (whole * 10**9 + int(digits.ljust(9, "0"))) / 10**9
