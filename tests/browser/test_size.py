"""The widget stays small, and runs from the repository without a build."""

import gzip
import re

from standin import WIDGET

from harness.widget_size import MOST_BYTES

FILES = {file.name: file.read_text(encoding="utf-8") for file in WIDGET.glob("*.js")}


def test_it_is_small() -> None:
    assert sum(len(gzip.compress(text.encode())) for text in FILES.values()) < MOST_BYTES


def test_it_needs_nothing_but_its_own_files() -> None:
    imported = {name for text in FILES.values() for name in re.findall(r'^import .* from "(.*)";$', text, re.MULTILINE)}
    assert imported <= {f"./{name}" for name in FILES}
