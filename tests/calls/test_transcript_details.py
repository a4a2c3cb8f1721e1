"""Details that the parsers read: speakers in texts, times, confidences, alternatives, languages."""

import json
import math
from typing import Any

import pytest

from bot.calls.call_turns import Call, CallTurn
from bot.calls.transcript_reading import call_from

CUE = "00:01.000 --> 00:02.000"
SRT_TIMES = "00:00:01,000 --> 00:00:02,500"


@pytest.mark.parametrize(
    ("content", "turns"),
    [
        pytest.param(
            f"WEBVTT\n\n{CUE}\n<v Ilze>A &amp; b</v>\n<v Agent>c</v>", [("Ilze", "A & b"), ("Agent", "c")], id="voices"
        ),
        pytest.param(f"WEBVTT\n\n{CUE}\n<v.loud Ilze>no, <i>no</i>\nno", [("Ilze", "no, no no")], id="tags"),
        pytest.param(f"WEBVTT\n\n{CUE}\nLīguma numurs: 9001", [("", "Līguma numurs: 9001")], id="a colon of the text"),
        pytest.param(f"WEBVTT\n\n{CUE}\nAgent: a\n\n{CUE}\nb", [("Agent", "a"), ("Agent", "b")], id="speaker goes on"),
        pytest.param(
            f"1\n{SRT_TIMES}\n<i>Agent: a</i>\nCustomer: b", [("Agent", "a"), ("Customer", "b")], id="srt tags"
        ),
        pytest.param(f"{SRT_TIMES}\nAgent: a", [("Agent", "a")], id="srt without numbers"),
        pytest.param("agent: a\nb\n\nc\nKlients 2: d", [("agent", "a b c"), ("Klients 2", "d")], id="lines go on"),
        pytest.param("[SPEAKER_01]: a\n[x] b", [("SPEAKER_01", "a [x] b")], id="brackets"),
        pytest.param("Agent: a\nQuestion is: b", [("Agent", "a Question is: b")], id="no name before the colon"),
    ],
)
def test_speakers_in_texts(content: str, turns: list[tuple[str, str]]) -> None:
    assert [(turn.speaker, turn.text) for turn in read(content).turns] == turns


def read(content: Any) -> Call:
    """The call of a text, of bytes, or of an object that is written as JSON."""
    if not isinstance(content, bytes):
        content = (content if isinstance(content, str) else json.dumps(content)).encode()
    return call_from(content)


def segment(**more: Any) -> dict[str, Any]:
    return {"segments": [{"start": 1, "end": 2.5, "text": " a b", **more}]}


def google_word(word: str, at: int, **more: Any) -> dict[str, Any]:
    return {"word": word, "startTime": f"{at}s", "endTime": f"{at + 1}s", **more}


