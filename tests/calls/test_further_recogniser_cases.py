"""Google's envelopes, further recognisers, and the date in a file; all cases written by us."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from transcript_cases import A, C, read  # tests/calls/transcript_cases.py

RESULT = {
    "alternatives": [
        {
            "transcript": "vai Rīgā",
            "confidence": 0.9,
            "words": [
                {"startTime": "1.200s", "endTime": "1.900s", "word": "vai", "speakerTag": 1},
                {"startTime": "2s", "endTime": "2.500s", "word": "Rīgā", "speakerTag": 2},
            ],
        }
    ],
    "languageCode": "lv-lv",
    "resultEndTime": "3.1s",
}
SNAKE = json.loads(
    json.dumps(RESULT)
    .replace("startTime", "start_time")
    .replace("endTime", "end_time")
    .replace("speakerTag", "speaker_tag")
    .replace("languageCode", "language_code")
    .replace("resultEndTime", "result_end_time")
)
METADATA = {
    "@type": "x/google.cloud.speech.v1.LongRunningRecognizeMetadata",
    "startTime": "2021-02-24T03:52:53.029795Z",
}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(
            {"name": "1", "metadata": METADATA, "done": True, "response": {"results": [RESULT]}}, id="operation"
        ),
        pytest.param({"results": {"gs://b/a.wav": {"transcript": {"results": [RESULT]}}}}, id="inline"),
        pytest.param(
            {"results": {"gs://b/a.wav": {"inlineResult": {"transcript": {"results": [RESULT]}}, "metadata": {}}}},
            id="inline result",
        ),
        pytest.param(
            {
                "done": True,
                "response": {"results": {"gs://b/a.wav": {"inlineResult": {"transcript": {"results": [RESULT]}}}}},
            },
            id="operation of a batch",
        ),
        pytest.param({"results": [SNAKE]}, id="snake case"),
        pytest.param({"results": {"gs://b/a": {"inline_result": {"transcript": {"results": [SNAKE]}}}}}, id="both"),
    ],
)
def test_googles_envelopes_and_spellings(content: Any) -> None:  # 09
    call = read(content)
    assert (call.language, [turn.speaker for turn in call.turns]) == ("lv", ["speaker 1", "speaker 2"])
    assert [(turn.start, turn.end, turn.text) for turn in call.turns] == [(1.2, 1.9, "vai"), (2.0, 2.5, "Rīgā")]


PHRASES = [
    {"text": "hi", "decoratedText": "Hi.", "startTimeMs": 500, "participantPurpose": "external"},
    {"text": "sure", "startTimeMs": 4200, "participantPurpose": "internal"},
]
ENTRIES = [
    {"type": "word", "start_time": 0.5, "end_time": 0.9, "alternatives": [{"content": "Hi", "speaker": "S1"}]},
    {"type": "punctuation", "start_time": 0.9, "end_time": 0.9, "alternatives": [{"content": "."}]},
    {"type": "word", "start_time": 4.2, "end_time": 4.5, "alternatives": [{"content": "sure", "speaker": "S2"}]},
]
UTTERANCES = [
    {"text": "Hi.", "start": 500, "end": 900, "confidence": 0.9, "speaker": "A"},
    {"text": "sure", "start": 4200, "end": 4500, "confidence": 0.9, "speaker": "B"},
]
TURNS = [
    {"Content": "Hi.", "BeginOffsetMillis": 500, "EndOffsetMillis": 900, "ParticipantId": "1"},
    {"Content": "sure", "BeginOffsetMillis": 4200, "EndOffsetMillis": 4500, "ParticipantId": "2"},
]


@pytest.mark.parametrize(
    ("content", "source", "people", "ends"),
    [
        ({"transcripts": [{"phrases": PHRASES}]}, "genesys", ["external", "internal"], [None, None]),
        ({"format": "2.9", "results": ENTRIES}, "speechmatics", ["S1", "S2"], [0.9, 4.5]),
        ({"status": "completed", "utterances": UTTERANCES}, "assemblyai", ["A", "B"], [0.9, 4.5]),
        ({"audio_url": "x", "words": UTTERANCES, "utterances": None}, "assemblyai", ["A", "B"], [0.9, 4.5]),
        (
            {
                "Participants": [
                    {"ParticipantId": "1", "ParticipantRole": "CUSTOMER"},
                    {"ParticipantId": "2", "ParticipantRole": "AGENT"},
                ],
                "Transcript": TURNS,
            },
            "amazon-call-analytics",
            ["1", "2"],
            [0.9, 4.5],
        ),
        (
            {"Segments": [{"Transcript": TURNS[0]}, {"Categories": {}}, {"Transcript": TURNS[1]}]},
            "amazon-call-analytics",
            ["1", "2"],
            [0.9, 4.5],
        ),
    ],
)
def test_further_recognisers(content: Any, source: str, people: list[str], ends: list[float | None]) -> None:
    call = read(content)
    assert (call.source, [turn.speaker for turn in call.turns]) == (source, people)
    assert [(turn.start, turn.text) for turn in call.turns] == [(0.5, "Hi."), (4.2, "sure")]
    assert [turn.end for turn in call.turns] == ends
    if source == "genesys" or "Participants" in content:
        assert [turn.role for turn in call.turns] == [C, A]


NOON = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)
WRITTEN = "2026-11-25T12:30:00.000000000Z"


@pytest.mark.parametrize(
    ("content", "held_at"),
    [
        (
            {"metadata": {"created": WRITTEN}, "results": {"channels": [{"alternatives": [{"transcript": "a"}]}]}},
            NOON,
        ),
        ({"timestamp": WRITTEN, "recognizedPhrases": [{"nBest": [{"display": "a"}]}]}, NOON),
        ({"job": {"created_at": WRITTEN}, "results": ENTRIES}, NOON),
        ({"metadata": {"created_at": WRITTEN}, "results": ENTRIES}, NOON),
        ({"metadata": {"startTime": WRITTEN}, "done": True, "response": {"results": [RESULT]}}, NOON),
        ({"conversationStartTime": NOON.timestamp() * 1000, "transcripts": [{"phrases": PHRASES}]}, NOON),
        ({"timestamp": "soon", "recognizedPhrases": [{"nBest": [{"display": "a"}]}]}, None),
        ({"timestamp": "2999-01-01T00:00:00Z", "recognizedPhrases": [{"nBest": [{"display": "a"}]}]}, None),
        ({"timestamp": "0001-01-01T00:00:00Z", "recognizedPhrases": [{"nBest": [{"display": "a"}]}]}, None),
        ({"segments": [{"start": 0, "end": 1, "text": "a"}]}, None),
    ],
)
def test_the_day_that_a_file_tells(content: Any, held_at: datetime | None) -> None:
    assert read(content).held_at == held_at


def test_genesys_tells_times_of_day() -> None:
    phrases = [{**phrase, "startTimeMs": NOON.timestamp() * 1000 + phrase["startTimeMs"]} for phrase in PHRASES]
    content = {"conversationStartTime": NOON.timestamp() * 1000, "transcripts": [{"phrases": phrases}]}
    assert [turn.start for turn in read(content).turns] == [0.5, 4.2]


def test_nobody_between_two_turns_of_one_speaker_is_that_speaker() -> None:
    segments = [
        {"start": n, "end": n + 1, "text": f"a{n}", **({"speaker": name} if name else {})}
        for n, name in enumerate(["X", None, "X", None, "Y"])
    ]
    assert [turn.speaker for turn in read({"segments": segments}).turns] == ["X", "X", "X", "", "Y"]
