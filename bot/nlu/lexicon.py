"""Words for entities: `data/lexicon/*.yml`, and spaCy documents whose words are folded for matching."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, filter_spans
from spacy.vocab import Vocab

from bot.knowledge.records import read_yaml
from bot.nlu.text import fold_word
from bot.settings import LANGUAGES, PROJECT

LEXICON = PROJECT / "data" / "lexicon"
WORDS, MATCHERS = 5_000, 200  # that a finder remembers


@lru_cache(maxsize=8)
def lexicon(name: str, folder: Path = LEXICON) -> dict[str, Any]:
    """One lexicon file, read once.

    Raises:
        KnowledgeError: it cannot be read.
    """
    content: dict[str, Any] = read_yaml(folder / f"{name}.yml")
    return content


@lru_cache(maxsize=len(LANGUAGES))
def _pipeline(language: str) -> Language:
    nlp = spacy.blank(language)
    # "25.martā", written without a space, is a day and a month, and no web address.
    nlp.tokenizer.url_match = None
    infixes = [*(nlp.Defaults.infixes or ()), r"(?<=\d)\.(?=[^\W\d_])"]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return nlp


def document(text: str, language: str) -> Doc:
    """The text as spaCy tokens, split by the language's rules, each with its folded form as `norm_`."""
    storable = text.encode("utf-8", errors="replace").decode("utf-8")  # spaCy cannot take lone surrogates
    doc = _pipeline(language if language in LANGUAGES else LANGUAGES[0])(storable)
    for token in doc:
        token.norm_ = fold_word(token.text)
    return doc


def is_follow_up(text: str, language: str) -> bool:
    """Whether a text has no subject of its own, only stop words and words such as "until", "long", "date"."""
    words = [token for token in document(text, language) if not token.is_punct and not token.is_space]
    return 0 < len(words) <= 8 and all(token.norm_ in _without_subject() for token in words)


@lru_cache(maxsize=1)
def _without_subject() -> frozenset[str]:
    """Folded words that say nothing of what is asked about: stop words and such as "until", "long", "date"."""
    follow_up = [word for words in lexicon("words")["follow_up"].values() for word in words]
    stop = [word for code in LANGUAGES for word in _pipeline(code).Defaults.stop_words]
    return frozenset(map(fold_word, (*follow_up, *stop)))


def word_pattern(expression: str, *, optional: bool = False) -> dict[str, Any]:
    """A token pattern for a folded word; the expression is folded likewise, so that `march` meets its `marc`."""
    pattern: dict[str, Any] = {"NORM": {"REGEX": f"^(?:{fold_word(expression)})$"}}
    if optional:
        pattern["OP"] = "?"
    return pattern


def yes_or_no(text: str, language: str) -> bool | None:
    """Whether a text begins with a yes (True) or a no (False); None where it begins with neither."""
    first = next((token.norm_ for token in document(text, language) if token.is_alpha), "")
    words = lexicon("words")
    for answer in (True, False):
        if first in {fold_word(word) for word in words["yes" if answer else "no"]}:
            return answer
    return None


def _needed_word(pattern: list[dict[str, Any]]) -> str | None:
    """The expression of a folded word that is in every text with this phrase; None where there is no such word."""
    needed = [token["NORM"] for token in pattern if "NORM" in token and token.get("OP", "1") in {"1", "+"}]
    return next((norm["REGEX"] for norm in needed if isinstance(norm, dict) and "REGEX" in norm), None)


class PhraseFinder:
    """Finds labelled phrases in documents; where phrases overlap, the longest counts."""

    def __init__(self, phrases: dict[str, list[list[dict[str, Any]]]]) -> None:
        self._phrases = [(label, pattern) for label, patterns in phrases.items() for pattern in patterns]
        words = [_needed_word(pattern) for _, pattern in self._phrases]
        self._anywhere = [place for place, word in enumerate(words) if word is None]
        self._needing = [(place, re.compile(word)) for place, word in enumerate(words) if word is not None]
        # spaCy tries every pattern at every word, so it gets only those that a text's words leave.
        self._left_by = lru_cache(maxsize=WORDS)(self._left_by_word)
        self._matcher = lru_cache(maxsize=MATCHERS)(self._matcher_of)

    def find(self, doc: Doc) -> list[tuple[str, int, int]]:
        """(label, first character, character after the last) of each phrase, in the text's order."""
        left = frozenset(self._anywhere).union(*(self._left_by(token.norm_) for token in doc))
        if not left:
            return []
        spans = filter_spans(self._matcher(doc.vocab, left)(doc, as_spans=True))
        return [(span.label_, span.start_char, span.end_char) for span in spans]

    def _left_by_word(self, word: str) -> list[int]:
        return [place for place, needed in self._needing if needed.search(word)]

    def _matcher_of(self, vocab: Vocab, places: frozenset[int]) -> Matcher:
        matcher = Matcher(vocab)
        for place in sorted(places):
            label, pattern = self._phrases[place]
            matcher.add(label, [pattern])
        return matcher


@lru_cache(maxsize=1)
def _life_support() -> PhraseFinder:
    patterns: list[list[dict[str, Any]]] = []
    for entry in lexicon("words")["life_support"]:
        if isinstance(entry, str):
            patterns.append([word_pattern(entry)])
        else:
            dash = {"TEXT": {"REGEX": "^[-–]$"}, "OP": "?"}
            patterns += [[word_pattern(first), dash, word_pattern(second)] for first, second in entry.items()]
    return PhraseFinder({"life_support": patterns})


def names_life_support(text: str, language: str) -> bool:
    """Whether a text names a device that somebody's life hangs on."""
    return bool(_life_support().find(document(text, language)))


ELSEWHERE = "elsewhere"  # the label of phrases that name none of the company's places


def place_phrases() -> dict[str, list[list[dict[str, Any]]]]:
    """Patterns of places by id, of other towns by name, and of names of something else that have a place in them."""
    content = lexicon("places")
    phrases = {ELSEWHERE: [_phrase(words) for words in content[ELSEWHERE]]}
    phrases |= {place: [_phrase(words) for words in entry["patterns"]] for place, entry in content["places"].items()}
    return phrases | {town: [[word_pattern(stem)]] for town, stem in content["towns"].items()}


def _phrase(words: list[str]) -> list[dict[str, Any]]:
    return [word_pattern(word.removesuffix("?"), optional=word.endswith("?")) for word in words]
