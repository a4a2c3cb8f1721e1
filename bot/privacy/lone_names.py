"""Names alone in a message, or at its start, where the message before suggests that a name may come."""

import re

from bot.privacy.everyday import is_everyday
from bot.privacy.name_forms import is_form_of, is_given_name
from bot.privacy.normalised_text import Finding
from bot.privacy.split_labels import said_before, word_in
from bot.words.text import fold

# The dot of an initial does not end a clause.
_CLAUSE = re.compile(r"(?:[^,.;:!?\n()]|(?<=\b[^\W\d_])\.(?= ?[^\W\d_]))+")
_INITIAL = re.compile(r"[^\W\d_]\.")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_MOST = 3  # words of a name
_LONGEST_ANSWER = 5  # words of a lower-case clause that contains a name
_SHORTER = 2  # letters of "oh", "nē"; a name that is not listed is longer
_TWO, _SURNAME = 2, 4  # words of a message that starts with a surname; letters of the surname
_SHORT = 5  # words of a message that mentions somebody


def names_of(text: str, *, sure: bool) -> list[Finding]:
    """The name in the first clause of a text; a lower-case name must be a word outside the everyday vocabulary.

    Args:
        sure: whether the name was asked for, so that a longer clause may contain one.
    """
    clause = _CLAUSE.search(text)
    if clause is None or "[" in clause.group():
        return []
    words = list(_WORD.finditer(text, *clause.span()))
    first = next((n for n, word in enumerate(words) if _may_be_name(word.group(), n)), None)
    while first and _INITIAL.match(text, words[first - 1].start()) and words[first - 1].group().isupper():
        first -= 1
    if first is None or (first > 0 and not sure and not _is_lead(words[:first])):
        return []
    last = first
    while last + 1 < len(words) and last - first < _MOST - 1 and _may_be_name(words[last + 1].group(), last + 1):
        last += 1
    written = words[first].group()[0].isupper() or is_given_name(words[first].group())
    if len(words) > (_LONGEST_ANSWER if sure else last - first + 1 + first) and not (written and sure):
        return []
    return [Finding("name", words[first].start(), words[last].end())]


def surname_at_start(text: str) -> list[Finding]:
    """An unknown word before everyday ones, at the start of a message: "Krūmkalns un ko tagad"."""
    clause = _CLAUSE.search(text)
    words = list(_WORD.finditer(text, *clause.span())) if clause else []
    if len(words) < _TWO or "[" in text or len(words[0].group()) < _SURNAME or is_everyday(words[0].group()):
        return []
    return [Finding("name", *words[0].span())] if all(is_everyday(word.group()) for word in words[1:_MOST]) else []


def first_name(text: str) -> Finding | None:
    """The given name that is the whole message."""
    words = _WORD.findall(text)
    if (
        len(words) != 1
        or re.fullmatch(r"\W*[^\W\d_]+(?:[-'’][^\W\d_]+)*\W*", text) is None
        or not is_given_name(words[0])
    ):
        return None
    start = text.index(words[0])
    return Finding("name", start, start + len(words[0]))


def names_beside_remark(text: str) -> list[Finding]:
    """Names in a message that says which name it is: "Puķukalne, tas ir uzvārds"."""
    clause = _CLAUSE.search(text)
    whole = clause is not None and clause.end() < len(text) and said_before(clause.group()) is None
    beginning = names_of(text, sure=False) if whole else []
    given = [
        Finding("name", *word.span())
        for word in _WORD.finditer(text)
        if word.group()[0].isupper() and is_given_name(word.group())
    ]
    return beginning + [each for each in given if not beginning or each.start >= beginning[0].end]


def forms_in(text: str, names: list[str]) -> list[Finding]:
    """Where names, or other forms of them, occur in another message."""
    words = [word for name in names for word in _WORD.findall(name)]
    return [
        Finding("name", *each.span())
        for each in _WORD.finditer(text)
        if not is_everyday(each.group()) and any(is_form_of(each.group(), word) for word in words)
    ]


def speaks_of_somebody(text: str) -> bool:
    """Whether a short message mentions a relative, as in "līgums ir uz vīru"."""
    said = fold(text)
    return len(said.split()) <= _SHORT and word_in("somebody").search(said) is not None


def _may_be_name(word: str, place: int) -> bool:
    if is_given_name(word, also_words=word[0].isupper()):
        return True
    return len(word) > _SHORTER and not is_everyday(word)


def _is_lead(words: list[re.Match[str]]) -> bool:
    """Whether the words before a name are only a lead-in such as "jā, es esmu", "un vārds"."""
    return len(words) <= 2 and all(word.group()[0].islower() for word in words)
