"""The parts of an address, as patterns over lower-case text without diacritics (`normalised_text.bare`)."""

import re
from functools import cache
from typing import Any

from bot.words.lexicon import lexicon

UPPER = "A-ZÀ-ÖØ-ÞĀČĒĢĪĶĻŅŌŖŠŪŽĖĄĘĮŲŁŚŹŻА-ЯЁ"
CAPITAL = rf"[{UPPER}](?:[\w'’-]{{0,3}}\.|[\w'’-]*)"  # a capitalised word, or an abbreviation of one
HOUSE = r"\d{1,4}(?: ?[a-z](?!\w))?(?: ?/ ?\d{1,4}[a-z]?(?!\w))?"
FLAT = r" ?- ?\d{1,4}[a-z]?(?!\w)"
_END = r"(?![\w-]|[.:,/]\d)"  # neither a date nor an hour


def words() -> dict[str, Any]:
    """The lexicon of addresses."""
    return lexicon("addresses")


def _whole(*keys: str) -> re.Pattern[str]:
    """The lexicon's words under these keys, matched as whole words."""
    found: Any = words()
    for key in keys:
        found = found[key]
    return re.compile(rf"(?<!\w)(?:{found if isinstance(found, str) else '|'.join(found)})(?!\w)")


def _not_counting() -> str:
    return rf"(?! ?\.? ?{words()['counted']}(?!\w))"


@cache
def house() -> re.Pattern[str]:
    """A house number, with its flat, where it neither counts something nor is part of a date or a time."""
    building = r"(?:,? ?(?:k|korp|korpuss)\.?[ -]?\d{1,2}(?!\w))?"
    number = rf"(?:{words()['number_words']})(?!\w)"
    worded = rf"{number}(?:[ -]{number}){{0,3}}(?: [a-e](?!\w))?"
    after = rf"(?=[ ]?(?:$|[,.;!?\n])| ?(?:{words()['units']['flats']})(?!\w))"
    return re.compile(
        rf"[ ,]{{0,2}}(?:(?:nr|no|numurs|maja|majas|house)\.? ?)?"
        rf"(?:{HOUSE}{building}(?:{FLAT})?{_END}{_not_counting()}|{worded}{after})"
    )


@cache
def house_and_flat() -> re.Pattern[str]:
    """The numbers of a house and a flat, where they are not a range of something."""
    return re.compile(rf"(?P<house>\d{{1,3}}[a-z]?)(?P<flat> ?- ?\d{{1,3}}[a-z]?){_END}{_not_counting()}")


@cache
def number_before() -> re.Pattern[str]:
    """A house number at the end of a text, in digits or in words."""
    worded = rf"(?:(?:{words()['number_words']})[ -]){{1,5}}"
    return re.compile(rf"(?<![\w.,/-])(?:{HOUSE}(?:{FLAT})?,? |{worded})\Z")


@cache
def streets(place: str) -> re.Pattern[str]:
    """Words for a kind of street, in a given position: `after_name` or `after_number`."""
    return _whole("streets", place)


@cache
def with_capital() -> re.Pattern[str]:
    """Those of `streets` that follow a capitalised street name."""
    return _whole("streets", "with_capital")


@cache
def no_name() -> re.Pattern[str]:
    """A word that is not a street name."""
    return _whole("streets", "no_names")


@cache
def unit() -> re.Pattern[str]:
    """A part of a house: "dz. 12", "3. stāvs", "entry code 12B4"."""
    units = words()["units"]
    worded = rf"(?:{words()['number_words']})(?!\w)"
    number = rf"(?:\d{{1,6}}[a-z]?(?![\w]|[.,]\d){_not_counting()}|{worded}(?:[ -]{worded}){{0,2}})"
    numbered = rf"(?:[. :#-]{{1,3}}(?:{units['numbered']})(?!\w))?[. :#-]{{0,3}}"
    return re.compile(
        rf"(?:{units['before_number']})(?![^\W\d]){numbered}{number}"
        rf"|(?:{units['codes']})(?!\w){numbered}(?=[a-z*#]{{0,3}}\d)[a-z\d*#]{{2,8}}(?!\w)"
        rf"|\d{{1,3}}(?:\.|st|nd|rd|th)? ?(?:{units['after_number']})(?!\w)"
        rf"|(?:{units['worded']})(?!\w)"
        rf"|(?:{units['lettered']}) ?[a-h](?!\w)"
    )


@cache
def unit_before() -> re.Pattern[str]:
    """A part of a house at the end of a text."""
    return re.compile(rf"(?<!\w)(?:{unit().pattern})[ ,]{{1,2}}\Z")


@cache
def unit_word() -> re.Pattern[str]:
    """The word before the number of a part of a house."""
    return re.compile(f"{words()['units']['before_number']}|{words()['units']['after_number']}")


@cache
def unit_word_before() -> re.Pattern[str]:
    """A `unit_word` at the end of a text."""
    return re.compile(rf"(?<!\w)(?:{words()['units']['before_number']})[. ]{{1,2}}\Z")


