"""What a component's cache key is made of."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.nlu.fingerprint import MODULES, content_digest


@pytest.mark.parametrize("name", MODULES)
def test_every_module_of_the_cache_key_is_there(name: str) -> None:
    assert find_spec(name) is not None


def test_a_word_list_changes_the_cache_key(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("rēķins", encoding="utf-8")
    before = content_digest([words])
    words.write_text("rēķini", encoding="utf-8")
    assert content_digest([words]) != before
