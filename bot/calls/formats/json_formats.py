"""Detects the format of a JSON document. A single key proves little: several recognisers use the same names."""

from collections.abc import Callable
from typing import Any

from bot.calls.call_turns import MalformedTranscript
from bot.calls.formats import (
    amazon,
    amazon_call_analytics,
    assemblyai,
    azure,
    deepgram,
    genesys,
    google,
    speechmatics,
    whisper,
)
from bot.calls.formats.transcript import Transcript

Content = dict[str, Any]
_ASSEMBLYAI = {"audio_url", "acoustic_model", "language_model", "speech_models", "audio_duration"}
_STATES_OF_ASSEMBLYAI = {"queued", "processing", "completed", "error"}
_FASTEST = 0.02  # words a millisecond, over the whole call; more means that the times are not milliseconds


def read(content: Content) -> Transcript:
    """Parse a document with the first format whose signature it has.

    Raises:
        MalformedTranscript: the content has no known format, or does not have its format's shape.
    """
    for has_its_signs, reader in _FORMATS:
        if has_its_signs(content):
            return reader(content)
    results = content.get("results")
    if "results" in content and not isinstance(results, dict | list):
        raise MalformedTranscript("results", "a list or an object is expected")
    if _is_ibm(content):
        raise MalformedTranscript("results", "this looks like IBM Watson's format, which is not read")
    raise MalformedTranscript("$", "the fields are those of no known format")


def _is_assemblyai(content: Content) -> bool:
    """Whether it is AssemblyAI's; others have words, segments and a status too, but times in seconds."""
    lists = [content[key] for key in ("utterances", "words", "segments") if isinstance(content.get(key), list)]
    state = content.get("status") if isinstance(content.get("status"), str) else None
    return bool(lists) and (
        len(_ASSEMBLYAI & set(content)) > 0 or (state in _STATES_OF_ASSEMBLYAI and all(map(_in_milliseconds, lists)))
    )


def _in_milliseconds(said: list[Any]) -> bool:
    timed = [each for each in said if isinstance(each, dict) and isinstance(each.get("text"), str)]
    lengths = [each.get("end", 0) - each.get("start", 0) for each in timed if _has_whole_times(each)]
    words = sum(len(each["text"].split()) for each in timed)
    return len(lengths) == len(timed) and words <= sum(lengths) * _FASTEST + 1


def _has_whole_times(said: Content) -> bool:
    return all(isinstance(said.get(key), int) for key in ("start", "end"))


def _is_genesys(content: Content) -> bool:
    parts = content.get("transcripts")
    return isinstance(parts, list) and any(isinstance(part, dict) and "phrases" in part for part in parts)


def _is_words_of_whisper(content: Content) -> bool:
    words = content.get("words")
    return isinstance(words, list) and bool(words) and isinstance(words[0], dict) and {"word", "start"} <= set(words[0])


def _entries(content: Content) -> list[Content]:
    results = content.get("results")
    return [each for each in results if isinstance(each, dict)] if isinstance(results, list) else []


def _is_speechmatics(content: Content) -> bool:
    return any(isinstance(each.get("type"), str) for each in _entries(content))


def _is_ibm(content: Content) -> bool:
    alternatives = [each.get("alternatives") for each in _entries(content)]
    return any(
        "timestamps" in one for some in alternatives if isinstance(some, list) for one in some if isinstance(one, dict)
    )


def _is_google(content: Content) -> bool:
    if isinstance(content.get("results"), list):
        return not _is_ibm(content)
    if "done" in content and ("response" in content or "error" in content):
        return True
    results = content.get("results")
    recordings = list(results.values()) if isinstance(results, dict) else []
    signs = {"inlineResult", "inline_result", "transcript", "cloudStorageResult", "cloud_storage_result", "error"}
    return bool(recordings) and all(isinstance(each, dict) and bool(signs & set(each)) for each in recordings)


def _results_have(*keys: str) -> Callable[[Content], bool]:
    def have(content: Content) -> bool:
        results = content.get("results")
        return isinstance(results, dict) and any(key in results for key in keys)

    return have


def _has(key: str) -> Callable[[Content], bool]:
    return lambda content: key in content


_FORMATS: list[tuple[Callable[[Content], bool], Callable[[Content], Transcript]]] = [
    (_is_assemblyai, assemblyai.read),
    (lambda content: "recognizedPhrases" in content or "RecognizedPhrases" in content, azure.read_batch),
    (_is_genesys, genesys.read),
    (_has("phrases"), azure.read_fast),
    (_has("Transcript"), amazon_call_analytics.read),
    (_has("Segments"), amazon_call_analytics.read_segments),
    (_has("segments"), whisper.read),
    (_has("transcription"), whisper.read_cpp),
    (_is_words_of_whisper, whisper.read_words),
    (_is_speechmatics, speechmatics.read),
    (_is_google, google.read),
    (_results_have("utterances", "channels"), deepgram.read),
    (_results_have("audio_segments", "items", "channel_labels", "transcripts"), amazon.read),
]
