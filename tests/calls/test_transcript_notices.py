"""One invalid value does not lose a call: it is left out, with a notice of place and reason; no spoken line is lost."""

import json
from typing import Any

import pytest

from bot.calls.transcript_reading import call_from

CUE = "00:01.000 --> 00:02.000"
WITHOUT_TIMES = "the times cannot be read, so the text has none"
ENDS_EARLY = "the end lies before the start, so the times were left out"
LAST_IS_EMPTY = "the last cue is empty; the file may break off there"
A_PART = "text without times was taken for a part of the cue before it"


def read(content: Any) -> tuple[list[str], list[tuple[str, str]]]:
    """(what is said, notices as place and reason)."""
    call = call_from((content if isinstance(content, str) else json.dumps(content)).encode())
    return [turn.text for turn in call.turns], [(notice.place, notice.reason) for notice in call.notices]


def whisper(**segment: Any) -> dict[str, Any]:
    return {"segments": [{"start": 0, "end": 1, "text": "a"}, {"start": 1, "end": 2, "text": "b", **segment}]}


def google(**word: Any) -> dict[str, Any]:
    return {"results": [{"alternatives": [{"transcript": "a", "words": [{"word": "a", **word}]}]}]}


GOOGLE_WORD = "results[0].alternatives[0].words[0]"


def amazon(**item: Any) -> dict[str, Any]:
    return {"results": {"items": [{"type": "pronunciation", "alternatives": [{"content": "a"}], **item}]}}


@pytest.mark.parametrize(
    ("content", "place", "reason"),
    [
        (whisper(start=-0.1), "segments[1].start", "a time is negative"),
        (whisper(start="1"), "segments[1].start", "a number is expected"),
        (whisper(end=float("nan")), "segments[1].end", "a finite number is expected"),
        (whisper(end=float("inf")), "segments[1].end", "a finite number is expected"),
        (whisper(end=10**400), "segments[1].end", "a finite number is expected"),
        (whisper(avg_logprob=float("nan")), "segments[1].avg_logprob", "a finite number is expected"),
        (whisper(words="a"), "segments[1].words", "a list is expected"),
        (whisper(words=[{"start": 1}]), "segments[1].words", "the field is missing"),
        (
            whisper(words=[{"word": "b", "score": 2}]),
            "segments[1].words[0].score",
            "a confidence from 0 to 1 is expected",
        ),
        (google(startTime="1.2"), f"{GOOGLE_WORD}.startTime", 'a time such as "1.200s" is expected'),
        (google(startTime="-1s"), f"{GOOGLE_WORD}.startTime", "a time is negative"),
        (google(endTime={"seconds": 1.5}), f"{GOOGLE_WORD}.endTime", "whole seconds and nanoseconds are expected"),
        (google(endTime={"nanos": -1}), f"{GOOGLE_WORD}.endTime", "a time is negative"),
        (google(speakerTag=[1]), f"{GOOGLE_WORD}.speakerTag", "a whole number or a text is expected"),
        (
            {"phrases": [{"offsetMilliseconds": True, "text": "a"}]},
            "phrases[0].offsetMilliseconds",
            "a number is expected",
        ),
        (
            {"recognizedPhrases": [{"offset": "0.1", "nBest": [{"display": "a"}]}]},
            "recognizedPhrases[0].offset",
            'a time such as "PT0.07S" is expected',
        ),
        (amazon(start_time="a"), "results.items[0].start_time", "a number is expected"),
        (amazon(end_time="-1"), "results.items[0].end_time", "a time is negative"),
        (
            {"Transcript": [{"Content": "a", "Items": [{"Confidence": "2"}]}]},
            "Transcript[0].Items[0].Confidence",
            "a confidence from 0 to 1 is expected",
        ),
        (
            {"results": {"utterances": [{"transcript": 5}], "channels": [{"alternatives": [{"transcript": "a"}]}]}},
            "results.utterances",
            "a text is expected",
        ),
        (
            {"audio_url": "x", "words": [{"text": "a", "start": "x"}]},
            "words[0].start",
            "a number is expected",
        ),
        (
            {"results": [{"type": "word", "start_time": "x", "alternatives": [{"content": "a"}]}]},
            "results[0].start_time",
            "a number is expected",
        ),
        (
            {"transcripts": [{"phrases": [{"text": "a", "confidence": 7}]}]},
            "transcripts[0].phrases[0].confidence",
            "a confidence from 0 to 1 is expected",
        ),
    ],
)
def test_a_value_that_is_not_needed_is_left_out_and_named(content: Any, place: str, reason: str) -> None:
    said, notices = read(content)
    assert (said, notices) == (["a", "b"][: len(said)], [(place, f"{reason}, so it was left out")])


