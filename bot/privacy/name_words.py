"""Which words are names, by `data/lexicon/names.yml`, `privacy.yml` and the languages' stop words.

All words are folded (`bot.words.text.fold_word`) unless a docstring says otherwise.
"""

import re
from functools import cache, lru_cache
from typing import Any

from spacy.lang.en.stop_words import STOP_WORDS as ENGLISH
from spacy.lang.lv.stop_words import STOP_WORDS as LATVIAN

from bot.privacy.everyday import is_everyday
from bot.words.lexicon import lexicon
from bot.words.text import fold_word

LOCATIVE = ("ā", "ē", "ī", "ū", "ās", "ēs", "īs")  # no Latvian speaker's own name has these endings
_WORD = re.compile(r"[^\W\d_]+")
# The other case endings of a Latvian name, by its ending; folded, since its stem may change too (Jānis, Jāņa).
_ENDINGS = {
    "is": ("a", "im", "i"),
    "us": ("um", "u"),
    "s": ("a", "am", "u"),
    "a": ("as", "ai", "u"),
    "e": ("es", "ei", "i"),
}


def words() -> dict[str, Any]:
    """The lexicon of names."""
    return lexicon("names")


@cache
def ordinary() -> frozenset[str]:
    """Words that follow a name and do not belong to it."""
    listed = [word for some in lexicon("privacy")["ordinary"].values() for word in some]
    return frozenset(fold_word(word) for word in [*ENGLISH, *LATVIAN, *listed])


def is_ordinary(text: str) -> bool:
    """Whether the first word of a text, not folded, is one of `ordinary`."""
    first = _WORD.search(text)
    return first is not None and fold_word(first.group()) in ordinary()


@cache
def _listed() -> frozenset[str]:
    return frozenset(fold_word(name) for names in words()["given"].values() for name in names.split())


@cache
def _given() -> frozenset[str]:
    found = set()
    for name in _listed():
        found.add(name)
        ending = next((ending for ending in _ENDINGS if name.endswith(ending)), None)
        if ending:
            found.update(name.removesuffix(ending) + other for other in _ENDINGS[ending])
    return frozenset(found)


@cache
def _also_words() -> frozenset[str]:
    return frozenset(fold_word(name) for name in words()["also_words"].split())


def is_given_name(word: str) -> bool:
    """Whether a word is a given name, in any Latvian case."""
    return word in _given()


def is_nothing_but_a_name(word: str) -> bool:
    """Whether a word is a given name and not also another word."""
    return word in _given() and not (word in _also_words() or word in ordinary() or word in _forms_of_words())


@cache
def _forms_of_words() -> frozenset[str]:
    return frozenset(fold_word(word) for word in words()["forms_of_words"].split())


def is_name_if_asked(word: str) -> bool:
    """Whether a capitalised word is a given name in a request for a person: "please ring Mark"."""
    return word in _given() and word not in ordinary() and word not in _forms_of_words()


def is_surname(word: str) -> bool:
    """Whether a word has an ending that surnames have and hardly any other word."""
    return expression("surnames").fullmatch(word) is not None and not (
        word in ordinary() or is_no_name(word) or is_state(word) or is_everyday(word)
    )


def may_be_surname(word: str) -> bool:
    """Whether a word may be a surname after a given name: it is not everyday vocabulary."""
    return len(word) > 3 and not (word in ordinary() or is_no_name(word) or is_state(word) or is_everyday(word))


def is_called(word: str) -> bool:
    """Whether a word is a name in the nominative, as people give their own."""
    return word in _listed() and is_nothing_but_a_name(word)


@cache
def _states() -> tuple[frozenset[str], re.Pattern[str]]:
    listed = frozenset(fold_word(word) for some in words()["states"].values() for word in some.split())
    endings = "|".join(words()["state_endings"].values())
    return listed, re.compile(rf"\w{{2,}}(?:{endings})")


def is_state(word: str) -> bool:
    """Whether a word describes somebody rather than names them ("furious", "latvietis")."""
    listed, endings = _states()
    return word in listed or (word not in _given() and endings.fullmatch(word) is not None)


@cache
def _no_name() -> re.Pattern[str]:
    """Capitalised words that are no names: the company, places, languages; months can be names (Maija, April)."""
    places, languages = lexicon("places"), lexicon("words")["languages"].values()
    alone = [phrase[0] for place in places["places"].values() for phrase in place["patterns"] if len(phrase) == 1]
    expressions = [*lexicon("privacy")["no_names"], *alone, *places["towns"].values(), *languages]
    return re.compile("|".join(f"(?:{fold_word(expression)})" for expression in expressions))


@lru_cache(maxsize=5_000)
def is_no_name(word: str) -> bool:
    """Whether a word is the company's name, a place's or a language's."""
    return _no_name().fullmatch(word) is not None


def is_elsewhere(word: str, folded: str) -> bool:
    """Whether a word, in lower case and folded, says where or what somebody is: "esmu Vācijā", "I am Latvian"."""
    return word.endswith(LOCATIVE) or is_no_name(folded)


@cache
def expression(*keys: str) -> re.Pattern[str]:
    """The regular expression under these keys of the lexicon of names."""
    found: Any = words()
    for key in keys:
        found = found[key]
    return re.compile(fold_word(found))
