"""Spoken text as SSML with sentences marked, so that the voice pauses between them."""

import re
from xml.sax.saxutils import escape


def ssml(text: str) -> str:
    """`<speak>` with each sentence in `<s>`; the text is escaped."""
    sentences = [part.strip() for part in re.split(r"(?<=[.!?])\s+", text) if part.strip()]
    return f"<speak>{''.join(f'<s>{escape(sentence)}</s>' for sentence in sentences)}</speak>"
