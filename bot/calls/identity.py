"""Deduplicates calls: one recording comes in several formats, and two calls may have the same words.

Files of one name with the same words at the same times are one call, whatever their formats and folders. Digests of
names and words are keyed (HMAC): from a plain digest and the redacted text, a contract number could be guessed.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.calls.call_turns import CallTurn
from bot.keys.signing import key_for
from bot.words.text import fold

DIGITS = 32  # hexadecimal
_PURPOSE = "recorded calls"
# Extensions of transcripts, the richest format first, and of recordings, which often precede them: call.wav.json.
_TRANSCRIPTS = (".json", ".vtt", ".srt", ".tsv", ".txt")
_OTHERS = (".wav", ".mp3", ".m4a", ".mp4", ".ogg", ".opus", ".flac", ".webm", ".words", ".transcript", ".utf8")
_CLOSE = 2.0  # seconds by which formats may differ in the times of one call


@dataclass(frozen=True)
class CallIdentity:
    """What distinguishes calls of one name.

    Attributes:
        digest: of all words, ignoring case, diacritics, punctuation and speakers.
        begins, ends: seconds of the first and the last turn; None where the format has no times.
    """

    digest: str
    begins: float | None
    ends: float | None

    def is_of(self, digest: str | None, begins: float | None, ends: float | None) -> bool:
        """Whether a call of the same name is the same call: the same words, and no contradicting times."""
        return self.digest == digest and _are_close(self.begins, begins) and _are_close(self.ends, ends)


def identity_of(turns: Iterable[CallTurn]) -> CallIdentity:
    """The words and times of a call, in the order in which they were said."""
    said = list(turns)
    starts = [turn.start for turn in said if turn.start is not None]
    ends = [turn.end for turn in said if turn.end is not None]
    return CallIdentity(_digest(turn.text for turn in said), min(starts, default=None), max(ends, default=None))


def identity_of_text(text: str) -> CallIdentity:
    """The words of a file without speakers and times, such as Whisper's plain text."""
    return CallIdentity(_digest(text.split("\n")), None, None)


def recording_name(path: Path) -> str:
    """The name of a recording: its file's name without folder and extensions."""
    name = path.name.casefold()
    while (ending := Path(name).suffix) in {*_TRANSCRIPTS, *_OTHERS}:
        name = name.removesuffix(ending)
    return name


def richness(path: Path) -> tuple[int, str]:
    """Sort key of a recording's files: the richest format first."""
    ending = path.suffix.casefold()
    return (_TRANSCRIPTS.index(ending) if ending in _TRANSCRIPTS else len(_TRANSCRIPTS)), path.name


def keyed(*parts: bytes) -> str:
    """A keyed digest (HMAC): nobody can test guesses of its content without this installation's key."""
    return hmac.new(key_for(_PURPOSE), b"\0".join(parts), hashlib.sha256).hexdigest()[:DIGITS]


def file_id(content: bytes, path: Path) -> str:
    """The id of a file, independent of its folder."""
    return keyed(hashlib.sha256(content).digest(), recording_name(path).encode(errors="replace"))


def _digest(texts: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(folded for text in texts if (folded := fold(text))).encode()).hexdigest()


def _are_close(one: float | None, other: float | None) -> bool:
    return one is None or other is None or abs(one - other) <= _CLOSE
