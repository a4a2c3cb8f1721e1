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
    sentences = _SENTENCE.split(text)
    asking = [part for part in sentences if part.rstrip().endswith("?")]
    # Many write no question mark: "im shocked how fast you answer. so is the centre open".
    unmarked = sentences[-1] if _begins_whether(sentences[-1], language) else text
    last = asking[-1] if asking else unmarked
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


def state_named(text: str) -> str | None:
    """The state of a place that a text names, as the aspect that answers it; None for none or several."""
    said = plain_words(text)
    named = [aspect for aspect, words in lexicon("questions")["states"].items() if re.search(words, said)]
    return str(named[0]) if len(named) == 1 else None


def _is_open(text: str, language: str) -> bool:
    found = _WORD.findall(text)
    plain = [plain_words(word).replace(" ", "") or word for word in found]
    accented = text != without_diacritics(text)
    begun = _begins_whether(text, language)
    return any(_asks_openly(found, plain, place, language, accented, begun) for place in range(len(plain)))


def _names_alternatives(text: str) -> bool:
    said = plain_words(text)
    known = lexicon("questions")
    return any(both in said for both in known["alternatives"]) or re.search(known["either"], said) is not None


def _supposes(text: str) -> bool:
    """Whether a text is only a case that may happen ("and if they extend?"): what then, it asks."""
    known = lexicon("questions")
    supposing = re.fullmatch(known["supposing"], text.strip(), re.IGNORECASE)
    return supposing is not None and re.search(known["likewise"], plain_words(text)) is None


def _only_names(text: str) -> bool:
    spoken = plain_words(text).split()
    asks = _words("whether") | _words("alone")
    return len(spoken) <= FRAGMENT and not _seeks_nod(text) and not asks.intersection(spoken)


def _seeks_nod(text: str) -> bool:
    said = f" {plain_words(text)} "
    return any(f" {words} " in said for words in _words("nods"))


def _asks_openly(found: list[str], plain: list[str], place: int, language: str, accented: bool, begun: bool) -> bool:
    """Whether the word at a place makes the question open; `begun` says that it begins as one for a yes or a no."""
    word, before = plain[place], plain[place - 1] if place else ""
    after = plain[place + 1] if place + 1 < len(plain) else ""
    known = lexicon("questions")["open"][language]
    if {(word, after), (before, word)} & _pairs("not", language):
        return False
    if (word, after) in _pairs("pairs", language):
        return True
    if word in known["always"]:
        # "Vai atslēgs māju, kurā …" is no open question, "Vai zināt, kurā …" is.
        told = place > 1 and plain[place - 2] in known["leads_in"]
        return not (begun and before == "," and not told)
    # Without diacritics, "kā" (how) looks like "ka" (that), which never begins a question.
    if word == known["ambiguous"] and (place > 0 or accented) and found[place].lower() == word:
        return False
    begins = place == 0 or not before[:1].isalnum() or before in known["leads_in"]
    if word in known["first"] and begins:
        return True
    # "When will it open?", not "when it opens, will you …?".
    leads = before in known["leads_in"] and before not in known["joins"]
    follows = not begun and (after in known["verbs"] or after in ("", "?"))
    return word in known["before_verb"] and (leads or follows)


@lru_cache(maxsize=8)
def _pairs(kind: str, language: str) -> frozenset[tuple[str, str]]:
    """Two words that together are no question word ("not": "what if", "kaut kas") or one ("pairs": "kā lai")."""
    return frozenset(tuple(pair.split()) for pair in lexicon("questions")["open"][language][kind])  # type: ignore[misc]


@lru_cache(maxsize=4)
def _words(kind: str) -> frozenset[str]:
    return frozenset(plain_words(word) for words in lexicon("questions")[kind].values() for word in words)
