"""Writing the open file and its page."""

import json
import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from bot.open_data.open_page import open_page

READABLE = 0o644  # a web server reads them


def write_open_files(content: dict[str, Any], file: Path | None, page: Path | None) -> list[Path]:
    """Write the content as JSON, as a page, or as both; returns the paths written.

    Raises:
        OSError: one cannot be written.
    """
    if file is not None:
        replace_file(file, open_file(content))
    if page is not None:
        replace_file(page, open_page(content))
    return [path for path in (file, page) if path is not None]


def open_file(content: dict[str, Any]) -> str:
    """The content as JSON in UTF-8; the same content always gives the same text."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def replace_file(path: Path, text: str) -> None:
    """Write a file at once, so that nobody reads a half of it.

    Raises:
        OSError: it cannot be written.
    """
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(text)
    written = Path(file.name)
    try:
        written.chmod(READABLE)
        os.replace(written, path)
    except OSError:
        written.unlink(missing_ok=True)
        raise
