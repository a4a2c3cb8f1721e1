"""The widget stays small, and runs from the repository without a build."""

import gzip
import re

from standin import WIDGET

from harness.widget_size import MOST_BYTES, MOST_LATER

FILES = {file.name: file.read_text(encoding="utf-8") for file in WIDGET.glob("*.js")}
STATIC = re.compile(r'^import (?:.* from )?"\./(.*)";$', re.MULTILINE)
LATER = re.compile(r'\bimport\("\./(.*?)"\)')


def loaded_at_first() -> set[str]:
    """The files that a page with the widget loads whatever the customer does."""
    found, new = set[str](), {"elektrum-chat.js"}
    while new:
        found |= new
        new = {name for one in new for name in STATIC.findall(FILES[one])} - found
    return found


def size(names: set[str]) -> int:
    return sum(len(gzip.compress(FILES[name].encode())) for name in names)


def test_it_is_small() -> None:
    assert size(loaded_at_first()) < MOST_BYTES


def test_what_is_loaded_later_is_small_too() -> None:
    assert 0 < size(set(FILES) - loaded_at_first()) < MOST_LATER


def test_it_needs_nothing_but_its_own_files() -> None:
    imported = {name for text in FILES.values() for name in (*STATIC.findall(text), *LATER.findall(text))}
    assert imported <= set(FILES)
    assert not any(re.search(r'from "(?!\./)', text) for text in FILES.values())
