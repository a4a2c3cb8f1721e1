"""Labels for the content of the next or the previous message (data/lexicon/split.yml)."""

import re
from functools import lru_cache

from bot.words.lexicon import lexicon
from bot.words.text import fold

_LONGEST = 300  # characters at the end of a message that are searched
_SHORT_REMARK = 9  # words of a message that labels the one before
_CODE = frozenset(["kods", "kodu", "code"])  # of anything, perhaps an error
_LONGEST_ECHO = 5  # words of a question that is only repeated: "dzimšanas diena?"
_POINTING = "(?:tas|ta|tie|tads|sis|si|it s|its|that s|thats|this is|that is|was)"  # folded; refers back
# Where in folded text a kind's phrases, {}, may occur.
_FROM_HERE = {
    "announced": "(?:^| ){}$",
    "echoed": "^(?:(?:un|and|mans|mana|my|the|ah|a) )?{}$",
    "asked": "(?:^| ){}(?: |$)",
    "said_before": f"(?:^|(?:^|.* ){_POINTING} (?:ir |bija )?){{}}(?: |$)|(?:^| ){{}}$",
}


def announced(text: str) -> str | None:
    """The kind of data that the end of a message announces: "mans personas kods ir", "the name on the bill is"."""
    if text.rstrip().endswith(("]", "?")):  # redacted data, or a question
        return None
    said = fold(text[-_LONGEST:])
    bare = _without_rest(said)
    return _kind("announced", bare) or _kind("announced", said) or _kind("announced", re.sub(" (?:is|ir)$", "", bare))


def echoed(text: str) -> str | None:
    """The kind of data in a question that the customer repeats before answering: "dzimšanas diena?", "pin1?"."""
    said = fold(text[-_LONGEST:])
    if not text.rstrip().endswith("?") or said in _CODE or len(said.split()) > _LONGEST_ECHO:
        return None
    kind = _kind("echoed", _without_rest(said))
    return "place" if kind == "address" else kind


def _without_rest(said: str) -> str:
    """The text without words after a label that do not change what it announces."""
    trailing, of_what = (_alternatives(label) for label in ("trailing", "of_what"))
    said = re.sub(rf"(?: (?:{trailing}))+$", "", said)
    return re.sub(rf" (?:{of_what})(?: \w+){{1,3}}(?= (?:is|ir)$)", "", said)


def asked(text: str) -> str | None:
    """The kind of data that a question asks for: "Kā Jūs sauc?"."""
    return _kind("asked", fold(text[-_LONGEST:]))


def said_before(text: str) -> str | None:
    """The kind of data that a short message says the one before was: "tas ir mans tālrunis"."""
    said = fold(text[:_LONGEST])
    short = len(said.split()) <= _SHORT_REMARK and not text.rstrip().endswith("?")
    return _kind("said_before", said) if short else None


def label_of(kind: str) -> str:
    """A label that comes before such data within one message."""
    return str(lexicon("split")["before_it"][kind])


def word_in(label: str) -> re.Pattern[str]:
    """A pattern over folded text for the words and phrases of a lexicon list."""
    return _words(label)


@lru_cache(maxsize=32)
def _words(label: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_alternatives(label)})\b")


@lru_cache(maxsize=32)
def _alternatives(label: str) -> str:
    return "|".join(map(_phrase, lexicon("split")[label]))


def _kind(label: str, said: str) -> str | None:
    """The kind whose matching phrase is the longest, so that "konta numurs" is not taken for "numurs"."""
    found = [(match.end() - match.start(), kind) for kind, one in _patterns(label) if (match := one.search(said))]
    return max(found, key=lambda each: each[0])[1] if found else None


@lru_cache(maxsize=8)
def _patterns(label: str) -> list[tuple[str, re.Pattern[str]]]:
    kinds = lexicon("split")["announced" if label == "echoed" else label].items()
    return [
        (kind, re.compile(_FROM_HERE[label].replace("{}", f"(?:{'|'.join(map(_phrase, phrases))})")))
        for kind, phrases in kinds
    ]


def _phrase(phrase: str) -> str:
    return " ".join(fold(word) + (r"\w*" if word.endswith("*") else "") for word in phrase.split())
