"""Subtitles: WebVTT, with voice tags or names before the text, and SubRip (SRT), with names before the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.calls.call_turns import CallTurn
from bot.calls.formats.cue_text import Voice, voices
from bot.calls.formats.cue_times import ARROW, is_unpadded
from bot.calls.formats.cues import Cue, Line, cues_of
from bot.calls.formats.speaker_prefix import Speakers
from bot.calls.formats.transcript import Transcript, in_time, new_turn, transcript
from bot.calls.language_codes import language_code

_LANGUAGE = re.compile(r"[ \t]*Language:[ \t]*([\w-]+)[ \t]*", re.IGNORECASE)
_ROLLING = 2  # cues that begin with the last line of the cue before, from which a file has rolling captions
_TIME_WITHIN = re.compile(r"<\d{2}:\d{2}[\d:.]*>", re.ASCII)  # time of a word; YouTube's rolling captions have them


@dataclass(frozen=True)
class _Shown:
    """A cue with its voices."""

    cue: Cue
    voices: list[Voice]

    @property
    def lines(self) -> list[str]:
        """All lines that are not empty."""
        return [line.strip() for voice in self.voices for line in voice.lines if line.strip()]


def read_webvtt(text: str) -> Transcript:
    """Parse it: a turn for each cue, or for each voice of a cue that has several.

    Raises:
        MalformedTranscript: the file is truncated within a cue, or nothing is said.
    """
    header, lines = _without_header(text)
    found = next((match for line in header if (match := _LANGUAGE.fullmatch(line))), None)
    cues = cues_of(lines, ends_in_line=not text.endswith("\n"))
    shown = [_Shown(cue, list(voices(cue.text, entities=True))) for cue in cues]
    return _transcript("webvtt", _without_what_rolls(shown), language_code(found[1]) if found else None)


def read_srt(text: str) -> Transcript:
    """Parse it: a turn for each subtitle, or for each speaker of a subtitle that names several.

    Raises:
        MalformedTranscript: the file is truncated within a subtitle, or nothing is said.
    """
    lines = _numbered(text)
    cues = cues_of(lines, ends_in_line=not text.endswith("\n"))
    if all(len(cue.lines) > 1 for cue in cues) and any(is_unpadded(line) for _, line in lines):
        cues = [_with_tag(cue) for cue in cues]
    shown = [_Shown(cue, list(voices(cue.text, entities=False))) for cue in cues]
    return _transcript("srt", _without_what_rolls(shown), None)


def _numbered(text: str) -> list[Line]:
    return list(enumerate(text.removesuffix("\n").split("\n"), 1))


def _without_header(text: str) -> tuple[list[str], list[Line]]:
    """(the header's lines, the lines after it); the header ends at an empty line or before a timing line."""
    lines = _numbered(text)
    end = next((n for n, (_, line) in enumerate(lines) if n and (not line.strip() or ARROW in line)), len(lines))
    return [line for _, line in lines[:end]], lines[end:]


def _with_tag(cue: Cue) -> Cue:
    """A cue from the text of Teams' Word document, whose first line is the speaker, with a voice tag instead."""
    name, *said = cue.lines
    return Cue(cue.line, cue.times, [f"<v {re.sub('[<>]', '', name)}>", *said])


def _without_what_rolls(shown: list[_Shown]) -> list[_Shown]:
    """Rolling captions, such as YouTube's, without the lines repeated from the cue before: each was said once."""
    pairs = list(zip([None, *shown], shown, strict=False))
    timed_words = any(_TIME_WITHIN.search(each.cue.text) for each in shown)
    again = [_repeats(before, each) and (timed_words or len(each.lines) > 1) for before, each in pairs]
    if not timed_words and sum(again) < _ROLLING:
        return shown
    return [
        _Shown(each.cue, _without_first_line(each)) if repeats else each
        for each, repeats in zip(shown, again, strict=True)
    ]


def _repeats(before: _Shown | None, each: _Shown) -> bool:
    return before is not None and bool(before.lines and each.lines) and before.lines[-1] == each.lines[0]


def _without_first_line(each: _Shown) -> list[Voice]:
    first, *others = each.voices
    lines = [line for line in first.lines if line.strip()][1:]
    return [Voice(first.name, tuple(lines)), *others] if lines else others


def _transcript(source: str, shown: list[_Shown], language: str | None) -> Transcript:
    """The transcript of cues; one without a name has the speaker of the cue before, but begins a new turn."""
    untagged = (line for each in shown for voice in each.voices if voice.name is None for line in voice.lines)
    speakers = Speakers(untagged)
    turns: list[CallTurn] = []
    speaker = ""
    for each in shown:
        for name, text in _parts(each, speakers):
            speaker = speaker if name is None else name
            times = each.cue.times
            turn = new_turn(
                text,
                place=f"line {each.cue.line}",
                speaker=speaker,
                start=times.start if times else None,
                end=times.end if times else None,
                language=language,
            )
            if turn is not None:
                turns.append(turn)
    return transcript(source, in_time(turns), place="line 1", language=language)


def _parts(shown: _Shown, speakers: Speakers) -> Iterator[tuple[str | None, str]]:
    for voice in shown.voices:
        if voice.name is not None:
            yield voice.name, " ".join(voice.lines)
        else:
            yield from speakers.parts(voice.lines)
