"""Shorthand written out before digits are read: abbreviations, ranges, dates without a year, times with a point.

The result is still in writing ("25.–27.03." becomes "no 25. līdz 27. martam"); the rules for digits read it.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from bot.replies.formats import date_text
from bot.replies.speech_numbers import english_year, spoken_words

Change = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]

_DASH = r" ?[-–—] ?"
_ENDS = r"(?=\s*\n|\s*$| +[„\"(]?[A-ZĀČĒĢĪĶĻŅŠŪŽ])"  # what follows a full stop that ends a sentence
_TIME = r"(?:[01]?\d|2[0-3])"
_SHORTENED = 3  # characters; a shorter name of a weekday may be a letter with another meaning
_LEAP_YEAR = 2000  # any in which every day exists


def written_out(text: str, language: str) -> str:
    """The text with its shorthand written out; links and addresses were replaced before."""
    for pattern, say in _changes(language):
        text = pattern.sub(say, text)
    return text


@lru_cache(maxsize=4)
def _changes(language: str) -> list[Change]:
    return [
        *_full_dates(language),
        *_shortened_units(language),
        *_weekdays(language),
        *_per(language),
        *_times(language),
        *(_latvian_days() if language == "lv" else _english_days()),
        *_abbreviations(language),
        *_ranges_of_counted(language),
    ]


def _abbreviations(language: str) -> list[Change]:
    """Rules for abbreviations; one that may end a sentence keeps a full stop for it."""
    words = spoken_words(language)

    def change(written: str, said: str, *, may_end: bool) -> Change:
        end = rf"(?P<end>{_ENDS})?" if may_end else ""

        def say(match: re.Match[str]) -> str:
            ends = may_end and match["end"] is not None and match.string[match.end() - 1] == "."
            return match.expand(said) + ("." if ends else "")

        return re.compile(rf"(?<![\w.])(?:{written}){end}"), say

    return [
        *(change(written, said, may_end=False) for written, said in words["abbreviations"].items()),
        *(change(written, said, may_end=True) for written, said in words["closing_abbreviations"].items()),
    ]


def _shortened_units(language: str) -> list[Change]:
    """ "15 min. Pēc tam": a unit's full stop also ends the sentence."""
    words = spoken_words(language)
    shortened = "|".join(re.escape(name) for name in {**words["units"], **words["per"]} if name.endswith("."))
    return [(re.compile(rf"(?<=[\d /])(?:{shortened}){_ENDS}"), lambda match: f"{match[0]}.")]


def _full_dates(language: str) -> list[Change]:
    """Rules for dates and ranges: the last stop of "15.03.2026." is the date's, unless it also ends the sentence."""
    full = r"\d{1,2}\.\d{1,2}\.\d{4}"
    words = spoken_words(language)
    first = words["from_before_days"]
    return [
        (
            re.compile(rf"(?P<from>\b{first} )?(?P<first>{full})\.?{_DASH}(?P<last>{full})", re.IGNORECASE),
            lambda match: f"{match['from'] or first + ' '}{match['first']} {words['to']} {match['last']}",
        ),
        (re.compile(rf"({full})\.(?= +[^\W\d_A-ZĀČĒĢĪĶĻŅŠŪŽ]|[,;)])"), lambda match: match[1]),
    ]


def _per(language: str) -> list[Change]:
    """ "100 €/mēn.": the unit that an amount is paid for."""
    per = spoken_words(language)["per"]
    names = "|".join(re.escape(name) for name in sorted(per, key=len, reverse=True))
    return [
        (
            re.compile(rf"(?<=[\d€%])(?P<unit> ?(?:€|EUR|eiro|euros?|kWh|MWh|kW))? ?/ ?(?P<per>{names})(?!\w)"),
            lambda match: f"{match['unit'] or ''} {per[match['per']]}",
        )
    ]


