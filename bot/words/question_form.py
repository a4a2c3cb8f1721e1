"""How a message asks: openly ("until when?"), for a yes or a no ("until May, right?"), or not at all ("I cannot pay").

The same fact answers all three, but the first words differ: "Yes, …" answers no "when?".
"""

import re
from enum import StrEnum
from functools import lru_cache

from bot.words.lexicon import lexicon
from bot.words.text import plain_words, without_diacritics

FRAGMENT = 2  # words; so short a message without a nod-seeking word only names its subject ("Jurmala?", "late bill")
BEGINNING = 3  # words
_WORD = re.compile(r"\w+(?:['’]\w+)*|[?!.,;:–—-]")
_SENTENCE = re.compile(r"(?<=[.!?])(?<!\d\.)\s+")  # "on 4. maijā" is one sentence


class QuestionForm(StrEnum):
    """What kind of answer a message wants."""

    OPEN = "open"  # it has a question word: neither yes nor no answers it
    NAMED = "named"  # it only names a subject ("Jūrmala?"), or two states to choose from ("open or closed?")
    WHETHER = "whether"  # a yes or a no
    STATED = "stated"  # it tells or demands something


def question_form(text: str, language: str) -> QuestionForm:
    """The form of a message; of several sentences, that of its last question."""
    asking = [part for part in _SENTENCE.split(text) if part.rstrip().endswith("?")]
    last = asking[-1] if asking else text
    if _names_alternatives(last):
        return QuestionForm.NAMED
    if _is_open(last, language) or _supposes(last):
        return QuestionForm.OPEN
    if _only_names(last):
        return QuestionForm.NAMED
    seeks = asking or _begins_whether(last, language) or _seeks_nod(last)
    return QuestionForm.WHETHER if seeks else QuestionForm.STATED


def _begins_whether(text: str, language: str) -> bool:
    """Whether a text begins like a question for a yes or a no: "so is it …", not "my power was …"."""
    words = plain_words(text).split()[:BEGINNING]
    leads = lexicon("questions")["open"][language]["leads_in"]
    place = next((place for place, word in enumerate(words) if word in _words("whether")), None)
    return place is not None and all(word in leads for word in words[:place])


def asks_whether_possible(text: str) -> bool:
    """Whether a message asks if something is possible, and does not yet ask for it to be done."""
    return re.search(lexicon("questions")["possible"], plain_words(text)) is not None


def asks_for_it(text: str) -> bool:
    """Whether a message asks for something to be done: "I want to pay in instalments"."""
    return re.search(lexicon("questions")["wish"], plain_words(text)) is not None


def is_negated(text: str) -> bool:
    """Whether a question is put in the negative ("you will not cut me off?"), without asking whether that is true."""
    words = lexicon("questions")["negated"]
    plain = plain_words(text)
    return re.search(words["yes"], plain) is not None and re.search(words["unless"], plain) is None


def _is_open(text: str, language: str) -> bool:
    found = _WORD.findall(text)
    plain = [plain_words(word).replace(" ", "") or word for word in found]
    accented = text != without_diacritics(text)
    return any(_asks_openly(found, plain, place, language, accented) for place in range(len(plain)))


def _names_alternatives(text: str) -> bool:
    said = plain_words(text)
    known = lexicon("questions")
    return any(both in said for both in known["alternatives"]) or re.search(known["either"], said) is not None


def _supposes(text: str) -> bool:
    """Whether a text is only a case that may happen ("and if they extend?"): what then, it asks."""
    return re.fullmatch(lexicon("questions")["supposing"], text.strip(), re.IGNORECASE) is not None


def _only_names(text: str) -> bool:
    spoken = plain_words(text).split()
    return len(spoken) <= FRAGMENT and not _seeks_nod(text) and not _words("whether").intersection(spoken)


def _seeks_nod(text: str) -> bool:
    said = f" {plain_words(text)} "
    return any(f" {words} " in said for words in _words("nods"))


def _asks_openly(found: list[str], plain: list[str], place: int, language: str, accented: bool) -> bool:
    word, before = plain[place], plain[place - 1] if place else ""
    after = plain[place + 1] if place + 1 < len(plain) else ""
    known = lexicon("questions")["open"][language]
    if (word, after) in _pairs(language):
        return False
    if word in known["always"]:
        return True
    # Without diacritics, "kā" (how) looks like "ka" (that), which never begins a question.
    if word == known["ambiguous"] and (place > 0 or accented) and found[place].lower() == word:
        return False
    begins = place == 0 or not before[:1].isalnum() or before in known["leads_in"]
    if word in known["first"] and begins:
        return True
    # "When will it open?", not "when it opens, will you …?".
    leads = before in known["leads_in"] and before not in known["joins"]
    return word in known["before_verb"] and (leads or after in known["verbs"] or after in ("", "?"))


@lru_cache(maxsize=4)
def _pairs(language: str) -> frozenset[tuple[str, str]]:
    """Two words that together are no question word: "what if", "kaut kas"."""
    return frozenset(tuple(pair.split()) for pair in lexicon("questions")["open"][language]["not"])  # type: ignore[misc]


@lru_cache(maxsize=4)
def _words(kind: str) -> frozenset[str]:
    return frozenset(plain_words(word) for words in lexicon("questions")[kind].values() for word in words)
