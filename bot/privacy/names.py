"""Names that customers give themselves: after "mani sauc", "my name is", "es esmu", and under a letter."""

import re
from collections.abc import Iterator
from functools import lru_cache

from spacy.lang.en.stop_words import STOP_WORDS as ENGLISH
from spacy.lang.lv.stop_words import STOP_WORDS as LATVIAN
from spacy.tokens import Token

from bot.nlu.lexicon import PhraseFinder, lexicon
from bot.nlu.text import fold_word
from bot.privacy.plain import Finding
from bot.privacy.words import Words, patterns

CERTAIN, LIKELY, CLOSING = "name_certain", "name_likely", "closing"
_LONGEST, _LONGEST_IN_SMALL_LETTERS = 3, 2  # words
_BEFORE = {
    CERTAIN: re.compile(r"\s{0,2}[:(\"'„“”-]?\s{0,2}"),
    LIKELY: re.compile(r"[ ]{0,2}[:(\"'„“”-]?[ ]{0,2}"),
    CLOSING: re.compile(r"[\s,!:-]{1,6}"),
}
_HYPHEN = re.compile("[-'’]")  # what it joins counts as one word
_BETWEEN = re.compile(r" {1,2}|[-'’]")
_LOCATIVE = ("ā", "ē", "ī", "ū", "ās", "ēs", "īs")  # no name of somebody speaking ends so in Latvian
_AFTER_INITIAL = re.compile(r"\. ?")


@lru_cache(maxsize=1)
def _finder() -> PhraseFinder:
    return PhraseFinder({label: patterns(label) for label in (CERTAIN, LIKELY, CLOSING)})


@lru_cache(maxsize=1)
def _ordinary() -> set[str]:
    """Words that follow a name rather than belong to it."""
    listed = [word for words in lexicon("privacy")["ordinary"].values() for word in words]
    return {fold_word(word) for word in [*ENGLISH, *LATVIAN, *listed]}


@lru_cache(maxsize=1)
def _titles() -> set[str]:
    return set(lexicon("privacy")["titles"])


@lru_cache(maxsize=1)
def _no_name() -> re.Pattern[str]:
    """Words in capitals that are no names: the company, places, languages; but months are names too (Maija, April)."""
    places, languages = lexicon("places"), lexicon("words")["languages"].values()
    alone = [phrase[0] for place in places["places"].values() for phrase in place["patterns"] if len(phrase) == 1]
    expressions = [*lexicon("privacy")["no_names"], *alone, *places["towns"].values(), *languages]
    return re.compile("|".join(f"(?:{fold_word(expression)})" for expression in expressions))


def names(words: Words) -> Iterator[Finding]:
    """One to three words in capitals after such a phrase; after an unmistakable one also up to two in small letters."""
    place = 0
    for label, first, after in words.phrases(_finder()):
        end = _end(words, label, first, after)
        if end > after and first >= place:
            yield Finding("name", words.start(after), words.end(end - 1))
            place = end


def _end(words: Words, label: str, first: int, after: int) -> int:
    """The token after the name; the phrase's own end where none follows."""
    shouted = words.text[words.start(first) : words.end(after - 1)].isupper()
    token, number = after, 1  # number: which word of the name this is
    while token < len(words.doc) and number <= _LONGEST and _joined(words, label, after, token):
        norm = words.doc[token].norm_
        capital = words.doc[token].text[0].isupper() and not (shouted and words.doc[token].is_upper)
        small = label == CERTAIN and number <= _LONGEST_IN_SMALL_LETTERS and len(norm) > 1
        ordinary = norm in _ordinary() and not (capital and label == CERTAIN and token == after)  # "Will" is a name
        if words.is_masked(token, token + 1) or not norm.isalpha() or not (capital or small):
            break
        if ordinary or (label == LIKELY and _is_elsewhere(words.doc[token])):
            break
        token += 1
        number += token == len(words.doc) or _HYPHEN.fullmatch(words.between(token)) is None
    return token


def _is_elsewhere(token: Token) -> bool:
    """Whether a word says where or what somebody is rather than who: "esmu Vācijā", "I am Latvian"."""
    return token.lower_.endswith(_LOCATIVE) or _no_name().fullmatch(token.norm_) is not None


def _joined(words: Words, label: str, after: int, token: int) -> bool:
    between = words.between(token)
    if token == after:
        return _BEFORE[label].fullmatch(between) is not None
    initial = len(words.doc[token - 1]) == 1 or words.doc[token - 1].norm_ in _titles()
    return bool(_BETWEEN.fullmatch(between) or (initial and _AFTER_INITIAL.fullmatch(between)))
