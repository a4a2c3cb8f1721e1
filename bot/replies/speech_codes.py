"""Numbers that are read character by character: references, phone and contract numbers, one-time codes."""

import re
from collections.abc import Callable

from bot.nlu.lexicon import lexicon
from bot.replies.speech_numbers import digits, spelled, spoken_words

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

CONTRACT_DIGITS = range(8, 13)
CODE_DIGITS = 6
CONTRACT_GROUP, CODE_GROUP, PHONE_GROUP = 4, 3, 2


def reference_rules(language: str) -> list[Rule]:
    """Reference numbers: ours, and others of capitals and figures, such as "DEMO-011-1" and "LV80BANK0000"."""
    return [
        # One of ours in six holds no figure.
        (re.compile(r"\bEL(?:-[A-Z\d]{4}){2}(?![\w-])"), lambda match: spelled(match[0], language)),
        (
            re.compile(r"(?<![\w-])(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z\d]+(?:-[A-Z\d]+)+(?![\w-])"),
            lambda match: spelled(match[0], language),
        ),
        (
            re.compile(r"(?<!\w)(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z\d]{5,}(?!\w)"),
            lambda match: spelled(match[0], language, CONTRACT_GROUP),
        ),
    ]


def number_rules(language: str) -> list[Rule]:
    """Phone and contract numbers; an emergency number only where a word before it says that it is called."""
    words, numbers = spoken_words(language), lexicon("spoken")
    always, after_cue = "|".join(numbers["always_by_digit"]), "|".join(numbers["by_digit_after_cue"])

    def say_foreign(match: re.Match[str]) -> str:
        figures = re.sub(r"\D", "", match[0])
        return f"{words['plus']} {digits(figures, language, PHONE_GROUP, join_single=True)}"

    def say_ours(match: re.Match[str]) -> str:
        local = digits(re.sub(r"\D", "", match["local"]), language, PHONE_GROUP)
        return f"{words['plus']} {digits('371', language)}, {local}" if match["country"] else local

    def say_contract(match: re.Match[str]) -> str:
        figures = match[0].replace(" ", "")
        if len(figures) not in CONTRACT_DIGITS:
            return match[0]
        return digits(figures, language, CONTRACT_GROUP, join_single=True)

    return [
        (
            re.compile(
                r"(?:(?P<country>(?<!\w)(?:\+|00)371[ -]?)|(?<!\d)(?<!\d ))(?P<local>[26]\d(?:[ -]?\d){6})(?![ -]?\d)"
            ),
            say_ours,
        ),
        (re.compile(r"(?<!\w)\+\d[\d ]{5,16}\d"), say_foreign),
        (re.compile(r"(?<!\d)(?:\d{2,4}(?: \d{2,4}){1,5}|\d{8,12})(?!\d)"), say_contract),
        # After the long numbers, of which these may be a group.
        (re.compile(rf"(?<![\d.,+-])(?:{always})(?![\d-])"), lambda match: digits(match[0], language)),
        (
            re.compile(rf"(?P<cue>\b(?:{words['cue']}):? )(?P<number>{after_cue})(?![\d-])", re.IGNORECASE),
            lambda match: match["cue"] + digits(match["number"], language),
        ),
    ]


def one_time_code_rules(language: str) -> list[Rule]:
    """Six figures that are neither counted nor an amount."""
    return [
        (
            re.compile(r"(?<!\d)(?<!\d )\d{3} ?\d{3}(?! ?\d)"),
            lambda match: digits(match[0].replace(" ", ""), language, CODE_GROUP),
        ),
    ]
