"""Texts as espeak-ng speaks them, where it is installed; what customers hear on the phone depends on its provider."""

import shutil
import subprocess

from bot import deadlines

PROGRAM = "espeak-ng"
VOICES = {"lv": "lv", "en": "en-gb"}


def can_speak() -> bool:
    """Whether texts can be spoken here."""
    return shutil.which(PROGRAM) is not None


def spoken_audio(text: str, language: str) -> bytes | None:
    """A text as a WAV file; None where it cannot be spoken."""
    program = shutil.which(PROGRAM)
    if program is None:
        return None
    command = [program, "-v", VOICES[language], "--stdin", "--stdout"]
    try:
        done = subprocess.run(  # noqa: S603 (our own texts, on standard input)
            command, input=text.encode(), capture_output=True, timeout=deadlines.SPOKEN_ALOUD, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None
