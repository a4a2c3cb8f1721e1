"""Reading a transcript's file, whatever its format; the name of the file does not matter."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.calls.decoding import decoded
from bot.calls.formats import amazon, amazon_call_analytics, azure, deepgram, google, plain_text, subtitles, whisper
from bot.calls.formats.transcript import Transcript
from bot.calls.turns import Call, MalformedTranscript

_ID_DIGITS = 32
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[\]{\"])")  # and not the "[00:01:02]" or "[SPEAKER_01]" of a text
_WEBVTT = re.compile(r"WEBVTT(?:[ \t\n]|\Z)")
_SRT_TIMES = re.compile(r"^[ \t]*-?[0-9][0-9:,. ]*-->", re.MULTILINE)
Content = dict[str, Any]
# Keys that only one format has at the top.
_BY_KEY: dict[str, Callable[[Content], Transcript]] = {
    "recognizedPhrases": azure.read_batch,
    "phrases": azure.read_fast,
    "Transcript": amazon_call_analytics.read,
    "segments": whisper.read,
}
# Keys within `results`, where that is an object.
_BY_RESULTS_KEY: dict[str, Callable[[Content], Transcript]] = {
    "utterances": deepgram.read,
    "channels": deepgram.read,
    "audio_segments": amazon.read,
    "items": amazon.read,
}


def read_call(path: Path) -> Call:
    """Read one call from a file.

    Raises:
        MalformedTranscript: the content is in none of the formats, damaged, or empty.
        OSError: the file cannot be read.
    """
    return call_from(path.read_bytes())


def call_from(content: bytes) -> Call:
    """The call that a file's content is.

    Raises:
        MalformedTranscript: the content is in none of the formats, damaged, or empty.
    """
    found = _transcript(decoded(content))
    return Call(call_id(content), found.source, found.turns, found.language)


def call_id(content: bytes) -> str:
    """The id of the call that a file's content is."""
    return hashlib.sha256(content).hexdigest()[:_ID_DIGITS]


def _transcript(text: str) -> Transcript:
    if not text.strip():
        raise MalformedTranscript("line 1", "the file is empty")
    if _JSON.match(text):
        return _json_transcript(text)
    if _WEBVTT.match(text):
        return subtitles.read_webvtt(text)
    if _SRT_TIMES.search(text):
        return subtitles.read_srt(text)
    return plain_text.read(text)


def _json_transcript(text: str) -> Transcript:
    content = _parsed(text)
    if not isinstance(content, dict):
        raise MalformedTranscript("$", "an object is expected")
    for key, read in _BY_KEY.items():
        if key in content:
            return read(content)
    results = content.get("results")
    if isinstance(results, list):
        return google.read(content)
    if isinstance(results, dict):
        for key, read in _BY_RESULTS_KEY.items():
            if key in results:
                return read(content)
    elif "results" in content:
        raise MalformedTranscript("results", "a list or an object is expected")
    raise MalformedTranscript("$", "the fields are those of no known format")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"the JSON breaks off or is wrong ({error.msg.lower()})"
        raise MalformedTranscript(f"line {error.lineno}", reason) from error
    except RecursionError as error:
        raise MalformedTranscript("$", "the JSON is nested too deeply") from error
    except ValueError as error:  # a number with thousands of digits
        raise MalformedTranscript("$", "a number is too long") from error
