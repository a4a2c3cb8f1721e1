"""A phone number as somebody says it: in words, in groups, with "plus", in the middle of a sentence."""

import re
from functools import lru_cache

from bot.message_limits import MESSAGE_LIMIT
from bot.words.digit_groups import FILLER, SEPARATED, digits_of
from bot.words.kinds_of_number import COUNTRY_CODE, in_e164
from bot.words.lexicon import lexicon
from bot.words.spoken_digits import in_figures

_RUN = re.compile(rf"(?<!\w)\+?\d(?:{SEPARATED}\d)*+(?!\w)")
FEWEST = 5  # digits that count as an attempt at a number


def phone_number_said(text: str, language: str) -> str | None:
    """The first phone number of a text in E.164; without a country code it counts as Latvian. None: there is none."""
    for run in _runs(text, language):
        if number := phone_number_of(run):
            return number
    return None


def phone_number_of(figures: str) -> str | None:
    """A phone number in E.164 from its figures, such as 29000000, 37129000000, 0037129000000, +371 29 000 000."""
    plus, digits = "+" if figures.strip().startswith("+") else "", digits_of(figures)
    found = in_e164(plus + digits)
    return found or (in_e164(f"+{digits}") if digits.startswith(COUNTRY_CODE) else None)


def attempts_a_number(text: str, language: str) -> bool:
    """Whether a text has so many digits that it was to be a number."""
    return any(len(digits_of(run)) >= FEWEST for run in _runs(text, language))


def _runs(text: str, language: str) -> list[str]:
    tidy = re.sub(r"\.{2,}|…", " ", re.sub(r"\d", lambda digit: str(int(digit.group())), text[:MESSAGE_LIMIT]))
    said = in_figures(_filler().sub(" ", tidy), language)
    said = re.sub(r"\bplus(?:s|iņš)?\s+(?=\d)", "+", said, flags=re.IGNORECASE)
    return [run.group() for run in _RUN.finditer(said)]


@lru_cache(maxsize=1)
def _filler() -> re.Pattern[str]:
    joins = lexicon("numbers")["joins"]
    return re.compile(
        rf"[\s,…]+(?:{FILLER})(?=[\s,….]|$)[,….]*|(?<=\w)[\s,.;]+(?:{joins})[\s,.;:]+(?=\d)", re.IGNORECASE
    )
