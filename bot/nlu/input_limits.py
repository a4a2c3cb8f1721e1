"""How much of a message is classified: unreadable text costs little CPU, the end of a long one gets a closer look."""

import re
from itertools import takewhile

from bot.message_limits import MESSAGE_LIMIT
from bot.nlu.language_identifier import script_language
from bot.parse_result import OTHER, InputProblem
from bot.words.text import clean, is_words, letters

SHORT = 64  # characters; a shorter text is always classified
LONG = 200  # characters; longer than a question, or a request for another language
CLOSING, FEW = 200, 8  # characters and words at the end of a long message that are classified separately
_SENTENCE_END = re.compile(r"[.!?…;\n]+\s*(?=\S)")


def input_problem(text: str, limit: int) -> InputProblem | None:
    """Why a text cannot be read; None where it can be.

    Cheap, so that it runs before anything expensive.
    """
    readable = clean(text)
    if not readable:
        return InputProblem.EMPTY if not text.strip() else InputProblem.NO_WORDS
    if len(text) > limit:
        return InputProblem.TOO_LONG
    if letters(readable) == 0 and not re.search(r"\d", readable):
        return InputProblem.NO_WORDS
    if len(readable) > SHORT and not is_words(readable):
        return InputProblem.NO_WORDS
    return None


def is_worth_encoding(text: str, *, foreign: bool) -> bool:
    """Whether sentence vectors are worth their cost: digits, punctuation and long foreign texts are answered without.

    Args:
        foreign: whether it is in another language; short ones may ask for one of ours.
    """
    if len(text) <= SHORT:
        return True
    if foreign and len(text) > LONG:
        return False
    return input_problem(text, MESSAGE_LIMIT) is None and letters(text) > 0


def endings(text: str) -> list[str]:
    """The end of a long message, which the rest would outweigh: last sentence, last few words, a last cry.

    Returns:
        An empty list for a short message, and for one in another script.
    """
    if len(text) <= LONG:
        return []
    end = text.rstrip()[-CLOSING:]
    begins = max((match.end() for match in _SENTENCE_END.finditer(end)), default=0)
    sentence = end[begins:] if begins else end.partition(" ")[2]  # without the cut word, where no sentence starts
    ours = takewhile(lambda word: script_language(word) != OTHER, reversed(sentence.split()[-FEW:]))
    few = " ".join([*ours][::-1])
    cry = few.rpartition(" ")[2] if few.endswith("!") else ""
    return [part for part in dict.fromkeys((sentence, few, cry)) if part and script_language(part) != OTHER]
