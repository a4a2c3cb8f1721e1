"""Spoken text as SSML: a sentence each, so that the voice pauses where one would."""

import re
from xml.sax.saxutils import escape


def ssml(text: str) -> str:
    """`<speak>` with a sentence each in `<s>`; the text is escaped."""
    sentences = [part.strip() for part in re.split(r"(?<=[.!?])\s+", text) if part.strip()]
    return f"<speak>{''.join(f'<s>{escape(sentence)}</s>' for sentence in sentences)}</speak>"
