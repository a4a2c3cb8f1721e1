"""Damaged transcripts are rejected, with the location and the reason."""

import json
from typing import Any

import pytest

from bot.calls.call_turns import MalformedTranscript
from bot.calls.transcript_reading import call_from

CUE = "00:01.000 --> 00:02.000"
SRT_TIMES = "00:00:01,000 --> 00:00:02,500"


def whisper(**segment: Any) -> dict[str, Any]:
    return {"segments": [{"start": 0, "end": 1, "text": "a"}, {"start": 1, "end": 2, "text": "a", **segment}]}


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
        (f"WEBVTT\n\n{CUE}\na\n\n00:04", "line 6", "a cue without times, or the file breaks off"),
        (f"WEBVTT\n\n{CUE}", "line 3", "the file ends before the text"),
        (f"WEBVTT\n\n{CUE}\na\n\n00:04.000 -->", "line 6", "the file ends before the text"),
        (f"WEBVTT\n\n{CUE}\n", "line 1", "nothing is said"),
        ("WEBVTT\n\nNOTE a\n", "line 1", "nothing is said"),
        (f"1\n{SRT_TIMES}\na\n\n2\n00:00", "line 5", "a cue without times, or the file breaks off"),
        (f"1\n{SRT_TIMES}\na\n\n2", "line 5", "a cue without times, or the file breaks off"),
        (f"1\n{SRT_TIMES}", "line 2", "the file ends before the text"),
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
        (whisper(text=None), "segments[1].text", "a value is expected, not null"),
        (whisper(text=["a"]), "segments[1].text", "a text is expected"),
        ({"segments": [{"start": 0, "end": 1}]}, "segments[0].text", "the field is missing"),
        ({"results": []}, "results", "nothing is said"),
        ({"results": [{"alternatives": {}}]}, "results[0].alternatives", "a list is expected"),
        ({"results": {"channels": [{"alternatives": []}]}}, "results.channels", "nothing is said"),
        ({"recognizedPhrases": [{"nBest": "a"}]}, "recognizedPhrases[0].nBest", "a list is expected"),
        ({"phrases": [{"offsetMilliseconds": 1}]}, "phrases[0].text", "the field is missing"),
        ({"Transcript": [{"ParticipantRole": "AGENT"}]}, "Transcript[0].Content", "the field is missing"),
        ({"results": {"items": [{"alternatives": 1}]}}, "results.items[0].alternatives", "a list is expected"),
        ({"transcripts": [{"transcript": "a"}]}, "$", "the fields are those of no known format"),
        ({"status": "error", "error": "no", "words": []}, "status", "the transcription was not completed"),
        ({"done": True, "error": {"code": 3}}, "error", "the recognition failed"),
        ({"results": {"a": {"error": {"code": 3}}}}, "results.a", "the recognition failed"),
        ({"results": {"a": {"cloudStorageResult": {}}}}, "results.a", "the results are in another file"),
        (
            {"results": {"a": {"transcript": {}}, "b": {"transcript": {}}}},
            "results",
            "one recording a file is expected, and there are several or none",
        ),
        (
            {"results": [{"alternatives": [{"transcript": "a", "timestamps": [["a", 0, 1]]}]}]},
            "results",
            "this looks like IBM Watson's format, which is not read",
        ),
        (
            {"segments": [{"start": 0, "end": 2640, "text": "is it open"}, {"start": 2700, "end": 4640, "text": "no"}]},
            "segments",
            "the times cannot be seconds: they are too long for what is said",
        ),
    ],
)
def test_damage_is_named(content: Any, place: str, reason: str) -> None:
    if not isinstance(content, bytes):
        content = (content if isinstance(content, str) else json.dumps(content)).encode()
    with pytest.raises(MalformedTranscript) as caught:
        call_from(content)
    assert (caught.value.place, caught.value.reason) == (place, reason)
