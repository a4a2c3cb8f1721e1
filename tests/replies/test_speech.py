"""Replies as they are read aloud. Every Latvian form here was checked by reading it, not by running the code."""

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.knowledge.remembered_events import Event
from bot.knowledge.validation import load_folder
from bot.replies.catalogue import catalogues
from bot.replies.formats import SpokenDate, counted_text, money_text, wait_text
from bot.replies.named_events import NamedEvents
from bot.replies.speech import spoken
from bot.settings import LANGUAGES
from tests.spelling.test_spelling import unknown_to_hunspell

NO_BREAK, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"

PHONES = [
    ("lv", "zvaniet 8400.", "zvaniet astoņi četri nulle nulle."),
    ("lv", "pa tālruni 8404", "pa tālruni astoņi četri nulle četri"),
    ("lv", "8400", "astoņi četri nulle nulle"),
    ("lv", "nekavējoties zvaniet 112!", "nekavējoties zvaniet viens viens divi!"),
    ("lv", "palīdzības numurs 112", "palīdzības numurs viens viens divi"),
    ("lv", "112 dienas", "simt divpadsmit dienas"),
    ("lv", "Zvaniet 8400; ja deg, zvaniet 112.", "Zvaniet astoņi četri nulle nulle; ja deg, zvaniet viens viens divi."),
    ("lv", "67728400", "seši septiņi, septiņi divi, astoņi četri, nulle nulle"),
    ("lv", "20000001", "divi nulle, nulle nulle, nulle nulle, nulle viens"),
    ("lv", "+371 26 123 456", "plus trīs septiņi viens, divi seši, viens divi, trīs četri, pieci seši"),
    ("lv", "+37126123456", "plus trīs septiņi viens, divi seši, viens divi, trīs četri, pieci seši"),
    ("lv", "uz ••••••05 nosūtīju", "uz numuru, kas beidzas ar nulle pieci, nosūtīju"),
    ("en", "call 8400", "call eight four zero zero"),
    ("en", "on 8404, free of charge", "on eight four zero four, free of charge"),
    ("en", "call 112 at once!", "call one one two at once!"),
    ("lv", "9001 8400 112", "deviņi nulle nulle viens, astoņi četri nulle nulle, viens viens divi"),
    ("lv", "zvaniet 8400. vai 8404", "zvaniet astoņi četri nulle nulle. Vai astoņi četri nulle četri"),
    ("en", "the number 112", "the number one one two"),
    ("en", "112 days", "one hundred and twelve days"),
    ("en", "6772 8400", "six seven, seven two, eight four, zero zero"),
    ("en", "+371 20000001", "plus three seven one, two zero, zero zero, zero zero, zero one"),
    ("en", "to ••••••05; it is", "to the number ending in zero five; it is"),
]
CODES = [
    ("lv", "9001 0000 033", "deviņi nulle nulle viens, nulle nulle nulle nulle, nulle trīs trīs"),
    ("lv", "90010000033", "deviņi nulle nulle viens, nulle nulle nulle nulle, nulle trīs trīs"),
    ("lv", "900100001", "deviņi nulle nulle viens, nulle nulle nulle nulle viens"),
    ("lv", "90010000", "deviņi nulle nulle viens, nulle nulle nulle nulle"),
    ("lv", "Jūsu kods ir 123456.", "Jūsu kods ir viens divi trīs, četri pieci seši."),
    ("lv", "kods 004 210", "kods nulle nulle četri, divi viens nulle"),
    ("lv", "tā numurs ir EL-7KQ4-XH3M.", "tā numurs ir e el, septiņi kā kū četri, iks hā trīs em."),
    ("lv", "EL-ACDE-FGHJ", "e el, a cē dē e, ef gā hā jē"),
    ("lv", "EL-W3TY-4NUV", "e el, dubultvē trīs tē igrek, četri en u vē"),
    ("lv", "LV-1010", "el vē, viens nulle viens nulle"),
    ("en", "9001 0000 033", "nine zero zero one, zero zero zero zero, zero three three"),
    ("en", "900100001", "nine zero zero one, zero zero zero zero one"),
    ("en", "900100000033", "nine zero zero one, zero zero zero zero, zero zero three three"),
    ("en", "Your code is 908172.", "Your code is nine zero eight, one seven two."),
    ("en", "its number is EL-7KQ4-XH3M.", "its number is E L, seven K Q four, X H three M."),
]
MONEY = [
    ("lv", "52,10 €", "piecdesmit divi eiro desmit centi"),
    ("lv", f"46,20{NO_BREAK}€", "četrdesmit seši eiro divdesmit centi"),
    ("lv", "1,01 €", "viens eiro viens cents"),
    ("lv", "21,00 €", "divdesmit viens eiro"),
    ("lv", "0,50 €", "piecdesmit centi"),
    ("lv", "0,00 €", "nulle eiro"),
    ("lv", "2,11 €", "divi eiro vienpadsmit centi"),
    ("lv", "11,21 €", "vienpadsmit eiro divdesmit viens cents"),
    ("lv", "100,31 €", "simt eiro trīsdesmit viens cents"),
    ("lv", f"1{NO_BREAK}234,50{NO_BREAK}€", "tūkstoš divsimt trīsdesmit četri eiro piecdesmit centi"),
    ("lv", f"1{NARROW}234,50{NARROW}€", "tūkstoš divsimt trīsdesmit četri eiro piecdesmit centi"),
    ("lv", "21 000,00 €", "divdesmit viens tūkstotis eiro"),
    ("lv", "12 345 €", "divpadsmit tūkstoši trīssimt četrdesmit pieci eiro"),
    ("lv", "-5,00 €", "mīnus pieci eiro"),
    ("lv", "25 eiro", "divdesmit pieci eiro"),
    # After a preposition a plural is in the dative, whatever case the preposition asks for in the singular.
    ("lv", "rēķins par 52,10 €;", "rēķins par piecdesmit diviem eiro desmit centiem"),
    ("lv", "par 1,01 €", "par vienu eiro vienu centu"),
    ("lv", "par 21,02 €", "par divdesmit vienu eiro diviem centiem"),
    ("lv", "par 3,03 €", "par trim eiro trim centiem"),
    ("lv", "par 12 000,00 €", "par divpadsmit tūkstošiem eiro"),
    ("lv", "līdz 52,10 €", "līdz piecdesmit diviem eiro desmit centiem"),
    ("lv", "līdz 1,01 €", "līdz vienam eiro vienam centam"),
    ("lv", "no 21,00 €", "no divdesmit viena eiro"),
    ("lv", "Lūgums samaksāt 52,12 € ir", "Lūgums samaksāt piecdesmit divus eiro divpadsmit centus ir"),
    ("lv", "Lūgums 52,01 € maksāt 3 daļās", "Lūgums piecdesmit divus eiro vienu centu maksāt trijās daļās"),
    ("lv", "Vēl 52,10 € jāmaksā", "Vēl piecdesmit divi eiro desmit centi jāmaksā"),
    ("lv", "kavēts maksājums – 52,10 €.", "kavēts maksājums, piecdesmit divi eiro desmit centi."),
    ("lv", "0,1523 €/kWh", "nulle komats viens pieci divi trīs eiro par kilovatstundu"),
    ("en", "€52.10", "fifty-two euros and ten cents"),
    ("en", "€1.01", "one euro and one cent"),
    ("en", "€21.00", "twenty-one euros"),
    ("en", "€0.50", "fifty cents"),
    ("en", "€0.00", "zero euros"),
    ("en", "€1,234.50", "one thousand two hundred and thirty-four euros and fifty cents"),
    ("en", "-€5.00", "minus five euros"),
    ("en", "52,10 €", "fifty-two euros and ten cents"),
    ("en", "a payment of €46.20 is", "a payment of forty-six euros and twenty cents is"),
    ("en", "€0.1523/kWh", "zero point one five two three euros per kilowatt-hour"),
]
COUNTED = [
    ("lv", "0 dienām", "nulle dienām"),
    ("lv", "pirms 1 dienas", "pirms vienas dienas"),
    ("lv", "pirms 2 dienām", "pirms divām dienām"),
    ("lv", "pirms 3 dienām", "pirms trim dienām"),
    ("lv", "pirms 10 dienām", "pirms desmit dienām"),
    ("lv", "pirms 11 dienām", "pirms vienpadsmit dienām"),
    ("lv", "pirms 21 dienas", "pirms divdesmit vienas dienas"),
    ("lv", "pirms 29 dienām", "pirms divdesmit deviņām dienām"),
    ("lv", "pirms 101 dienas", "pirms simt vienas dienas"),
    ("lv", "pirms 111 dienām", "pirms simt vienpadsmit dienām"),
    ("lv", "0 rakstzīmju", "nulle rakstzīmju"),
    ("lv", "101 rakstzīme", "simt viena rakstzīme"),
    ("lv", "12 345 rakstzīmes", "divpadsmit tūkstoši trīssimt četrdesmit piecas rakstzīmes"),
    ("lv", "2 līdz 12 daļas", "divas līdz divpadsmit daļas"),
    ("lv", "2–12 daļas", "divas līdz divpadsmit daļas"),
    ("lv", "8 līdz 12 cipari", "astoņi līdz divpadsmit cipari"),
    ("lv", "2 daļās", "divās daļās"),
    ("lv", "3 daļās", "trijās daļās"),
    ("lv", "11 daļās", "vienpadsmit daļās"),
    ("lv", "12 daļās", "divpadsmit daļās"),
    ("lv", "3 gados", "trijos gados"),
    ("lv", "1 minūti", "vienu minūti"),
    ("lv", "21 mēnesi", "divdesmit vienu mēnesi"),
    ("lv", "pēc 15 minūtēm", "pēc piecpadsmit minūtēm"),
    ("lv", "tuvāko 90 dienu laikā", "tuvāko deviņdesmit dienu laikā"),
    ("lv", "150 kWh", "simt piecdesmit kilovatstundas"),
    ("lv", "21 kWh", "divdesmit viena kilovatstunda"),
    ("en", "0 days", "zero days"),
    ("en", "1 day", "one day"),
    ("en", "29 days", "twenty-nine days"),
    ("en", "101 days", "one hundred and one days"),
    ("en", "111 days", "one hundred and eleven days"),
    ("en", "8 to 12 digits", "eight to twelve digits"),
    ("en", "2–12 instalments", "two to twelve instalments"),
    ("en", "12,345 characters", "twelve thousand three hundred and forty-five characters"),
    ("en", "1 kWh", "one kilowatt-hour"),
]
ADDRESSES = [
    ("lv", "Avots: Portāla noteikumi – https://www.elektrum.lv/lv/?a=1", "Avots: Portāla noteikumi"),
    ("lv", "Avots: A – https://a.lv/x\nAvots: B – https://b.lv", "Avots: A. Avots: B."),
    ("lv", "Turpiniet mājaslapā: https://a.lv/saruna.", "Turpiniet mājaslapā."),
    ("lv", "portālā elektrum.lv vai", "portālā elektrum punkts el vē vai"),
    ("lv", "www.elektrum.lv/lv/majai", "elektrum punkts el vē"),
    ("lv", "anna.paraugs@example.com", "anna punkts paraugs et example punkts kom"),
    ("lv", "uz e••••@•••• nosūtīju kodu", "uz e-pastu, kas sākas ar burtu e, nosūtīju kodu"),
    (
        "lv",
        "Par adresi Parauga prospekts 3-12, Liepāja: nekas",
        "Par adresi Parauga prospekts trīs, divpadsmit, Liepāja: nekas",
    ),
    ("lv", "Demo iela 2, Daugavpils", "Demo iela divi, Daugavpils"),
    ("lv", "Demo iela 12B", "Demo iela divpadsmit bē"),
    ("en", "Source: Terms – https://www.elektrum.lv/lv/", "Source: Terms"),
    ("en", "on elektrum.lv or", "on elektrum dot L V or"),
    ("en", "klienti@elektrum.lv.", "klienti at elektrum dot L V."),
    ("en", "to e••••@••••; it is", "to the e-mail address beginning with E; it is"),
    ("en", "For Parauga prospekts 3-12, Liepāja, nothing", "For Parauga prospekts three, twelve, Liepāja, nothing"),
]
SIGNS = [
    ("lv", "Varu pastāstīt:\n• kas slēgts;\n• kā zvanīt.", "Varu pastāstīt: Kas slēgts. Kā zvanīt."),
    (
        "lv",
        "Kura?\n1. Demo iela 6, Rīga\n2. Demo iela 8, Rīga",
        "Kura? Viens: Demo iela seši, Rīga. Divi: Demo iela astoņi, Rīga.",
    ),
    ("lv", "Sveiki 😀👍🏽!", "Sveiki!"),
    ("lv", "sakiet „vēlreiz”.", "sakiet vēlreiz."),
    ("lv", "asistents – programma", "asistents, programma"),
    ("lv", "rēķins/parāds", "rēķins vai parāds"),
    ("lv", "vai/un", "vai un"),
    ("lv", "centrs (Rīgā) slēgts", "centrs, Rīgā, slēgts"),
    ("lv", "centrs slēgts (Rīgā).", "centrs slēgts, Rīgā."),
    # espeak-ng takes a full stop before a lower-case letter for an abbreviation.
    ("lv", "To atjauno. 2 dienas.", "To atjauno. Divas dienas."),
    ("lv", "", ""),
    ("lv", "😀", ""),
    ("en", "I can tell:\n• what is closed;\n• how to call.", "I can tell: What is closed. How to call."),
    ("en", "Which?\n1. Demo iela 6\n2. Demo iela 8", "Which? One: Demo iela six. Two: Demo iela eight."),
    ("en", 'say "again".', "say again."),
    ("en", "Elektrum's portal isn't closed", "Elektrum's portal isn't closed"),
    ("en", "bills/debt", "bills or debt"),
    ("en", "the centre (SPKC) and", "the centre, S P K C, and"),
    ("en", "closed – call", "closed, call"),
    ("en", "e-mail & app", "e-mail and app"),
]
CASES = [*PHONES, *CODES, *MONEY, *COUNTED, *ADDRESSES, *SIGNS]


