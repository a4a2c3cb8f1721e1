"""Reading what a test writes down as a transcript."""

import json
from typing import Any

from bot.calls.call_turns import Call
from bot.calls.roles import with_roles
from bot.calls.transcript_reading import call_from

A, C = "agent", "customer"
HELLO, QUESTION = "Labdien, Elektrum, kā varu palīdzēt?", "Es nevaru samaksāt rēķinu, ko man darīt?"


def read(content: Any) -> Call:
    return with_roles(call_from((content if isinstance(content, str) else json.dumps(content)).encode()))


def said(content: Any) -> list[tuple[str | None, float | None, float | None, str]]:
    return [(turn.role, turn.start, turn.end, turn.text) for turn in read(content).turns]


def webvtt(*cues: str) -> str:
    times = [f"00:0{n}.000 --> 00:0{n + 1}.000" for n, _ in enumerate(cues)]
    return "WEBVTT\n\n" + "\n\n".join(f"{when}\n{cue}" for when, cue in zip(times, cues, strict=True)) + "\n"


def srt(*cues: str) -> str:
    times = [f"00:00:0{n},000 --> 00:00:0{n + 1},000" for n, _ in enumerate(cues)]
    return "\n\n".join(f"{n}\n{when}\n{cue}" for n, (when, cue) in enumerate(zip(times, cues, strict=True), 1)) + "\n"
