"""Static files of the page and the widget: compressed, and revalidated by ETag instead of sent again."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.http.problems import problem

HEADERS = {
    # Browsers revalidate their cached copy each time, so modules of two versions never meet.
    "Cache-Control": "no-cache",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
}


@dataclass(frozen=True)
class FileContent:
    """A file's bytes, plain and compressed, and their ETag."""

    plain: bytes
    compressed: bytes
    tag: str


def file_answer(request: Request, path: Path) -> HTTPResponse:
    """The file (200), not modified (304), or not found (404)."""
    if not path.is_file():
        return problem(404, "Not found", "There is no such file.")
    content = _content(path, path.stat().st_mtime_ns)
    headers = {**HEADERS, "ETag": content.tag}
    if content.tag in request.headers.get("If-None-Match", ""):
        return response.empty(status=304, headers=headers)
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return response.raw(content.plain, headers=headers, content_type=_type(path))
    return response.raw(content.compressed, headers={**headers, "Content-Encoding": "gzip"}, content_type=_type(path))


@lru_cache(maxsize=64)
def _content(path: Path, _changed: int) -> FileContent:
    plain = path.read_bytes()
    # A weak ETag: plain and compressed bytes share it.
    return FileContent(plain, gzip.compress(plain, mtime=0), f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"')


def _type(path: Path) -> str:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("javascript") else kind