@pytest.mark.parametrize(("language", "written", "said"), CASES)
def test_spoken(language: str, written: str, said: str) -> None:
    assert spoken(written, language) == said


def unspeakable(text: str) -> list[str]:
    """What a spoken text must not contain."""
    signs = [character for character in text if character in "€•/@%„“”" or unicodedata.category(character) == "So"]
    return [*signs, *(c for c in text if unicodedata.digit(c, None) is not None), *re.findall("http", text)]


def filled_in(language: str) -> dict[str, object]:
    """A plausible value for every placeholder of the catalogues and the facts."""
    day = SpokenDate(date(2026, 3, 1), language)
    two_addresses = "1. Parauga prospekts 6, Valmiera\n2. Parauga prospekts 8-12, Valmiera"
    return {
        **dict.fromkeys(("since", "due", "issued", "received", "until", "ended_on"), day),
        "weekday": "svētdiena" if language == "lv" else "Sunday",
        **dict.fromkeys(("event", "events"), NamedEvents(shipped_events(), language)),
        "official_end": day,
        "today": day,
        "amount": money_text(1234.5, language),
        "days": "21 dienas" if language == "lv" else "21 days",
        "count": "20 001" if language == "lv" else "20,001",
        "characters": catalogues()[language].plurals["characters"]["one"],
        "recipient": "••••••05",
        "wait": wait_text(timedelta(minutes=15), language),
        "tries": counted_text("tries", 2, language),
        "there": catalogues()[language].variant("desk_first").text,
        "persons": counted_text("waiting_before", 2, language),
        "low": counted_text("minutes_from", 3, language),
        "high": counted_text("minutes_up_to", 21, language),
        "time": "08:00",
        "name": "Ilze",
        "bills": counted_text("bills", 2, language),
        "payments": counted_text("payments", 2, language),
        "late": money_text(52.1, language),
        "reference": "EL-7KQ4-XH3M",
        "address": "Parauga prospekts 3-12, Liepāja",
        "contracts": two_addresses,
        "instalments": 3,
        "code": "123456",
        "number": "90010000033",
        "website": "https://elektrum.lv/saruna?a=1",
        "url": "https://m.likumi.lv/ta/id/313191-par",
        "title": "Nr. 103",
        "first": "Kad atvērs?",
        "second": "A/B",
        "faults_line": "8404.",
        "topics": "Vai mani atslēgs?; Kas ir slēgts?",
    }


