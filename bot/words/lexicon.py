"""The lexicon of entities (`data/lexicon/*.yml`), and spaCy documents whose words are folded for matching."""

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

from bot.data_files import read_yaml
from bot.settings import LANGUAGES, PROJECT
from bot.words.text import LONGEST_WORD, fold_word

LEXICON = PROJECT / "data" / "lexicon"
WORDS, MATCHERS = 5_000, 200  # cache sizes of a finder
# spaCy's vocabulary keeps every word that it has ever seen (150 KB for a message of random letters); at this size the
# pipeline is rebuilt.
MOST_KNOWN = 50_000
# spaCy's tokenizer strips punctuation from a word's ends one by one, and scans the rest each time (quadratic).
_SIGNS = re.compile(r"[^\w\s]{8,}")


@lru_cache(maxsize=8)
def lexicon(name: str, folder: Path = LEXICON) -> dict[str, Any]:
    """One lexicon file, read once.

    Raises:
        DataFileError: it cannot be read.
    """
    content: dict[str, Any] = read_yaml(folder / f"{name}.yml")
    return content


class _Pipelines:
    """spaCy's pipeline for each language, rebuilt when its vocabulary has grown too large."""

    def __init__(self) -> None:
        self._made: dict[str, Language] = {}

    def of(self, language: str) -> Language:
        nlp = self._made.get(language)
        if nlp is None or len(nlp.vocab) > MOST_KNOWN:
            nlp = self._made[language] = _pipeline(language)
        return nlp


_pipelines = _Pipelines()


def _pipeline(language: str) -> Language:
    nlp = spacy.blank(language)
    # "25.martā", written without a space, is a day and a month, not a URL.
    nlp.tokenizer.url_match = None
    infixes = [*(nlp.Defaults.infixes or ()), r"(?<=\d)\.(?=[^\W\d_])"]
    nlp.tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    return nlp


def document(text: str, language: str) -> Doc:
    """The text as spaCy tokens, split by the language's tokenizer, each with its folded form as `norm_`."""
    storable = text.encode("utf-8", errors="replace").decode("utf-8")  # spaCy cannot take lone surrogates
    spaced = _SIGNS.sub(lambda signs: " " * len(signs.group()), storable)
    doc = _pipelines.of(language if language in LANGUAGES else LANGUAGES[0])(spaced)
    for token in doc:
        token.norm_ = fold_word(token.text)
    return doc


def is_follow_up(text: str, language: str) -> bool:
    """Whether a text has no topic of its own, only stop words and words like "until", "long", "date"."""
    words = [token for token in document(text, language) if not token.is_punct and not token.is_space]
    return 0 < len(words) <= 8 and all(token.norm_ in _without_subject() for token in words)


@lru_cache(maxsize=1)
def _without_subject() -> frozenset[str]:
    """Folded words that name no topic: stop words, and words such as "until", "long", "date"."""
    follow_up = [word for words in lexicon("words")["follow_up"].values() for word in words]
    stop = [word for code in LANGUAGES for word in _pipelines.of(code).Defaults.stop_words]
    return frozenset(map(fold_word, (*follow_up, *stop)))


def word_pattern(expression: str, *, optional: bool = False) -> dict[str, Any]:
    """A token pattern for a folded word; the expression is folded too, so that `march` matches the folded `marc`."""
    pattern: dict[str, Any] = {"NORM": {"REGEX": f"^(?:{fold_word(expression)})$"}}
    if optional:
        pattern["OP"] = "?"
    return pattern


def yes_or_no(text: str, language: str) -> bool | None:
    """Whether a text starts with a yes (True) or a no (False); None where it starts with neither."""
    first = next((token.norm_ for token in document(text, language) if token.is_alpha), "")
    words = lexicon("words")
    for answer in (True, False):
        if first in {fold_word(word) for word in words["yes" if answer else "no"]}:
            return answer
    return None


def _needed_word(pattern: list[dict[str, Any]]) -> str | None:
    """The expression of a folded word that every match of this pattern contains; None where there is no such word."""
    needed = [token["NORM"] for token in pattern if "NORM" in token and token.get("OP", "1") in {"1", "+"}]
    return next((norm["REGEX"] for norm in needed if isinstance(norm, dict) and "REGEX" in norm), None)


class PhraseFinder:
    """Finds labelled phrases in documents; where phrases overlap, the longest wins."""

    def __init__(self, phrases: dict[str, list[list[dict[str, Any]]]]) -> None:
        self._phrases = [(label, pattern) for label, patterns in phrases.items() for pattern in patterns]
        words = [_needed_word(pattern) for _, pattern in self._phrases]
        self._anywhere = [place for place, word in enumerate(words) if word is None]
        self._needing = [(place, re.compile(word)) for place, word in enumerate(words) if word is not None]
        # spaCy's matcher tries every pattern at every token, so it gets only those whose needed word is in the text.
        self._left_by = lru_cache(maxsize=WORDS)(self._left_by_word)
        self._matcher = lru_cache(maxsize=MATCHERS)(self._matcher_of)
        self._vocabularies: dict[str, Vocab] = {}

    def find(self, doc: Doc) -> list[tuple[str, int, int]]:
        """(label, start, end) of each phrase, as character offsets, in the text's order."""
        words = {token.norm_ for token in doc if len(token) <= LONGEST_WORD}
        left = frozenset(self._anywhere).union(*map(self._left_by, words))
        if not left:
            return []
        if self._vocabularies.get(doc.lang_) is not doc.vocab:
            self._vocabularies[doc.lang_] = doc.vocab
            self._matcher.cache_clear()  # a matcher keeps the old pipeline's vocabulary alive
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


ELSEWHERE = "elsewhere"  # the label of phrases that name none of the company's places


def place_phrases() -> dict[str, list[list[dict[str, Any]]]]:
    """Patterns of places by id, of other towns by name, and of other names that contain the name of a place."""
    content = lexicon("places")
    phrases = {ELSEWHERE: [_phrase(words) for words in content[ELSEWHERE]]}
    phrases |= {place: [_phrase(words) for words in entry["patterns"]] for place, entry in content["places"].items()}
    return phrases | {town: [[word_pattern(stem)]] for town, stem in content["towns"].items()}


def _phrase(words: list[str]) -> list[dict[str, Any]]:
    return [word_pattern(word.removesuffix("?"), optional=word.endswith("?")) for word in words]
