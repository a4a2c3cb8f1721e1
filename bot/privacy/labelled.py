"""Data whose kind the word before it tells: "dzimusi …", "pase nr. …", "CVC …", "parole ir …", "tālr. …".

The labels are in `data/lexicon/labelled.yml`; the patterns of the data are here. The distance between a label and its
datum is bounded.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from bot.privacy import harmless_numbers
from bot.privacy.dates import day, worded_day, worded_month, year
from bot.privacy.normalised_text import MASK, Finding, bare
from bot.words.lexicon import lexicon

_MONTH_AND_YEAR = r"(?:0?[1-9]|1[0-2])(?: ?[/.-] ?(?:20)?\d\d|(?<=\d\d)\d\d)(?![\d/]|[.-]\d)"
_LETTERED = r"(?<!\w)[a-z]{2}[ -]?\d{6,7}(?!\w)"
# In groups, none of which is a postcode.
_GROUPED_DOCUMENT = r"(?<!\w)(?:lv|pa|lb|ln|ll)[ -]?(?!\d{4}(?!\d))\d(?:[ -]?\d){6}(?![\w-]|[ .,]\d)"
_ANY_CHARACTERS = r"[^\s\0\[\]\"'„“”«»]{3,40}"
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_LONG_AGO = re.compile(r"(?<!\d)(?:19\d\d|200\d)(?!\d)|[./]\d\d$")
_PASSWORD_MARK = re.compile(r"\d|[^\w.,;:!?-]|[a-z][A-Z]|\w[-_!?]\w")


class _Kind(NamedTuple):
    """Patterns of a label, the text after it, and the datum; the finding is the group `last`, or else `datum`."""

    kind: str
    pattern: re.Pattern[str]


def labelled(text: str) -> Iterator[Finding]:
    """Data after their labels, in no order; findings may overlap.

    Args:
        text: a plain text.
    """
    small = bare(text)
    has_digits = _DIGIT.search(small) is not None
    for kind, pattern in _kinds() if has_digits else _kinds_in_words():
        for found in pattern.finditer(small):
            if kind != "phone" or not harmless_numbers.known(re.findall(r"\d+", found["datum"])):
                yield Finding(kind, *found.span("last" if "last" in pattern.groupindex else "datum"))
    yield from _passwords(text, small)
    for found in _password_farther_on().finditer(small):
        yield Finding("password", *found.span("datum"))
    yield from _expiries(small)
    if not has_digits:
        return
    for found in _plates().finditer(small):
        start, end = found.span("datum")
        if text[start : start + 2].isupper():
            yield Finding("plate", start, end)


def behind_cards(text: str, places: Iterable[int]) -> Iterator[Finding]:
    """A card's expiry month and security code, where they follow its number.

    Args:
        places: the ends of card numbers.
    """
    small = bare(text)
    for end in places:
        place = end
        # All of them in this pass: each one that was left to another pass over the text would make redaction slow.
        while found := _behind_card().match(small, place) or _code_behind_card().match(small, place):
            yield Finding("card", *found.span("datum"))
            place = found.end()


def behind_persons(text: str, places: Iterable[int]) -> Iterator[Finding]:
    """A date in the distant past after a name or a personal code: "Jānis Paraugs 28.02.1970"."""
    small = bare(text)
    for place in places:
        found = _behind_person().match(small, place)
        if found and _LONG_AGO.search(found["datum"]):
            yield Finding("birth date", *found.span("datum"))


def _words(*labels: str) -> str:
    listed: list[str] = []
    for label in labels:
        some: Any = lexicon("labelled")[label]
        listed += [some] if isinstance(some, str) else some
    return "|".join(listed)


@cache
def _whole(label: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_words(label)})(?!\w)")


def _tight(label: str, datum: str) -> re.Pattern[str]:
    """A datum after its label, with only punctuation and words such as "ir" and "nr." between."""
    gap = rf"(?:[\s,.:;=()#№–-]{{0,3}}(?<!\w)(?:{_words('joins')})(?!\w)){{0,4}}[\s,.:=()#№–-]{{0,4}}"
    return re.compile(rf"(?<!\w)(?:{_words(label)})(?!\w){gap}(?P<datum>{datum})")


def _loose(label: str, datum: str, longest: int, *, never: str = r"\d\0\n.;!?") -> re.Pattern[str]:
    """A datum after its label, with up to `longest` characters of other words between."""
    return re.compile(rf"(?<!\w)(?:{_words(label)})(?!\w)[^{never}]{{0,{longest}}}?(?P<datum>{datum})")


@cache
def _kinds() -> list[_Kind]:
    counted = rf"(?! ?(?:{lexicon('privacy')['units']})(?!\w))"
    code = rf"(?<![\w.,/-])\d{{3,4}}(?!\w|[.,/-]\d){counted}"
    number = rf"(?<![\d.,/])(?<!\w)[(+]{{0,2}}[\dosl](?:[ ().-]{{0,2}}[\dosl]){{5,14}}(?!\w|[.,/]\d){counted}"
    found = [
        ("birth date", _loose("birth date", day(), 30, never=r"\d\0\n;!?")),
        ("birth date", _tight("birth date", year())),
        ("birth date", re.compile(rf"(?P<datum>{day()}|{year()}) (?:{_words('birth date')})(?!\w)")),
        ("document", _loose("document", _LETTERED, 60)),
        ("document", _tight("document", r"(?:[a-z]{1,3}[ -]?)?\d{5,9}(?![\w/]|[.,]\d)")),
        ("document", _loose("document", _GROUPED_DOCUMENT, 60)),
        ("document", _tight("document", _GROUPED_DOCUMENT)),
        ("document", re.compile(r"(?<!\w)(?P<datum>(?:lv|pa)\d{7})(?!\w)")),
        ("card", _tight("card code", code)),
        ("card", re.compile(rf"(?<![\w.,/-])(?P<datum>\d{{3}}) (?:are|is|ir) (?:{_words('card code behind')})(?!\w)")),
        ("card", _loose("card", rf"(?:{_words('last digits')})\W{{1,3}}(?P<last>\d{{4}})(?!\w)", 40)),
        ("password", _loose("pin", rf"(?<![\w.,/-])(?:\d{{4,8}}|\d(?:[ -]\d){{3,7}})(?!\w|[.,/-]\d){counted}", 18)),
        ("code", _loose("one-time code", rf"(?<![\w.,/-])\d{{3}} ?\d{{3}}(?!\w|[.,/-]\d){counted}", 25)),
        ("code", _tight("door code", r"(?=[a-z*#]{0,2}\d{2})[a-z\d*#]{3,8}(?!\w)")),
        ("contract", _tight("contract", r"(?!lv)[a-z]{1,4}-?\d[\d/-]{4,14}(?<=\d)(?!\w)")),
        ("phone", _tight("phone", rf"{number}")),
        ("name", _tight("user name", r"(?=[^\s\0]{0,30}\d)[\w.@-]{4,31}(?!\w)")),
    ]  # fmt: skip
    return [*(_Kind(kind, pattern) for kind, pattern in found), *_kinds_in_words()]


@cache
def _kinds_in_words() -> list[_Kind]:
    """The kinds whose data need no digits."""
    return [
        _Kind("birth date", _tight("birth date", worded_day())),
        _Kind("password", _tight("security answer", r"[^\W_][^\s\0,;.]{2,30}")),
    ]


def _expiries(small: str) -> Iterator[Finding]:
    for found in _expiry().finditer(small):
        before = small[max(0, found.start() - 40) : found.start("datum")]
        offered = _whole("no_expiry").search(before) or _whole("cards in general").search(before)
        carded = MASK in before or _whole("card").search(before)
        weak = found.group().startswith(("until", "lidz")) and _LETTER.search(found["datum"])
        if weak and MASK not in small[max(0, found.start() - 3) : found.start()]:
            continue  # "card payment until March 2021"
        slashed = re.fullmatch(r"\d\d ?/ ?\d\d", found["datum"]) or found.group().startswith("exp")
        if (carded and not _whole("cards in general").search(before)) or (slashed and not offered):
            yield Finding("card", *found.span("datum"))


@cache
def _expiry() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?:{_words('expiry')})(?!\w)(?:[ :.]{{1,3}}(?:ir|is|date|on)(?!\w))?"
        rf"[ :.-]{{1,3}}(?<!\d)(?P<datum>{worded_month()}|{_MONTH_AND_YEAR})"
    )


@cache
def _behind_card() -> re.Pattern[str]:
    return re.compile(
        rf"[^\d\0\n]{{1,30}}?(?<![\d.])(?P<datum>{_MONTH_AND_YEAR})(?! ?(?:{lexicon('privacy')['units']})(?!\w))"
    )


@cache
def _code_behind_card() -> re.Pattern[str]:
    said = rf"(?:(?:{_words('card code said')})(?!\w)[ :=-]{{1,3}}){{0,3}}"
    return re.compile(rf"[ ,;/.]{{1,3}}{said}(?P<datum>\d{{3}})(?![\w/]|[.,]\d)(?! ?(?:eur|eiro|€))")


@cache
def _behind_person() -> re.Pattern[str]:
    return re.compile(rf"[ ,(]{{1,3}}(?P<datum>{day()})")


def _passwords(text: str, small: str) -> Iterator[Finding]:
    for found in _password().finditer(small):
        start, end = found.span("datum")
        while end > start and text[end - 1] in ".,;:)?":
            end -= 1
        datum = text[start:end]
        said = found["said"] is not None and not _password_state().match(small, start)
        if (
            end - start > 2
            and (said or _PASSWORD_MARK.search(datum))
            and not _password_state().fullmatch(small, start, end)
        ):
            yield Finding("password", start, end)


@cache
def _password() -> re.Pattern[str]:
    said = r"(?P<said>(?: ?(?:ir|is|bija|was)(?!\w)| ?[:=])[ :=]{1,3})"
    return re.compile(
        rf"(?<!\w)(?:{_words('password')})(?!\w)(?:{said}|[ ,-]{{1,3}})[\"'„“«]?(?P<datum>{_ANY_CHARACTERS})"
    )


@cache
def _password_farther_on() -> re.Pattern[str]:
    """A mix of letters and digits after a few words: "paroli nomainīju uz …"."""
    datum = r"(?=[^\s\0]{0,20}\d)(?=(?:[^\s\0]{0,12}[a-z]){3})[a-z\d_!?$#*+-]{6,30}(?<![?!])"
    return re.compile(
        rf"(?<!\w)(?:{_words('password')})(?!\w)(?: [^\W\d]{{1,20}}){{1,3}}:? [\"'„“«]?"
        rf"(?!{_words('no_password')})(?P<datum>{datum})(?![\w@.]\w)"
    )


@cache
def _password_state() -> re.Pattern[str]:
    return re.compile(rf"(?:{_words('password_states')})(?!\w)")


@cache
def _plates() -> re.Pattern[str]:
    plate = r"[a-z]{2}(?: ?- ?\d{1,4}| ?\d{3,4})"
    return re.compile(rf"(?<!\w)(?:{_words('plate')})(?!\w)[^\d\0\n.;]{{0,30}}?(?<!\w)(?P<datum>{plate})(?!\w)")