@cache
def code_farther_on() -> re.Pattern[str]:
    """An entry code after a few words: " (ieeja no pagalma, kods 19B46"."""
    codes = words()["units"]["codes"]
    return re.compile(
        rf"[^\d\0\n.;!?]{{0,30}}?(?<!\w)(?:{codes})(?!\w)[ :]{{1,3}}(?=[a-z*#]{{0,3}}\d)[a-z\d*#]{{2,8}}(?!\w)"
    )


@cache
def flat_alone() -> re.Pattern[str]:
    """A flat with its number, without an address."""
    flats = words()["units"]["flats"]
    return re.compile(
        rf"(?<!\w)(?:{flats})\.?(?:[ .](?:{words()['units']['numbered']})\.?)?[ .#-]{{1,2}}\d{{1,3}}[a-z]?"
        rf"(?!\w|[.,]\d){_not_counting()}"
        rf"|(?<![\w.,/-])\d{{1,3}}\. ?(?:{flats})(?!\w)"
    )


@cache
def postcode() -> re.Pattern[str]:
    """A Latvian postcode, or a British one."""
    return re.compile(r"lv ?-? ?\d{4}(?!\w)|[a-z]{1,2}\d{1,2}[a-z]? ?\d[a-z]{2}(?!\w)")


@cache
def post_box() -> re.Pattern[str]:
    """A post office box."""
    return re.compile(rf"(?<!\w)(?:{words()['post_box']})(?: ?(?:nr|no|num)\.?)? ?\d{{1,5}}(?![\w]|[.,]\d)")


@cache
def house_before_on() -> re.Pattern[str]:
    """A house number before "on … street"."""
    return re.compile(rf"(?:(?<!\w)(?:{words()['houses']}) ?|\A){HOUSE},? (?:on|in|at|of) (?:the )?\Z")


@cache
def house_behind() -> re.Pattern[str]:
    """A house number after its street: ", 12. mājā"."""
    return re.compile(rf",? \d{{1,3}}[a-z]?\. ?(?:{words()['house_behind']})(?!\w)")


@cache
def region() -> re.Pattern[str]:
    """The word after the name of a parish or a municipality."""
    return re.compile(rf"(?<!\w)(?:{words()['regions']})(?!\w)")


@cache
def lives() -> re.Pattern[str]:
    """A phrase that announces an address, such as "I live at"."""
    joins = rf"(?:[ ,:–-]{{1,3}}(?:{words()['lives_joins']})(?!\w)){{0,3}}"
    return re.compile(rf"{_whole('lives').pattern}{joins}[ :,–-]{{1,3}}")


@cache
def label() -> re.Pattern[str]:
    """A label before an address, followed by a colon or a verb."""
    return re.compile(rf"(?<!\w)(?:{words()['label']})(?: ?[:=] ?|(?<=ir) |(?<=is) )")


@cache
def farm() -> re.Pattern[str]:
    """The words before a house's name in quotation marks."""
    return re.compile(rf"(?<!\w)(?:{words()['farm']}) ?(?=[\"“”„«'‘’])")


@cache
def town() -> re.Pattern[str]:
    """A town or a village, in any grammatical case."""
    stems = [re.sub(r"(?:is|s|i|a|e)$", "", name) for name in words()["towns"].split()]
    return re.compile(rf"(?:{'|'.join(stems)})\w{{0,3}}(?!\w)")


@cache
def counts() -> re.Pattern[str]:
    """A number that counts something."""
    return re.compile(rf"[\d ]{{1,9}}\.? ?{words()['counted']}(?!\w)")


@cache
def counted() -> re.Pattern[str]:
    """A word for a counted thing, or a month."""
    return re.compile(rf"(?:{words()['counted']}|{words()['months']})")


@cache
def outage() -> re.Pattern[str]:
    """A phrase that says that a house has no electricity."""
    return re.compile(rf"[ ,:;-]{{1,3}}(?:{words()['outage']})(?!\w)")


@cache
def named() -> frozenset[str]:
    """Street names that many towns have."""
    return frozenset(words()["named"].split())


@cache
def number_behind() -> re.Pattern[str]:
    """A flat after a house number, where its word only says that it is a number."""
    return re.compile(r",? (?:number|no\.?|nr\.?|numurs|#) ?\d{1,4}[a-z]?(?![\w]|[.,]\d)")


@cache
def worded_house() -> re.Pattern[str]:
    """A street name without its kind, then the numbers of house and flat in words."""
    number, flats = rf"(?:{words()['number_words']})(?!\w)", words()["units"]["flats"]
    worded = rf"{number}(?:[ -]{number}){{0,3}}"
    return re.compile(
        rf"(?<!\w)(?P<name>[^\W\d_]{{4,20}}[sua]),? (?:{worded}|\d{{1,3}})(?: [a-e](?!\w))?,?"
        rf" (?:{flats})\.? (?:{worded}|\d{{1,3}}(?!\w))"
    )


@cache
def beside() -> re.Pattern[str]:
    """A word before a street name that has no kind after it."""
    return re.compile(rf"(?<!\w)(?:{words()['beside']}) \Z")


@cache
def public() -> re.Pattern[str]:
    """Words before a public address."""
    return _whole("public")


@cache
def private() -> re.Pattern[str]:
    """Words that make the address after them a private one, whatever other words there are."""
    return _whole("private")


@cache
def own() -> re.Pattern[str]:
    """The company's own addresses."""
    return re.compile(words()["own"])
