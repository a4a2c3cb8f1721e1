"""The widget stays small, and runs as it stands in the repository."""

import gzip
import re

from standin import WIDGET

MOST = 20_000  # bytes of all files, each compressed by itself as a web server does
FILES = {file.name: file.read_text(encoding="utf-8") for file in WIDGET.glob("*.js")}


def test_it_is_small() -> None:
    assert sum(len(gzip.compress(text.encode())) for text in FILES.values()) < MOST


def test_it_needs_nothing_but_its_own_files() -> None:
    imported = {name for text in FILES.values() for name in re.findall(r'^import .* from "(.*)";$', text, re.MULTILINE)}
    assert imported <= {f"./{name}" for name in FILES}
