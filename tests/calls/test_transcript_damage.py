"""Damaged transcripts are refused, with the place and the reason."""

import json
from typing import Any

import pytest

from bot.calls.reading import call_from
from bot.calls.turns import MalformedTranscript

CUE = "00:01.000 --> 00:02.000"
SRT_TIMES = "00:00:01,000 --> 00:00:02,500"


def whisper(**segment: Any) -> dict[str, Any]:
    return {"segments": [{"start": 0, "end": 1, "text": "a"}, {"start": 1, "end": 2, "text": "a", **segment}]}


def google(**word: Any) -> dict[str, Any]:
    return {"results": [{"alternatives": [{"transcript": "a", "words": [{"word": "a", **word}]}]}]}


GOOGLE_WORD = "results[0].alternatives[0].words[0]"


def amazon(**item: Any) -> dict[str, Any]:
    return {"results": {"items": [{"type": "pronunciation", "alternatives": [{"content": "a"}], **item}]}}


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (b"", "line 1", "the file is empty"),
        (b" \n\r\n ", "line 1", "the file is empty"),
        (b"\xef\xbb\xbf", "line 1", "the file is empty"),
        ("Aģents: ā\nKlients: ē".encode("cp1257"), "line 1", "the bytes are not UTF-8"),
        (b"Agent: a\nCustomer: \xff", "line 2", "the bytes are not UTF-8"),
        ("Agent: a\nb".encode("utf-16")[:-1], "line 2", "the bytes are not UTF-16-LE"),
        ("Agent: a".encode("utf-16-le"), "line 1", "the encoding is neither UTF-8 nor UTF-16 with a byte order mark"),
        ("Agent: a".encode("utf-32"), "line 1", "the encoding is UTF-32, and UTF-8 or UTF-16 is expected"),
        ("\nLabdien!\n", "line 2", "a speaker is expected, as in 'Agent: …'"),
        ("Agent: a\n[00:75:00] Customer: b", "line 2", "minutes and seconds below 60 are expected in a time"),
        ("Agent: a\nCustomer:\n", "line 2", "the file ends before anything is said"),
        (
            f"WEBVTT\n\n1\n{CUE}\na\n\n00:0x.000 --> 00:05.000\nb",
            "line 7",
            "a cue's times are not as WebVTT writes them",
        ),
        (f"WEBVTT\n\n{CUE}\na\n\n-00:01.000 --> 00:05.000\nb", "line 6", "a cue's times are not as WebVTT writes them"),
        (f"WEBVTT\n\n{CUE}\na\n\n00:04", "line 6", "a cue without times, or the file breaks off"),
        (f"WEBVTT\n\n{CUE}\n", "line 3", "the file ends before the text"),
        ("WEBVTT\n\n00:03.000 --> 00:02.000\na", "line 3", "the end lies before the start"),
        ("WEBVTT\n\nNOTE a\n", "line 1", "nothing is said"),
        (f"1\n{SRT_TIMES}\na\n\n2\n00:00", "line 2", "a subtitle without times follows, or the file breaks off"),
        (f"1\n{SRT_TIMES}\n\n", "line 2", "the file ends before the text"),
        ("1\n00:00:03,000 --> 00:00:02,500\na", "line 2", "the end lies before the start"),
        ("1\n-00:00:01,000 --> 00:00:02,500\na", "line 2", "a subtitle's times are not as SubRip writes them"),
        (
            "1\n99999999999999:00:01,000 --> 00:00:02,500\na",
            "line 2",
            "a subtitle's times are not as SubRip writes them",
        ),
        ('{"segments": [\n{"start": 0', "line 2", "the JSON breaks off or is wrong (expecting ',' delimiter)"),
        ("[{}]", "$", "an object is expected"),
        ("[" * 100_000, "$", "the JSON is nested too deeply"),
        ('{"segments": ' + "9" * 5_000 + "}", "$", "a number is too long"),
        ({}, "$", "the fields are those of no known format"),
        ({"results": {}}, "$", "the fields are those of no known format"),
        ({"results": "a"}, "results", "a list or an object is expected"),
        ({"segments": []}, "segments", "nothing is said"),
        ({"segments": "a"}, "segments", "a list is expected"),
        ({"segments": [[]]}, "segments[0]", "an object is expected"),
        (whisper(text=None), "segments[1].text", "a value is expected, and null stands there"),
        (whisper(text=["a"]), "segments[1].text", "a text is expected"),
        (whisper(start=-0.1), "segments[1].start", "a time is negative"),
        (whisper(start="1"), "segments[1].start", "a number is expected"),
        (whisper(end=float("nan")), "segments[1].end", "a finite number is expected"),
        (whisper(end=float("inf")), "segments[1].end", "a finite number is expected"),
        (whisper(end=10**400), "segments[1].end", "a finite number is expected"),
        (whisper(start=5), "segments[1]", "the end lies before the start"),
        (
            whisper(words=[{"word": "a", "score": 2}]),
            "segments[1].words[0].score",
            "a confidence from 0 to 1 is expected",
        ),
        ({"segments": [{"start": 0, "end": 1}]}, "segments[0].text", "the field is missing"),
        ({"results": []}, "results", "nothing is said"),
        ({"results": [{"alternatives": {}}]}, "results[0].alternatives", "a list is expected"),
        (google(startTime="1.2"), f"{GOOGLE_WORD}.startTime", 'a time such as "1.200s" is expected'),
        (google(startTime="-1s"), f"{GOOGLE_WORD}.startTime", "a time is negative"),
        (google(endTime={"seconds": 1.5}), f"{GOOGLE_WORD}.endTime", "whole seconds and nanoseconds are expected"),
        (google(endTime={"nanos": -1}), f"{GOOGLE_WORD}.endTime", "a time is negative"),
        (google(speakerTag=[1]), f"{GOOGLE_WORD}.speakerTag", "a whole number or a text is expected"),
        ({"recognizedPhrases": [{"offsetInTicks": 0}]}, "recognizedPhrases[0].durationInTicks", "the field is missing"),
        ({"phrases": [{"offsetMilliseconds": True}]}, "phrases[0].offsetMilliseconds", "a number is expected"),
        (amazon(start_time="a"), "results.items[0].start_time", "a number is expected"),
        (amazon(end_time="-1"), "results.items[0].end_time", "a time is negative"),
        (amazon(start_time="2", end_time="1"), "results.items[0]", "the end lies before the start"),
        ({"Transcript": [{"ParticipantRole": "AGENT"}]}, "Transcript[0].BeginOffsetMillis", "the field is missing"),
        (
            {"results": {"utterances": [{"start": 0, "end": 1, "transcript": 5}]}},
            "results.utterances[0].transcript",
            "a text is expected",
        ),
        ({"results": {"channels": [{"alternatives": []}]}}, "results.channels", "nothing is said"),
    ],
)
def test_damage_is_named(content: Any, place: str, reason: str) -> None:
    if not isinstance(content, bytes):
        content = (content if isinstance(content, str) else json.dumps(content)).encode()
    with pytest.raises(MalformedTranscript) as caught:
        call_from(content)
    assert (caught.value.place, caught.value.reason) == (place, reason)
