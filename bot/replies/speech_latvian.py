"""Numbers that Latvian declines: with a counted noun, ordinals, and after a preposition."""

import re

from bot.replies.speech_codes import ALONE, Rule
from bot.replies.speech_numbers import bare, cardinal, ordinal, spoken_words


def latvian_rules() -> list[Rule]:
    """Rules for numbers with a counted noun, and for ordinals."""
    words = spoken_words("lv")
    noun = "|".join(f"(?:{kind['stems']})(?:{kind['endings']})" for kind in words["counted"].values())
    number = r"\d{1,3}(?: \d{3}){1,4}|\d+"

    def say_counted(match: re.Match[str]) -> str:
        counted = match["noun"]
        before = match["first"] and f"{cardinal(match['first'], 'lv', counted)} {match['joiner']} "
        return f"{before or ''}{cardinal(match['number'].replace(' ', ''), 'lv', counted)} {counted}"

    def say_ordinals(match: re.Match[str]) -> str:
        following = match["noun"]
        if not following[0].islower():
            return match[0]  # the end of a sentence
        # In the name of a month, -i is the accusative ("jūniju", "aprīli"), never a plural.
        model = f"{following[:-1]}u" if re.fullmatch(words["month"], following) and following[-1] == "i" else following
        said = re.sub(r"(\d+)\.", lambda one: ordinal(int(one[1]), "lv", model), match["numbers"])
        return f"{said.strip()} {following}"

    between = rf"(?:, ?| (?:{words['between_numbers']}) |[–-])"
    return [
        (
            re.compile(
                rf"{ALONE}(?:(?P<first>\d+) (?P<joiner>{words['between_numbers']}) )?(?P<number>{number}) "
                rf"(?P<noun>{noun})(?!\w)"
            ),
            say_counted,
        ),
        (
            re.compile(rf"{ALONE}(?P<numbers>\d{{1,4}}\.(?:{between}\d{{1,4}}\.){{0,4}}) ?(?P<noun>[^\W\d_]\w*)"),
            say_ordinals,
        ),
    ]


def governed_rules() -> list[Rule]:
    """Rules for numbers without a counted noun, in the case that the word before them governs."""
    words = spoken_words("lv")

    def gender_of(match: re.Match[str]) -> str:
        following = re.match(r" (\w+)", match.string[match.end() :])
        stems = words["counted"]["feminine"]["stems"]
        is_feminine = following and re.search(rf"^(?:{stems})|[āēī]m$", following[1])
        return "feminine" if is_feminine else "masculine"

    def say_part(match: re.Match[str]) -> str:
        gender = gender_of(match)
        return f"{bare(match['part'], 'lv', gender)} no {bare(match['whole'], 'lv', gender, words['governs']['no'])}"

    def say_governed(match: re.Match[str]) -> str:
        case = words["governs"][match["before"].lower()]
        return f"{match['before']} {bare(match['number'], 'lv', gender_of(match), case)}"

    alone = r"(?![\d€%]|[.,:/–-]\d|\.\w| ?[–/-] ?\d|\. ?[a-zāčēģīķļņšūž]| \d|[A-Za-z])"
    prepositions = "|".join(word for word, case in words["governs"].items() if case != words["governs"]["samaksāt"])
    return [
        (re.compile(rf"{ALONE}(?P<part>\d{{1,3}}) no (?P<whole>\d{{1,4}}){alone}"), say_part),
        (
            re.compile(rf"(?<!\w)(?P<before>{prepositions}) (?P<number>[1-9]\d{{0,4}}){alone}", re.IGNORECASE),
            say_governed,
        ),
    ]
