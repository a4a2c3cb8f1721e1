"""Strict HTTP framing against request smuggling: a request that two parsers could delimit differently is refused.

Sanic 21.12 parses numbers as Python does (`-1`, `+2`, `0_2`), takes a name with a trailing space for another header,
skips two unchecked bytes before each chunk's size, and reads trailers as the next request. With a proxy in front that
parses them differently, a stranger could put bytes into somebody else's request; a negative length alone made Sanic
read for ever, with a whole core.
"""

import re

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
# The request line, and headers in one line each: visible characters, bytes from 0x80 on, spaces and tabs.
_HEAD = re.compile(
    rb"%b [\x21-\x7e\x80-\xff]+ HTTP/1\.[01](?:\r\n%b:[\t\x20-\x7e\x80-\xff]*)*" % (_TOKEN, _TOKEN), re.ASCII
)
_HEADER = re.compile(rb"\r\n(%b):[ \t]*([\t\x20-\x7e\x80-\xff]*)" % _TOKEN)
_LENGTH = re.compile(rb"[0-9]{1,15}")
_CHUNK = re.compile(rb"\r\n([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n")
LONGEST_CHUNK_LINE = 256  # bytes, with an extension behind the size
LAST = b"\r\n\r\n"  # after the last chunk's size, zero; none of our clients sends trailers


def is_framed(head: bytes) -> bool:
    """Whether a request's head is unambiguous, and so is the end of its body (RFC 9112).

    Allowed: one Content-Length of digits only, or HTTP/1.1 chunks and no length; one Host, which HTTP/1.0 may omit.
    """
    if not _HEAD.fullmatch(head):
        return False
    found: dict[bytes, list[bytes]] = {}
    for name, value in _HEADER.findall(head):
        found.setdefault(name.lower(), []).append(value.rstrip(b" \t"))
    is_old = head.partition(b"\r\n")[0].endswith(b"HTTP/1.0")
    lengths, codings, hosts = (found.get(name, []) for name in (b"content-length", b"transfer-encoding", b"host"))
    if len(hosts) > 1 or not (hosts or is_old):
        return False
    if codings:
        return [coding.lower() for coding in codings] == [b"chunked"] and not lengths and not is_old
    return len(lengths) <= 1 and all(_LENGTH.fullmatch(length) for length in lengths)


def chunk_begins(buffer: bytes | bytearray) -> bool | None:
    """Whether the buffer begins with a chunk: CRLF, the size, perhaps an extension; None where more bytes are needed.

    The last chunk has size zero, and only an empty line after it.
    """
    end = buffer.find(b"\r\n", 2)
    if end == -1:
        return False if len(buffer) > LONGEST_CHUNK_LINE or not b"\r\n".startswith(buffer[:2]) else None
    match = _CHUNK.match(buffer)
    if match is None or match.end() != end + 2:
        return False
    if int(match[1], 16):
        return True
    last = bytes(buffer[end : end + len(LAST)])
    if last == LAST:
        return True
    return None if LAST.startswith(last) else False