def _times(language: str) -> list[Change]:
    """Rules for times with a point: in a range, or after a word such as "plkst."."""
    words = spoken_words(language)
    to, joiners = words["to"], "|".join(words["between_times"])
    no_amount = r"(?![\d.,]*\d)(?! ?(?:€|EUR|eiro|euros?|%|kWh|MWh|kW))"
    point = rf"(?P<{{0}}>{_TIME})[.:](?P<{{1}}>[0-5]\d)"

    def say(match: re.Match[str]) -> str:
        between = f" {match['joiner'].strip()} " if match["joiner"].strip(" -–—") else f" {to} "
        return f"{match['h1']}:{match['m1']}{between}{match['clock'] or ''}{match['h2']}:{match['m2']}"

    return [
        (
            re.compile(
                rf"(?<![\d.,:€])(?<!€ ){point.format('h1', 'm1')}(?P<joiner>{_DASH}| (?:{joiners}) )"
                rf"(?P<clock>(?:{words['clock']}) ?)?{point.format('h2', 'm2')}{no_amount}",
                re.IGNORECASE,
            ),
            say,
        ),
        (
            re.compile(rf"(?P<clock>\b(?:{words['clock']}) ?{_TIME}){_DASH}(?={_TIME}(?![\d/-]))", re.IGNORECASE),
            lambda match: f"{match['clock']} {to} ",
        ),
    ]


def _weekdays(language: str) -> list[Change]:
    """ "Mon–Fri", "P.–Pk.": from one day to another, and the hours after them."""
    words = spoken_words(language)
    days: dict[str, list[str]] = words["weekdays"]
    names = "|".join(f"(?:{written})" for written in days)

    def form(written: str, case: int) -> str:
        return next(forms[case] for pattern, forms in days.items() if re.fullmatch(pattern, written))

    def say(match: re.Match[str]) -> str:
        said = str(words["from_day_to_day"]).format(first=form(match["first"], 0), last=form(match["last"], 1))
        is_short, is_spaced = len(match["first"]) < _SHORTENED, " " in match["dash"]
        if is_short and is_spaced:
            return match[0]  # letters with another meaning
        hours = f", {match['from']} {words['to']} {match['until']}" if match["from"] else ""
        return said + hours

    return [
        (
            re.compile(
                rf"(?<![\w.])(?:{words['from_before_days']} )?(?P<first>{names})(?P<dash>{_DASH})"
                rf"(?P<last>{names})(?!\w)"
                rf"(?:,? (?P<from>{_TIME}){_DASH}(?P<until>{_TIME})(?![\d.:]))?"
            ),
            say,
        )
    ]


def _ranges_of_counted(language: str) -> list[Change]:
    """ "2-3 dienas", "5-10 %": a hyphen between numbers with a counted noun means "to"."""
    words = spoken_words(language)
    units = "|".join(re.escape(unit) for unit in sorted(words["units"], key=len, reverse=True))
    counted = (
        words["counted"]
        if language == "en"
        else "|".join(f"(?:{kind['stems']})(?:{kind['endings']})" for kind in words["counted"].values())
    )
    behind = rf"(?= ?(?:€|EUR\b|eiro\b|euros?\b|(?:{units})(?!\w))| (?:{counted})(?!\w))"
    number = r"\d+(?:[.,]\d+)?"
    return [
        (re.compile(rf"([$£]) ?({number})(?![\d.,]*\d)"), lambda match: f"{match[2]} {match[1]}"),
        (re.compile(rf"(?<![\d.,/-])({number})-({number}){behind}"), lambda match: f"{match[1]}–{match[2]}"),
        (re.compile(rf"€ ?({number}){_DASH}€? ?({number})(?![\d.,]*\d)"), lambda match: f"{match[1]}–{match[2]} €"),
        # "no 10,50 līdz 20 €": the first number is also an amount.
        (
            re.compile(
                rf"(?<![\d.,])(\d+[.,]\d\d)(?= (?:{words['to']}|{'|'.join(words['between_times'])}) {number} ?€)"
            ),
            lambda match: f"{match[1]} €",
        ),
        (re.compile(rf"({number}) ?€{_DASH}({number}) ?€"), lambda match: f"{match[1]}–{match[2]} €"),
    ]


def _day(day: str, month: str, language: str, case: str = "") -> str | None:
    """A date without its year, with the month's name; None where the date does not exist."""
    try:
        written = date_text(date(_LEAP_YEAR, int(month), int(day)), language, case)
    except ValueError:
        return None
    return re.sub(rf"^{_LEAP_YEAR}\. gada | {_LEAP_YEAR}$", "", written)


