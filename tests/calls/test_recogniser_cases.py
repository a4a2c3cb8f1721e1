"""Recogniser formats seen in other projects: each that was once rejected, misread or lost, with our own texts."""

from typing import Any

import pytest
from transcript_cases import HELLO, QUESTION, A, C, read, said  # tests/calls/transcript_cases.py


def word(content: str, start: float, end: float, **more: Any) -> dict[str, Any]:
    alternative = {"confidence": "0.9", "content": content}
    return {
        "start_time": str(start),
        "end_time": str(end),
        "type": "pronunciation",
        "alternatives": [alternative],
        **more,
    }


STOP = {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "?"}]}
AGENT_SAYS = [word("Kā", 0.0, 0.5), word("varu", 0.6, 1.0), word("palīdzēt", 1.0, 1.5), STOP]
CUSTOMER_SAYS = [word("Nevaru", 2.5, 3.0), word("samaksāt", 3.1, 3.5)]
CHANNELS = {
    "channels": [
        {"channel_label": "ch_0", "items": AGENT_SAYS},
        {"channel_label": "ch_1", "items": CUSTOMER_SAYS},
    ],
    "number_of_channels": 2,
}
IN_TWO = [(A, 0.0, 1.5, "Kā varu palīdzēt?"), (C, 2.5, 3.5, "Nevaru samaksāt")]


@pytest.mark.parametrize("items", [{"items": [*AGENT_SAYS, *CUSTOMER_SAYS]}, {}])
def test_channels_that_hold_their_words(items: dict[str, Any]) -> None:  # 04
    call = read({"results": {"transcripts": [{"transcript": "-"}], "channel_labels": CHANNELS, **items}})
    assert [turn.speaker for turn in call.turns] == ["ch_0", "ch_1"]
    assert [(turn.role, turn.start, turn.end, turn.text) for turn in call.turns] == IN_TWO


def test_speakers_that_are_named_by_time_only() -> None:  # sibling of 04
    spans = [
        {"speaker_label": "spk_0", "start_time": "0.0", "end_time": "2.0", "items": []},
        {"speaker_label": "spk_1", "start_time": "2.0", "end_time": "4.0", "items": []},
    ]
    results = {"items": [*AGENT_SAYS, *CUSTOMER_SAYS], "speaker_labels": {"speakers": 2, "segments": spans}}
    assert said({"results": results}) == IN_TWO


@pytest.mark.parametrize(
    ("content", "turns"),
    [
        pytest.param(
            {
                "status": "completed",
                "text": "Is it open? No.",
                "words": [],
                "segments": [
                    {"text": "Is it open?", "confidence": 0.9, "start": 0, "end": 2640},
                    {"text": "No.", "confidence": 0.9, "start": 2700, "end": 4640},
                ],
            },
            [(None, 0.0, 2.64, "Is it open?"), (None, 2.7, 4.64, "No.")],
            id="06 milliseconds",
        ),
        pytest.param(
            {
                "language": "lv",
                "segments": [
                    {
                        "start": 0.5,
                        "end": 2.1,
                        "text": " Labdien, vai ir atvērts?",
                        "avg_logprob": -0.3,
                        "confidence": 0.77,
                        "words": [{"text": "Labdien,", "start": 0.5, "end": 0.9, "confidence": 0.7}],
                    }
                ],
            },
            [(None, 0.5, 2.1, "Labdien, vai ir atvērts?")],
            id="12 whisper-timestamped",
        ),
        pytest.param(
            {
                "segments": [
                    {
                        "start": 1.0,
                        "end": 5.0,
                        "text": " līguma numurs ir 1234567 paldies",
                        "words": [
                            {"word": "līguma", "start": 1.0, "end": 1.3, "speaker": "SPEAKER_01"},
                            {"word": "numurs", "start": 1.4, "end": 1.5, "speaker": "SPEAKER_01"},
                            {"word": "ir", "start": 1.6, "end": 1.7, "speaker": "SPEAKER_01"},
                            {"word": "1234567"},
                            {"word": "paldies", "start": 4.0, "end": 4.5, "speaker": "SPEAKER_01"},
                        ],
                    }
                ]
            },
            [(None, 1.0, 4.5, "līguma numurs ir 1234567 paldies")],
            id="15 a number that has no time",
        ),
        pytest.param(
            {"results": {"channels": [{"alternatives": [{"transcript": "vai mani atslēgs", "confidence": 0.9}]}]}},
            [(None, None, None, "vai mani atslēgs")],
            id="17 Deepgram without words",
        ),
        pytest.param(
            {
                "phrases": [
                    {"channel": 0, "offset": 720, "duration": 1480, "text": HELLO, "locale": "lv-LV"},
                    {"channel": 1, "offset": 2480, "duration": 2600, "text": QUESTION, "locale": "lv-LV"},
                ]
            },
            [(A, 0.72, 2.2, HELLO), (C, 2.48, 5.08, QUESTION)],
            id="18 Azure's preview",
        ),
        pytest.param(
            {"segments": [{"start": 30.0, "end": 29.98, "text": " a"}, {"start": 31, "end": 33, "text": " b"}]},
            [(None, None, None, "a"), (None, 31.0, 33.0, "b")],
            id="19 a segment ends early",
        ),
        pytest.param(
            {"segments": [{"start": 0.0, "end": 2.0, "text": " a", "avg_logprob": float("nan")}]},
            [(None, 0.0, 2.0, "a")],
            id="19 no number",
        ),
        pytest.param(
            {
                "segments": [
                    {"start": 0, "end": 2, "text": HELLO, "speaker": 0},
                    {"start": 2, "end": 3, "text": QUESTION, "speaker": 1},
                ]
            },
            [(A, 0.0, 2.0, HELLO), (C, 2.0, 3.0, QUESTION)],
            id="19 speakers are numbers",
        ),
        pytest.param(
            {
                "result": {"language": "lv"},
                "transcription": [{"offsets": {"from": 0, "to": 3500}, "text": " Labdien"}],
            },
            [(None, 0.0, 3.5, "Labdien")],
            id="whisper.cpp",
        ),
        pytest.param(
            {"language": "lv", "segments": [], "word_segments": [{"word": "a", "start": 0.5, "end": 1.0}]},
            [(None, 0.5, 1.0, "a")],
            id="only words",
        ),
        pytest.param(
            [{"start": 0.5, "end": 1.0, "text": HELLO, "speaker": "agent"}],
            [(A, 0.5, 1.0, HELLO)],
            id="a bare list",
        ),
        pytest.param(
            {
                "RecognizedPhrases": [
                    {"Channel": 0, "Offset": "PT0.86S", "Duration": "PT1M11S", "NBest": [{"Display": "a"}]}
                ]
            },
            [(None, 0.86, 71.86, "a")],
            id="Azure with capitals and without ticks",
        ),
        pytest.param(
            {"status": "completed", "segments": [{"start": 0, "end": 3, "text": "Labdien, vai ir atvērts"}]},
            [(None, 0.0, 3.0, "Labdien, vai ir atvērts")],
            id="a status, and seconds",
        ),
        pytest.param(
            {"status": "ok", "segments": [{"start": 0.5, "end": 3.5, "text": "a"}]},
            [(None, 0.5, 3.5, "a")],
            id="another status",
        ),
        pytest.param("start\tend\ttext\n500\t1500\tLabdien\n", [(None, 0.5, 1.5, "Labdien")], id="Whisper's table"),
    ],
)
def test_other_shapes(content: Any, turns: list[Any]) -> None:
    assert said(content) == turns
