"""Numbers that are read character by character: references, phone and contract numbers, one-time codes."""

import re
from collections.abc import Callable

from bot.replies.speech_numbers import digits, spelled, spoken_words
from bot.words.kinds_of_number import (
    CODE_DIGITS,
    CONTRACT_DIGITS,
    COUNTRY_CODE,
    LATVIAN_PHONE_DIGITS,
    LATVIAN_PHONE_STARTS,
    times,
)
from bot.words.lexicon import lexicon

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

ALONE = r"(?<!\d)(?<!\d[.,])"  # not part of a number before it
CONTRACT_GROUP, CODE_GROUP, PHONE_GROUP = 4, 3, 2


def reference_rules(language: str) -> list[Rule]:
    """Rules for reference numbers: ours, and others of capitals and digits, such as "DEMO-011-1" and "LV80BANK0000"."""
    return [
        # One of ours in six has no digit.
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
    """Rules for phone and contract numbers; for an emergency number after a word such as "call", or alone."""
    words, numbers = spoken_words(language), lexicon("spoken")
    always, after_cue = "|".join(numbers["always_by_digit"]), "|".join(numbers["by_digit_after_cue"])

    def say_foreign(match: re.Match[str]) -> str:
        figures = re.sub(r"\D", "", match[0])
        return f"{words['plus']} {digits(figures, language, PHONE_GROUP, join_single=True)}"

    def say_ours(match: re.Match[str]) -> str:
        local = digits(re.sub(r"\D", "", match["local"]), language, PHONE_GROUP)
        return f"{words['plus']} {digits(COUNTRY_CODE, language)}, {local}" if match["country"] else local

    def say_contract(match: re.Match[str]) -> str:
        figures = match[0].replace(" ", "")
        if len(figures) not in CONTRACT_DIGITS:
            return match[0]
        return digits(figures, language, CONTRACT_GROUP, join_single=True)

    def say_each(listed: str) -> str:
        return re.sub(r"\d+", lambda match: digits(match[0], language), listed)

    return [
        (
            re.compile(
                rf"(?:(?P<country>(?<!\w)(?:\+|00){COUNTRY_CODE}[ -]?)|(?<!\d)(?<!\d ))"
                rf"(?P<local>[{LATVIAN_PHONE_STARTS}]\d(?:[ -]?\d){{{LATVIAN_PHONE_DIGITS - 2}}})(?![ -]?\d)"
            ),
            say_ours,
        ),
        (re.compile(r"(?<!\w)\+\d[\d ]{5,16}\d"), say_foreign),
        (re.compile(rf"(?<!\d)(?:\d{{2,4}}(?: \d{{2,4}}){{1,5}}|\d{times(CONTRACT_DIGITS)})(?!\d)"), say_contract),
        # After the rules for long numbers, since these may be a group of one.
        (re.compile(rf"(?<![\d.,+-])(?:{always})(?![\d-])"), lambda match: digits(match[0], language)),
        # "Call 110, 112 or 113", and the number alone: "112.", "If there is a fire, 112!"
        (
            re.compile(
                rf"(?P<cue>\b(?:{words['cue']}):? )(?P<number>(?:{after_cue})(?:(?:,| (?:{words['beside_numbers']})) "
                rf"(?:{after_cue}))*)(?![\d-])",
                re.IGNORECASE,
            ),
            lambda match: match["cue"] + say_each(match["number"]),
        ),
        (
            re.compile(
                rf"(?:(?<![^\n])|(?<=[.!?:;,(–] )|(?<=[(„\"])|(?<=\b(?:{words['beside_numbers'].split('|')[0]}) )"
                rf"|(?<=\b(?:{words['beside_numbers'].split('|')[1]}) ))(?P<number>{after_cue})"
                rf"(?=[.!?;,:)”\"]*(?:\s*$|\n| [A-ZĀČĒĢĪĶĻŅŠŪŽ(–])|[,;] (?!\d)| (?:{words['beside_numbers']})\b)",
            ),
            lambda match: digits(match["number"], language),
        ),
    ]


def one_time_code_rules(language: str) -> list[Rule]:
    """Rules for one-time codes: their digits, in two groups or in one piece, that are neither a count nor an amount."""
    return [
        (
            re.compile(rf"(?<!\d)(?<!\d )\d{{{CODE_GROUP}}} ?\d{{{CODE_DIGITS - CODE_GROUP}}}(?! ?\d)"),
            lambda match: digits(match[0].replace(" ", ""), language, CODE_GROUP),
        ),
    ]
