"""Subtitles: WebVTT, with voice tags or names before the text, and SubRip (SRT), with names before the text."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

import srt
import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError

from bot.calls.formats.speaker_prefix import speaker_parts
from bot.calls.formats.transcript import Transcript, new_turn, transcript
from bot.calls.language_codes import language_code
from bot.calls.turns import MalformedTranscript, Turn

_MILLISECONDS = 1_000  # in a second
_NO_CUE = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|\Z)")
_LANGUAGE = re.compile(r"^Language:[ \t]*([\w-]+)[ \t]*$", re.MULTILINE)
_TAG = re.compile(r"<[^<>\n]{0,100}>|\{\\[^{}\n]{0,100}\}")  # SubRip's: <i>, <font …>, {\an8}


@dataclass(frozen=True)
class _Cue:
    """What is shown at one time; `parts` are (speaker, text), a speaker None where the cue names none."""

    start: float
    end: float
    parts: list[tuple[str | None, str]]
    line: int

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for _, text in self.parts)


def read_webvtt(text: str) -> Transcript:
    """A turn for each cue, or for each voice of a cue that has several.

    Raises:
        MalformedTranscript: a cue's times are wrong or missing, or the file ends before a cue's text.
    """
    (_, header), *blocks = _blocks(text)
    cues = [cue for line, block in blocks if not _NO_CUE.match(block) for cue in _webvtt_cues(block, line)]
    language = _LANGUAGE.search(header)
    return _transcript("webvtt", cues, language_code(language[1]) if language else None)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """(number of its first line, its lines) of each part of a file between empty lines."""
    block: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line:
            block.append(line)
        elif block:
            yield number - len(block), "\n".join(block)
            block = []


def _webvtt_cues(block: str, line: int) -> list[_Cue]:
    # One block after the other, because the library's errors do not say where they are.
    try:
        captions = webvtt.from_string(f"WEBVTT\n\n{block}", strict=True).captions
    except (MalformedCaptionError, MalformedFileError) as error:
        raise MalformedTranscript(f"line {line}", "a cue's times are not as WebVTT writes them") from error
    if not captions:
        raise MalformedTranscript(f"line {line}", "a cue without times, or the file breaks off")
    return [
        _Cue(
            start=caption.start_time.in_milliseconds() / _MILLISECONDS,
            end=caption.end_time.in_milliseconds() / _MILLISECONDS,
            parts=[part for lines in _voices(caption.lines) for part in _webvtt_parts(lines)],
            line=line,
        )
        for caption in captions
    ]


def _voices(lines: list[str]) -> Iterator[list[str]]:
    """The lines of each voice of a cue; the library looks for a voice in the first line alone."""
    voice: list[str] = []
    for line in lines:
        if line.startswith("<v") and voice:
            yield voice
            voice = []
        voice.append(line)
    yield voice


def _webvtt_parts(lines: list[str]) -> list[tuple[str | None, str]]:
    caption = webvtt.Caption(text=lines)
    texts = [html.unescape(line) for line in caption.text.split("\n")]
    if caption.voice:
        return [(html.unescape(caption.voice), " ".join(texts))]
    return list(speaker_parts(texts))


def read_srt(text: str) -> Transcript:
    """A turn for each subtitle, or for each speaker of a subtitle that names several.

    Raises:
        MalformedTranscript: times are wrong or missing, or the file ends before a subtitle's text.
    """
    return _transcript("srt", list(_srt_cues(text)), None)


def _srt_cues(text: str) -> Iterator[_Cue]:
    subtitles = srt.parse(text)
    arrows = [number for number, line in enumerate(text.split("\n"), 1) if "-->" in line]
    for line in [*arrows, arrows[-1]]:
        try:
            subtitle = next(subtitles, None)
        except (srt.SRTParseError, ValueError, OverflowError) as error:
            raise MalformedTranscript(f"line {line}", "a subtitle's times are not as SubRip writes them") from error
        if subtitle is None:
            return
        # The library takes whatever comes before the next times for text.
        shown, *more = re.split(r"\n[ \t]*\n", subtitle.content.strip())
        if "".join(more).strip() or "-->" in shown:
            raise MalformedTranscript(f"line {line}", "a subtitle without times follows, or the file breaks off")
        lines = [_TAG.sub("", shown_line) for shown_line in shown.split("\n")]
        yield _Cue(subtitle.start.total_seconds(), subtitle.end.total_seconds(), list(speaker_parts(lines)), line)


def _transcript(source: str, cues: list[_Cue], language: str | None) -> Transcript:
    """A cue without a name goes on with the speaker before, but not in the same turn."""
    if cues and cues[-1].is_empty:
        raise MalformedTranscript(f"line {cues[-1].line}", "the file ends before the text")
    turns: list[Turn] = []
    speaker = ""
    for cue in cues:
        for name, text in cue.parts:
            speaker = speaker if name is None else name
            turn = new_turn(
                text, place=f"line {cue.line}", speaker=speaker, start=cue.start, end=cue.end, language=language
            )
            if turn is not None:
                turns.append(turn)
    return transcript(source, turns, place="line 1", language=language)