def _latvian_days() -> list[Change]:
    words = spoken_words("lv")
    day, month = r"(?P<day>\d{1,2})", r"(?P<month>\d{2})"
    governing = "|".join(words["governs"])

    def say_range(match: re.Match[str]) -> str:
        first_month = match["first_month"] or match["month"]
        first = _day(match["first"], first_month, "lv", "genitive")
        last = _day(match["day"], match["month"], "lv", "dative")
        if first is None or last is None:
            return match[0]
        if not match["first_month"]:
            first = f"{match['first']}."
        return f"{match['no'] or 'no '}{first} {words['to']} {last}"

    def say_day(match: re.Match[str]) -> str:
        singular = words["governs"].get((match["before"] or "").strip().lower(), ("nominative",))[0]
        # The texts have no accusative of months; it comes from the locative: "martā" gives "martu", "maijā" "maiju".
        wanted = "locative" if singular == "accusative" else singular
        written = _day(match["day"], match["month"], "lv", wanted if wanted != "nominative" else "")
        if written is None:
            return match[0]
        if singular == "accusative":
            written = re.sub("ī$", "i", re.sub("ā$", "u", written))
        return f"{match['before'] or ''}{written}{'.' if match['end'] is not None else ''}"

    return [
        (
            re.compile(
                rf"(?<![\d.,])(?P<no>\b[Nn]o )?(?P<first>\d{{1,2}})\.(?P<first_month>\d{{2}})?\.?{_DASH}"
                rf"{day}\.{month}\.(?! ?\d)"
            ),
            say_range,
        ),
        (
            re.compile(
                rf"(?<![\d.,])(?P<before>\b(?i:{governing}) )?(?<![\d.,]){day}\.{month}"
                rf"(?:\.(?! ?\d)(?P<end>{_ENDS})?|(?<=\.0\d)(?![\d.,]))"
            ),
            say_day,
        ),
        (re.compile(r"(\d{4})\./(?=\d{4}\.)"), lambda match: f"{match[1]}., "),
        (
            re.compile(rf"(?<!\w)(?P<roman>X{{0,3}}(?:IX|IV|V?I{{0,3}}))(?= (?:{words['numbered_in_roman']}))"),
            lambda match: f"{_roman(match['roman'])}." if match["roman"] else "",
        ),
    ]


def _english_days() -> list[Change]:
    words = spoken_words("en")
    months = "|".join(date_text(date(_LEAP_YEAR, month, 1), "en").split(" ")[1] for month in range(1, 13))
    day = r"\d{1,2}(?:st|nd|rd|th)?"

    def say_half_of_day(match: re.Match[str]) -> str:
        is_range = match[0].endswith(("-", "–", "—", " "))
        return f" {match[1].upper()}M{' ' + words['to'] + ' ' if is_range else ''}"

    def say_day(match: re.Match[str]) -> str:
        written = _day(match["day"], match["month"], "en")
        return f"{match['before']}{written}{'.' if match['end'] is not None else ''}" if written else match[0]

    return [
        (
            re.compile(rf"(?<![\d.,])(?P<first>{day}){_DASH}(?P<last>{day})(?= (?:{months}))"),
            lambda match: f"{_ordinal_figures(match['first'], article=True)} {words['to']} {match['last']}",
        ),
        (
            re.compile(rf"\b(?P<month>{months}) (?P<first>{day}){_DASH}(?P<last>{day})(?!\w)(?P<year>,? [12]\d{{3}})?"),
            lambda match: (
                f"{_ordinal_figures(match['first'], article=True)} {words['to']} {match['last']} {match['month']}"
                f"{match['year'] or ''}"
            ),
        ),
        (re.compile(rf"(?<=\d(?:st|nd|rd|th)){_DASH}(?=\d)"), lambda _: f" {words['to']} "),
        (
            re.compile(
                r"(?P<before>\b(?:on|by|until|till|from|to|since|before|after) )"
                r"(?P<day>\d{1,2})\.(?P<month>0\d|1[0-2])\."
                rf"(?P<end>{_ENDS})?"
            ),
            say_day,
        ),
        (
            re.compile(rf"(?<=\d) ?([ap])\.?m\.?(?!\w)(?:{_DASH}(?=\d))?", re.IGNORECASE),
            say_half_of_day,
        ),
        (
            re.compile(r"(?<![\d/–-])((?:19|20)\d\d)[–/]((?:19|20)\d\d)(?![\d/–-])"),
            lambda match: f"{english_year(int(match[1]))} {words['to']} {english_year(int(match[2]))}",
        ),
    ]


def _ordinal_figures(figures: str, *, article: bool) -> str:
    number = int(re.sub(r"\D", "", figures))
    return f"{'the ' if article else ''}{number}th"


def _roman(numeral: str) -> int:
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in numeral]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))
