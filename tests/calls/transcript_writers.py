"""Every transcript format: how it is written, and what it can represent."""

import html
from collections.abc import Callable
from dataclasses import dataclass

import transcript_json_writers as json_writers
from transcript_json_writers import Said


@dataclass(frozen=True)
class Format:
    """How a format is written, and what it can represent.

    Attributes:
        write: the file's content.
        names: of speakers 1 and 2 as the reader gives them.
        plain_words: whether texts must not contain the format's own markup.
        ends, confidences, alternatives: whether the format has them.
        by_words: whether a turn is all that one speaker says in a row.
    """

    write: Callable[[list[Said]], str]
    names: tuple[str, str]
    plain_words: bool = False
    ends: bool = True
    confidences: bool = True
    alternatives: bool = False
    by_words: bool = False


def clock(milliseconds: int, point: str) -> str:
    minutes, seconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds // 1000:02}{point}{seconds % 1000:03}"


def _webvtt(turns: list[Said]) -> str:
    cues = [
        f"{clock(one.start, '.')} --> {clock(one.end, '.')}\n<v Person {one.speaker}>{html.escape(one.text)}</v>\n"
        for one in turns
    ]
    return "WEBVTT\n\n" + "\n".join(cues)


def _webvtt_names(turns: list[Said]) -> str:
    cues = [f"{clock(one.start, '.')} --> {clock(one.end, '.')}\nPerson {one.speaker}: {one.text}\n" for one in turns]
    return "WEBVTT\n\n" + "\n".join(cues)


def _srt(turns: list[Said]) -> str:
    return "\n".join(
        f"{number}\n{clock(one.start, ',')} --> {clock(one.end, ',')}\n[SPEAKER_{one.speaker}]: {one.text}\n"
        for number, one in enumerate(turns, 1)
    )


def _plain_text(turns: list[Said]) -> str:
    return "\n".join(
        f"[{clock(one.start, '.')}] Agent {one.speaker}: {one.text.replace(' ', chr(10), 1)}" for one in turns
    )


_NUMBERED = ("speaker 1", "speaker 2")
FORMATS = {
    "webvtt": Format(_webvtt, ("Person 1", "Person 2"), confidences=False),
    "webvtt with names": Format(_webvtt_names, ("Person 1", "Person 2"), plain_words=True, confidences=False),
    "srt": Format(_srt, ("SPEAKER_1", "SPEAKER_2"), plain_words=True, confidences=False),
    "plain-text": Format(_plain_text, ("Agent 1", "Agent 2"), plain_words=True, ends=False, confidences=False),
    "whisper": Format(json_writers.whisper, ("S1", "S2")),
    "google": Format(json_writers.google, ("channel 1", "channel 2"), alternatives=True),
    "google diarised": Format(json_writers.google_diarised, _NUMBERED, by_words=True),
    "azure-batch": Format(json_writers.azure_batch, _NUMBERED, alternatives=True),
    "azure-fast": Format(json_writers.azure_fast, _NUMBERED),
    "amazon-transcribe": Format(json_writers.amazon, ("spk_1", "spk_2"), by_words=True),
    "amazon-transcribe segments": Format(json_writers.amazon_segments, ("spk_1", "spk_2"), alternatives=True),
    "amazon-call-analytics": Format(json_writers.amazon_call_analytics, ("AGENT", "CUSTOMER")),
    "deepgram": Format(json_writers.deepgram, _NUMBERED),
    "deepgram words": Format(json_writers.deepgram_words, _NUMBERED, by_words=True),
}
