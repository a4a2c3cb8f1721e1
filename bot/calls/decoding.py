"""Decodes a file's bytes into text."""

import codecs

from bot.calls.call_turns import MalformedTranscript
from bot.calls.notices import note

_FEW = 10  # at most every tenth character may be NUL

# UTF-32 first: the byte order mark (BOM) of UTF-16 is a prefix of its own.
_MARKS = (
    (codecs.BOM_UTF32_LE, None),
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decoded(content: bytes) -> str:
    """The text, without its byte order mark, its lines ending in "\\n".

    Raises:
        MalformedTranscript: it is neither UTF-8 nor UTF-16 with a byte order mark.
    """
    mark, encoding = next((pair for pair in _MARKS if content.startswith(pair[0])), (b"", "utf-8"))
    if encoding is None:
        raise MalformedTranscript("line 1", "the encoding is UTF-32, and UTF-8 or UTF-16 is expected")
    body = content[len(mark) :]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(encoding, errors="replace")
        raise MalformedTranscript(_line(before), f"the bytes are not {encoding.upper()}") from error
    if text.count("\0") * _FEW > len(text):  # what UTF-16 without a BOM looks like
        raise MalformedTranscript(
            _line(text[: text.index("\0")]), "the encoding is neither UTF-8 nor UTF-16 with a byte order mark"
        )
    if "\0" in text:
        note(_line(text[: text.index("\0")]), "NUL characters were left out")
        text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return _with_plain_line_ends(text)


def _with_plain_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _line(before: str) -> str:
    return f"line {_with_plain_line_ends(before).count(chr(10)) + 1}"