@lru_cache
def shipped_events() -> tuple[Event, ...]:
    """The events of `data/knowledge`, each in its present version."""
    return tuple(
        Event(one.id, one.name, one.cases, one.began, one.ends, one.official_end, one.began, None)
        for one in load_folder().events.values()
    )


def all_texts() -> list[tuple[str, str]]:
    """Every reply and every text of a fact or a source, with its language."""
    replies = [
        (language, variant.text)
        for language, catalogue in catalogues().items()
        for variants in catalogue.responses.values()
        for variant in variants
    ]
    known = load_folder()
    of_facts = [getattr(fact, kind) or {} for fact in known.facts.values() for kind in ("text", "short", "ended")]
    of_sources = [getattr(source, kind) for source in known.sources.values() for kind in ("title", "spoken")]
    return [*replies, *(pair for texts in (*of_facts, *of_sources) for pair in texts.items())]


@pytest.mark.parametrize(("language", "text"), all_texts())
def test_every_text_of_ours_can_be_spoken(language: str, text: str) -> None:
    said = spoken(text.format(**filled_in(language)), language)
    assert said
    assert unspeakable(said) == []


@pytest.mark.hunspell
def test_every_latvian_numeral_is_a_word() -> None:
    patterns = ["{} dienas", "{} dienām", "{} daļās", "{} gados", "{},21 €", "par {},02 €", "maksāt {},03 €"]
    patterns += ["{}. gada", "{}. martam", "{}. martā", "{}. daļas", "{}. pantiem", "{} %", "{} kWh"]
    numbers = [*range(122), 200, 345, 1000, 2000, 2026, 9999]
    said = {word for n in numbers for pattern in patterns for word in spoken(pattern.format(n), "lv").split()}
    assert unknown_to_hunspell({word.strip(",") for word in said}, "lv") == set()


_FIGURES = "52,10 €|€1,234.50|8400|112|+371|9001 0000 033|EL-7KQ4-XH3M|11:05|15.03.2026|99/99/9999|½|²|٣|❷"
_WORDS = "2020. gada |20. marta|20 March 2020|daļās| dienas|kWh|Nr. |https://|elektrum.lv|a@b.lv|°C|•••|1️⃣"
pieces = st.sampled_from([*_FIGURES.split("|"), *_WORDS.split("|"), *"•/–-()„”😀€%\ud800\n .,"])
any_text = st.lists(pieces | st.text(max_size=4) | st.from_regex(r"[0-9][0-9 .,]{0,12}", fullmatch=True), max_size=8)


@settings(max_examples=1000, deadline=None)
@given(parts=any_text, language=st.sampled_from(LANGUAGES))
@example(parts=["1" * 5000], language="lv")
@example(parts=["1" * 5000, "€"], language="en")
@example(parts=["0. pants"], language="lv")
def test_any_text_can_be_spoken(parts: list[str], language: str) -> None:
    said = spoken("".join(parts), language)
    assert [sign for sign in unspeakable(said) if sign != "http"] == []
    assert said == said.strip()
