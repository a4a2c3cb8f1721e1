"""The most frequent words of a language: spaCy's stop words, without loading spaCy."""

import runpy
from functools import lru_cache
from importlib.util import find_spec


@lru_cache(maxsize=2)
def frequent_words(language: str) -> frozenset[str]:
    """The stop words of spaCy for a language (`lv`, `en`).

    Its file is run by itself: an import of `spacy.lang` takes a second at the start of every command.

    Raises:
        ImportError: spaCy is not installed, or has no such file.
    """
    spacy = find_spec("spacy")
    if spacy is None or not spacy.submodule_search_locations:
        raise ImportError("spaCy is not installed; 'make setup' installs it.")
    return frozenset(
        runpy.run_path(f"{spacy.submodule_search_locations[0]}/lang/{language}/stop_words.py")["STOP_WORDS"]
    )