@pytest.mark.parametrize(
    "content",
    [
        whisper(start=5),
        amazon(start_time="2", end_time="1"),
        "WEBVTT\n\n00:03.000 --> 00:02.000\na",
        "1\n00:00:03,000 --> 00:00:02,500\na",
    ],
)
def test_what_ends_before_it_begins_has_no_times(content: Any) -> None:
    call = call_from((content if isinstance(content, str) else json.dumps(content)).encode())
    assert (call.turns[-1].start, call.turns[-1].end) == (None, None)
    assert [notice.reason for notice in call.notices] == [ENDS_EARLY]


@pytest.mark.parametrize(
    ("content", "said", "notices"),
    [
        (f"WEBVTT\n\n{CUE}\na\n\n00:0x.000 --> 00:05.000\nb", ["a", "b"], [("line 6", WITHOUT_TIMES)]),
        (f"WEBVTT\n\n{CUE}\na\n\n-00:01.000 --> 00:05.000\nb", ["a", "b"], [("line 6", WITHOUT_TIMES)]),
        (f"WEBVTT\n\n{CUE}\na\n\n00:61.000 --> 00:62.000\nb", ["a", "b"], [("line 6", WITHOUT_TIMES)]),
        (f"WEBVTT\n\n{CUE}\na\n\nb\n", ["a b"], [("line 6", A_PART)]),
        (f"WEBVTT\n\nb\n\n{CUE}\na\n", ["a"], [("line 3", "text before the first cue was left out")]),
        (f"WEBVTT\n\n{CUE}\na\n\n{CUE}\n&nbsp;\n", ["a"], [("line 6", LAST_IS_EMPTY)]),
        (
            f"WEBVTT\n\n{CUE}\na\nx --> y\n",
            ["a"],
            [("line 5", "a line with --> that is not a timing line was left out")],
        ),
        (
            f"WEBVTT\n\n{CUE}\na\n\nnow then\n{CUE}\nb\n",
            ["a", "b"],
            [("line 6", "a line right above times was taken for a cue's name, and left out")],
        ),
        (
            f"WEBVTT\n\n{CUE}\na\n\n7\n\n{CUE}\nb\n",
            ["a", "b"],
            [("line 6", "a number without times was taken for a cue's, and left out")],
        ),
        ("1\n-00:00:01,000 --> 00:00:02,500\na", ["a"], [("line 2", WITHOUT_TIMES)]),
        ("1\n00:00:01,000 --> 00:00:02,500\na\n\nb\n\n", ["a b"], [("line 5", A_PART)]),
    ],
)
def test_lines_that_stand_nowhere_are_kept_or_named(content: str, said: list[str], notices: list[Any]) -> None:
    assert read(content) == (said, notices)


def test_a_character_that_is_none_does_not_cost_the_file() -> None:
    said, notices = read(f"WEBVTT\n\n{CUE}\na long enough\0text of a cue, of which one character is none\n")
    assert said == ["a long enough\N{REPLACEMENT CHARACTER}text of a cue, of which one character is none"]
    assert notices == [("line 4", "NUL characters were left out")]


def test_what_is_left_out_again_and_again_is_said_once() -> None:
    content = {"segments": [{"start": -1, "text": f"a{number}"} for number in range(30)]}
    (notice,) = call_from(json.dumps(content).encode()).notices
    assert str(notice) == "segments[0].start (and 29 more): a time is negative, so it was left out."


def test_words_that_are_fewer_than_the_text_are_said() -> None:
    word = {"word": "a", "startTime": "0s", "speakerTag": 1}
    said, notices = read({"results": [{"alternatives": [{"transcript": "a b", "words": [word]}]}]})
    reason = "there are fewer words with a speaker than in the text, and only they were taken"
    assert (said, notices) == (["a"], [("results[0].alternatives[0]", reason)])
