"""Writers of the JSON formats, for made-up calls, independent of the readers."""

import json
import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """A made-up turn: speaker 1 or 2, times in milliseconds, alternatives."""

    speaker: int
    start: int
    end: int
    text: str
    confidence: float
    instead: str


def whisper(turns: list[Said]) -> str:
    segments = [
        {
            "start": one.start / 1000,
            "end": one.end / 1000,
            "text": f" {one.text}",
            "speaker": f"S{one.speaker}",
            "avg_logprob": math.log(one.confidence),
        }
        for one in turns
    ]
    return json.dumps({"segments": segments})


def words(one: Said) -> list[tuple[str, int, int]]:
    """(word, start, end) of each word; the times of the turn are divided evenly."""
    texts = one.text.split(" ")
    marks = [one.start + (one.end - one.start) * place // len(texts) for place in range(len(texts) + 1)]
    return list(zip(texts, marks, marks[1:], strict=False))


def _google_words(one: Said, **more: Any) -> list[dict[str, Any]]:
    return [
        {"word": word, "startTime": f"{start // 1000}.{start % 1000:03}s", "confidence": one.confidence, **more}
        | {"endTime": {"seconds": str(end // 1000), "nanos": end % 1000 * 1_000_000}}
        for word, start, end in words(one)
    ]


def google(turns: list[Said]) -> str:
    results = [
        {
            "alternatives": [
                {"transcript": one.text, "confidence": one.confidence, "words": _google_words(one)},
                {"transcript": one.instead},
            ],
            "channelTag": one.speaker,
        }
        for one in turns
    ]
    # The other channel, so that there are two.
    return json.dumps({"results": [*results, {"alternatives": [], "channelTag": 3}]})


def google_diarised(turns: list[Said]) -> str:
    results = [{"alternatives": [{"transcript": one.text, "words": _google_words(one)}]} for one in turns]
    again = [word for one in turns for word in _google_words(one, speakerTag=one.speaker)]
    return json.dumps({"results": [*results, {"alternatives": [{"words": again}]}]})


def azure_batch(turns: list[Said]) -> str:
    phrases = [
        {
            "channel": 0,
            "speaker": one.speaker,
            "offsetInTicks": one.start * 10_000,
            "durationInTicks": (one.end - one.start) * 10_000,
            "nBest": [{"confidence": one.confidence, "display": one.text}, {"confidence": 0, "display": one.instead}],
        }
        for one in turns
    ]
    return json.dumps({"recognizedPhrases": phrases})


def azure_fast(turns: list[Said]) -> str:
    phrases = [
        {
            "speaker": one.speaker,
            "offsetMilliseconds": one.start,
            "durationMilliseconds": one.end - one.start,
            "text": one.text,
            "confidence": one.confidence,
        }
        for one in turns
    ]
    return json.dumps({"phrases": phrases})


def amazon(turns: list[Said]) -> str:
    items = [
        {
            "type": "pronunciation",
            "start_time": str(start / 1000),
            "end_time": str(end / 1000),
            "alternatives": [{"confidence": str(one.confidence), "content": word}],
            "speaker_label": f"spk_{one.speaker}",
        }
        for one in turns
        for word, start, end in words(one)
    ]
    return json.dumps({"results": {"items": items}})


def amazon_segments(turns: list[Said]) -> str:
    content = {"alternatives": [{"content": "a"}]}
    items = [
        {"id": number, "type": "pronunciation", "alternatives": [{"content": "a", "confidence": str(one.confidence)}]}
        for number, one in enumerate(turns)
    ]
    times = [{"start_time": str(one.start / 1000), "end_time": str(one.end / 1000)} for one in turns]
    segments = [
        {"transcript": one.text, "speaker_label": f"spk_{one.speaker}", "items": [number], **times[number]}
        for number, one in enumerate(turns)
    ]
    versions = [
        {"alternatives": [{"transcript": one.text}, {"transcript": one.instead}], **times[number]}
        for number, one in enumerate(turns)
    ]
    sign = {"id": len(items), "type": "punctuation", **content}
    return json.dumps({"results": {"items": [*items, sign], "audio_segments": segments, "segments": versions}})


def amazon_call_analytics(turns: list[Said]) -> str:
    return json.dumps(
        {
            "Transcript": [
                {
                    "ParticipantRole": ("AGENT", "CUSTOMER")[one.speaker - 1],
                    "BeginOffsetMillis": one.start,
                    "EndOffsetMillis": one.end,
                    "Content": one.text,
                    "Items": [{"Confidence": str(one.confidence)}],
                }
                for one in turns
            ]
        }
    )


def deepgram(turns: list[Said]) -> str:
    utterances = [
        {
            "start": one.start / 1000,
            "end": one.end / 1000,
            "transcript": one.text,
            "confidence": one.confidence,
            "speaker": one.speaker,
            "channel": 0,
        }
        for one in turns
    ]
    return json.dumps({"results": {"utterances": utterances}})


def deepgram_words(turns: list[Said]) -> str:
    spoken = [
        {"word": word, "start": start / 1000, "end": end / 1000, "confidence": one.confidence, "speaker": one.speaker}
        for one in turns
        for word, start, end in words(one)
    ]
    return json.dumps({"results": {"channels": [{"alternatives": [{"words": spoken}]}]}})