@pytest.mark.parametrize(
    ("content", "turns"),
    [
        pytest.param(
            segment(avg_logprob=-0.5), [CallTurn("", None, 1, 2.5, "a b", math.exp(-0.5), (), None)], id="logprob"
        ),
        pytest.param(
            segment(words=[{"word": "a", "score": 0.5}, {"word": "b", "score": 1}, {"word": "c"}]),
            [CallTurn("", None, 1, 2.5, "a b", 0.75, (), None)],
            id="mean of the words",
        ),
        pytest.param(
            segment(
                words=[
                    {"word": "a", "start": 1, "end": 2, "speaker": "X"},
                    {"word": "b", "start": 2, "end": 3, "speaker": "Y"},
                ]
            ),
            [CallTurn("X", None, 1, 2, "a", None, (), None), CallTurn("Y", None, 2, 3, "b", None, (), None)],
            id="speakers of words",
        ),
        pytest.param(
            {
                "results": [
                    {
                        "alternatives": [
                            {"transcript": "a", "confidence": 0.0},
                            {"transcript": "b"},
                            {"transcript": "a"},
                            {"transcript": "b"},
                        ],
                        "resultEndTime": "2s",
                    }
                ]
            },
            [CallTurn("", None, None, 2, "a", None, ("b",), None)],
            id="n-best without doubles, and a confidence of 0 that is none",
        ),
        pytest.param(
            {
                "results": [
                    {
                        "alternatives": [
                            {
                                "transcript": "a b",
                                "words": [google_word("a", 0, speakerTag=1), google_word("b", 1, speakerTag=2)],
                            }
                        ]
                    },
                    {
                        "alternatives": [
                            {
                                "words": [
                                    google_word("a", 0, speakerTag=1),
                                    google_word("b", 1, speakerTag=2),
                                    google_word("c", 2, speakerTag=2),
                                ]
                            }
                        ]
                    },
                ]
            },
            [
                CallTurn("speaker 1", None, 0, 1, "a", None, (), None),
                CallTurn("speaker 2", None, 1, 3, "b c", None, (), None),
            ],
            id="a last result that repeats words with speakers",
        ),
        pytest.param(
            {
                "results": [
                    {
                        "alternatives": [
                            {"words": [{"word": "a", "endOffset": "1.5s", "speakerLabel": "1"}]},
                            {"transcript": "o"},
                        ]
                    },
                    {"alternatives": [{"words": [google_word("b", 2, speakerLabel="1")]}]},
                ]
            },
            [
                CallTurn("speaker 1", None, 0, 1.5, "a", None, ("o",), None),
                CallTurn("speaker 1", None, 2, 3, "b", None, (), None),
            ],
            id="results that do not repeat, and a zero left out",
        ),
        pytest.param(
            {
                "results": {
                    "items": [
                        {
                            "type": "pronunciation",
                            "start_time": "0.5",
                            "end_time": "1",
                            "alternatives": [{"confidence": "0.9", "content": "a"}],
                            "channel_label": "ch_1",
                        },
                        {"type": "punctuation", "alternatives": [{"content": "?"}]},
                    ],
                    "segments": [
                        {
                            "start_time": "0.5",
                            "end_time": "1",
                            "alternatives": [{"transcript": "a?"}, {"transcript": "o?"}],
                        }
                    ],
                }
            },
            [CallTurn("ch_1", None, 0.5, 1, "a?", 0.9, ("o?",), None)],
            id="Amazon's alternatives",
        ),
        pytest.param(
            {
                "results": {
                    "channels": [
                        {
                            "alternatives": [
                                {"words": [{"word": "a", "start": 0, "end": 1}, {"word": "c", "start": 2, "end": 3}]}
                            ]
                        },
                        {"alternatives": [{"words": [{"word": "b", "start": 1, "end": 2}]}]},
                    ]
                }
            },
            [
                CallTurn("channel 0", None, 0, 1, "a", None, (), None),
                CallTurn("channel 1", None, 1, 2, "b", None, (), None),
                CallTurn("channel 0", None, 2, 3, "c", None, (), None),
            ],
            id="words of two channels by time",
        ),
        pytest.param(
            {
                "results": {
                    "channels": [
                        {"alternatives": [{"words": [{"word": "a", "start": 0, "end": 1}]}, {"transcript": "o"}]}
                    ],
                    "utterances": [],
                }
            },
            [CallTurn("", None, 0, 1, "a", None, ("o",), None)],
            id="Deepgram's alternatives",
        ),
    ],
)
def test_times_confidences_and_alternatives(content: Any, turns: list[CallTurn]) -> None:
    assert read(content).turns == tuple(turns)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("lv", "lv"),
        ("lv-LV", "lv"),
        ("lav", "lv"),
        ("Latvian", "lv"),
        ("english", "en"),
        ("en_GB", "en"),
        ("ru-RU", "ru"),
        ("und", None),
        ("?", None),
        ("", None),
    ],
)
def test_names_of_languages(written: str, code: str | None) -> None:
    assert read(segment() | {"language": written}).language == code


def test_a_call_in_two_languages_has_none_of_them() -> None:
    phrase = {"offsetMilliseconds": 0, "durationMilliseconds": 1, "text": "a"}
    call = read({"phrases": [phrase | {"locale": "lv-LV"}, phrase | {"locale": "en-GB"}]})
    assert (call.language, [turn.language for turn in call.turns]) == (None, ["lv", "en"])
