"""Speaker prefixes of lines: `Aģents: Labdien`, `[SPEAKER_01]: Hello`, `+371 26 123 456: …`.

A colon follows many words ("Līguma numurs: …"), so a prefix is taken for a speaker by its form, or by the rest of the
file. Any other prefix stays in the text; a speaker's name never gets into the database.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bot.calls.role_names import role_of_name
from bot.privacy.everyday import is_everyday
from bot.words.lexicon import lexicon
from bot.words.text import fold, fold_word

_LONGEST, _MOST_WORDS = 60, 6  # of a name
_PREFIX = re.compile(
    rf"\s*(?:>>+\s*)?(?:\[(?P<label>[^\[\]:\n]{{1,{_LONGEST}}})\]|(?P<name>(?:(?:sips?|tel):)?[^\s\[\]:<>?!][^\[\]:?!\n]{{0,{_LONGEST}}}))"
    r"\s*:(?:\s+|$|(?=[^\W\d]))",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NAME_WORD = re.compile(r"[^\W_]")
_PHONE = re.compile(r"\+?\d[\d ()/.-]{5,24}\d")
_ADDRESS = re.compile(r"(?:(?:sips?|tel):)?[\w.+-]+(?:@[\w.-]+)?", re.IGNORECASE)  # needs a scheme or an "@"
_BRACKETS = re.compile(r"\s*[(\[].*$")
# Small words within names: de la Cruz, von der Leyen.
_PARTICLES = frozenset(["al", "bin", "da", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ten"])
_PARTICLES |= {"ter", "un", "van", "von", "y"}
_AGAIN = 2  # occurrences from which any other prefix is a speaker


class Speakers:
    """The speakers of a file, found by the prefixes before colons in all of its lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        prefixes = [name for line in lines if (name := _prefix(line))]
        counts = Counter(map(_key, prefixes))
        certain = {_key(name) for name in prefixes if _is_name(name)}
        self._names = certain | {key for key, count in counts.items() if count >= _AGAIN and _may_be_name(key)}
        # Where other prefixes are speakers, one that occurs once may be one as well: "ilze: …", "o'brien, mary: …".
        if self._names:
            self._names |= {key for key in counts if _may_be_name(key) and (len(key.split()) == 1 or _is_unusual(key))}

    def split(self, line: str) -> tuple[str, str] | None:
        """(speaker, text) of a line that names its speaker; None for any other line."""
        found = _PREFIX.match(line)
        name = _name(found) if found else None
        if found is None or name is None or (found["label"] is None and _key(name) not in self._names):
            return None
        return name, line[found.end() :]

    def parts(self, lines: Iterable[str]) -> Iterator[tuple[str | None, str]]:
        """(speaker, text) for each speaker within one cue; the first part may have no speaker."""
        speaker, texts = None, list[str]()
        for line in lines:
            if named := self.split(line):
                if texts:
                    yield speaker, " ".join(texts)
                speaker, texts = named[0], [named[1]]
            else:
                texts.append(line)
        if texts:
            yield speaker, " ".join(texts)


def _prefix(line: str) -> str | None:
    found = _PREFIX.match(line)
    return _name(found) if found else None


def _name(found: re.Match[str]) -> str | None:
    return (found["label"] or found["name"]).strip() or None


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _is_name(name: str) -> bool:
    """Whether a prefix has the form of a name: a role, a phone number, a label, or words with capitals or digits."""
    if role_of_name(name) or _PHONE.fullmatch(_BRACKETS.sub("", name)) or _numbered().fullmatch(name.casefold()):
        return True
    if _ADDRESS.fullmatch(name) and ("@" in name or ":" in name):
        return True
    words = _BRACKETS.sub("", name).split()
    if not words or not _may_be_name(name):
        return False
    return _begins_a_name(words[0]) and all(
        _begins_a_name(word) or word in _PARTICLES or fold(word) in _titles() for word in words
    )


def _is_unusual(key: str) -> bool:
    """Whether all words of a prefix are outside the common vocabulary."""
    return all(word in _PARTICLES or not is_everyday(word) for word in _WORDS.findall(key)) and not any(
        map(str.isdigit, key)
    )


@lru_cache(maxsize=1)
def _titles() -> frozenset[str]:
    titles = lexicon("call_names")
    return frozenset(map(fold, (*titles["titles_after"], *titles["titles_before"])))


def _begins_a_name(word: str) -> bool:
    return _NAME_WORD.match(word) is not None and (word[0].isupper() or word[0].isdecimal())


def _may_be_name(name: str) -> bool:
    """Whether a prefix is no longer than a name, and does not announce a number after it: "kods: 123456"."""
    words = fold(name).split()
    return 0 < len(words) <= _MOST_WORDS and not any(_announces().fullmatch(word) for word in words)


@lru_cache(maxsize=1)
def _numbered() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in lexicon("calls")["numbered"])
    return re.compile(rf"(?:{words})[ _-]{{0,2}}\d{{1,3}}")


@lru_cache(maxsize=1)
def _announces() -> re.Pattern[str]:
    """Words that announce a number (bot/privacy); without them, redaction would not find the number."""
    words = lexicon("privacy")
    phrases = [phrase for label in ("contract", "numbered", "code") for phrase in words[label]]
    return re.compile("|".join(f"(?:{fold_word(word)})" for phrase in phrases for word in phrase))
