"""The number of a request as a recogniser writes it down: "e el septiņi kā kū četri, iks hā trīs em"."""

import re
from functools import lru_cache

from bot.replies.speech_numbers import spoken_words
from bot.settings import LANGUAGES
from bot.words.lexicon import lexicon
from bot.words.reference import GROUP_LENGTH, GROUPS, PREFIX, Reference
from bot.words.spoken_digits import in_figures

_TOKEN = re.compile(r"[^\W_]+")
# "EL" as one word is also the name of its second letter.
_WHOLE = re.compile(rf"(?:{PREFIX}|^{PREFIX[1]})(?P<rest>[A-Z\d]{{{GROUPS * GROUP_LENGTH}}})(?![A-Z\d])")
LONGEST_PIECE = 10  # characters that a recogniser writes as one: "EL7KQ4XH3M"


def heard_reference(text: str, language: str) -> Reference | None:
    """The reference number in what was heard; None where there is none."""
    said = re.sub(rf"\b(?:{lexicon('desk')['heard_w']})\b", " W ", text, flags=re.IGNORECASE)
    pieces = [_characters(token, language) for token in _TOKEN.findall(in_figures(said, language))]
    for said in "".join(pieces).split(" "):
        if whole := _WHOLE.search(said):
            rest = whole["rest"]
            groups = [rest[first : first + GROUP_LENGTH] for first in range(0, len(rest), GROUP_LENGTH)]
            return Reference("-".join([PREFIX, *groups]))
    return None


def _characters(token: str, language: str) -> str:
    """The characters that a token stands for; a space where it is another word."""
    is_piece = len(token) <= LONGEST_PIECE and token.isascii()
    if is_piece and ((len(token) > 1 and token.isupper()) or any(character.isdecimal() for character in token)):
        return token.upper()
    return _letters(language).get(token.casefold(), " ")


@lru_cache(maxsize=2)
def _letters(language: str) -> dict[str, str]:
    """Names of letters; those of the caller's language come first."""
    found: dict[str, str] = {}
    for each in (language, *LANGUAGES):
        for letter, name in spoken_words(each)["letters"].items():
            found.setdefault(name.casefold(), letter)
        for letter, names in lexicon("desk")["heard_letters"][each].items():
            for name in names:
                found.setdefault(name, letter)
    return found
