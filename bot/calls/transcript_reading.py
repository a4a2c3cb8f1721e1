"""Parses a transcript's file; the format is detected from the content, not from the file's name."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

from bot.calls.call_turns import Call, MalformedTranscript
from bot.calls.decoding import decoded
from bot.calls.formats import json_formats, plain_text, subtitles, tab_separated
from bot.calls.formats.transcript import Transcript
from bot.calls.notices import collected

_ID_DIGITS = 32
_JSON = re.compile(r"\s*(?:\{|\[\s*[\[\]{\"])")  # but not the "[00:01:02]" or "[SPEAKER_01]" of a plain text
_WEBVTT = re.compile(r"WEBVTT(?:[ \t\n]|\Z)")
_SRT_TIMES = re.compile(r"^[ \t]*-?[0-9][0-9:,. ]*-->[ \t]*-?[0-9]", re.MULTILINE)


def read_call(path: Path) -> Call:
    """Read one call from a file.

    Raises:
        MalformedTranscript: the content has no known format, or is damaged or empty.
        OSError: the file cannot be read.
    """
    return call_from(path.read_bytes())


def call_from(content: bytes) -> Call:
    """Parse the call from a file's content.

    Raises:
        MalformedTranscript: the content is in none of the formats, damaged, or empty.
    """
    with collected() as notices:
        found = _transcript(decoded(content))
    return Call(call_id(content), found.source, found.turns, found.language, found.held_at, tuple(notices))


def call_id(content: bytes) -> str:
    """The id of the call in a file's content."""
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
    if tab_separated.is_table(text):
        return tab_separated.read(text)
    return plain_text.read(text)


def _json_transcript(text: str) -> Transcript:
    content = _parsed(text)
    if isinstance(content, list) and content and all(isinstance(each, dict) and "text" in each for each in content):
        content = {"segments": content}  # Whisper's segments without their enclosing object
    if not isinstance(content, dict):
        raise MalformedTranscript("$", "an object is expected")
    return json_formats.read(content)


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
