"""bot.words.text: customers' text is cleaned, and spelling variants of a word are normalised to one."""

from collections.abc import Callable

import pytest

from bot.words.text import clean, fold, fold_word, letters, without_diacritics


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param("rē\x00ķins", "rēķins", id="NUL"),
        pytest.param("rē\x07ķins\x1b", "rēķins", id="bell and escape"),
        pytest.param("rē\x7fķins", "rēķins", id="delete"),
        pytest.param("\ufeffrēķins", "rēķins", id="byte order mark"),
        pytest.param("rē\u200bķins", "rēķins", id="zero-width space"),
        pytest.param("rē\u2060ķins", "rēķins", id="word joiner"),
        pytest.param("rē\u00adķins", "rēķins", id="soft hyphen"),
        pytest.param("\u202erēķins\u202c", "rēķins", id="right-to-left override"),
        pytest.param("rē\ud800ķins", "rēķins", id="lone high surrogate"),
        pytest.param("rēķins\udfff", "rēķins", id="lone low surrogate"),
        pytest.param("rē\ue000ķins", "rēķins", id="private use"),
        pytest.param("rē\U0010ffffķins", "rēķins", id="unassigned"),
    ],
)
def test_clean_removes_what_cannot_be_read(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param("re\u0304k\u0327ins", "r\u0113\u0137ins", id="decomposed letters"),
        pytest.param("e\u2060\u0304", "\u0113", id="letter and accent parted by a word joiner"),
        pytest.param("r\u0113\u0137ins", "r\u0113\u0137ins", id="composed already"),
    ],
)
def test_clean_composes_letters(raw: str, cleaned: str) -> None:
    """Phones and Macs send decomposed letters; patterns and n-grams know the composed ones."""
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param("vai   jūs", "vai jūs", id="several spaces"),
        pytest.param("  vai jūs ", "vai jūs", id="at the ends"),
        pytest.param("vai\tjūs", "vai jūs", id="tab"),
        pytest.param("vai\r\njūs", "vai jūs", id="line end of Windows"),
        pytest.param("vai\n\n\njūs", "vai jūs", id="empty lines"),
        pytest.param("vai\u00a0jūs", "vai jūs", id="no-break space"),
        pytest.param("vai\u2028jūs", "vai jūs", id="line separator"),
        pytest.param("vai\u3000jūs", "vai jūs", id="ideographic space"),
        pytest.param(" \t\n\u00a0", "", id="nothing but white space"),
    ],
)
def test_clean_makes_white_space_single(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize("text", ["", "Vai centrs ir slēgts?", "46,20 €", "👍", "Привет!", "don't", "„tā”", "x<y>&z"])
def test_clean_leaves_readable_text_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("raw", ["re\u0304k\u0327ins \x00 \u2060 \ud800", " a \u200b b ", "\x01", "e\u200d\u0304  x"])
def test_clean_finds_nothing_more_the_second_time(raw: str) -> None:
    assert clean(clean(raw)) == clean(raw)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("rēķins", "rekins"),
        ("Šodien vaļā?", "Sodien vala?"),
        ("āčēģīķļņšūž", "acegiklnsuz"),
        ("ĀČĒĢĪĶĻŅŠŪŽ", "ACEGIKLNSUZ"),
        ("reekins", "reekins"),
        ("8400 👍", "8400 👍"),
    ],
)
def test_without_diacritics_keeps_everything_else(text: str, bare: str) -> None:
    assert without_diacritics(text) == bare


@pytest.mark.parametrize(
    ("proper", "typed"),
    [
        ("rēķins", "rekins"),
        ("rēķins", "reekins"),
        ("rēķins", "reekjins"),
        ("rēķins", "rēkins"),
        ("rēķins", "RĒĶINS"),
        ("maksājums", "maksaajums"),
        ("atslēgs", "atsleegs"),
        ("atslēgšana", "atslegshana"),
        ("šodien", "shodien"),
        ("čau", "chau"),
        ("žēl", "zheel"),
        ("vaļā", "valjaa"),
        ("ņemt", "njemt"),
        ("Ķegumā", "Kjegumaa"),
        ("ģimene", "gjimene"),
        ("jūnijā", "juunijaa"),
        ("Rīgā", "riigaa"),
        ("šķūnis", "shkjuunis"),
        ("sūdzība", "suudziiba"),
        ("re\u0304k\u0327ins", "rekins"),
    ],
)
@pytest.mark.parametrize("folding", [fold, fold_word])
def test_spellings_of_a_word_meet(folding: Callable[[str], str], proper: str, typed: str) -> None:
    assert folding(typed) == folding(proper)


@pytest.mark.parametrize(
    ("proper", "typed"),
    [
        ("Vai jūs atslēgsiet strāvu?", "vai jus atsleegsiet straavu"),
        ("Kad atvērs centru Rīgā?", "kad atvers centru riigaa"),
        ("Labdien! Kāpēc tik liels rēķins?", "labdien kaapeec tik liels reekjins"),
        ("Šodien vaļā?", "SHODIEN   VALJAA ???"),
        ("numurs", "nummurs"),
        ("paldies", "paldieeees!!!"),
        ("nē", "neeee"),
        ("e-rēķins", "e rekins"),
        ("rē\u2060ķins", "rekins"),
    ],
)
def test_spellings_of_a_sentence_meet(proper: str, typed: str) -> None:
    assert fold(typed) == fold(proper)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("slēgts", "atslēgts", id="closed, disconnected"),
        pytest.param("atslēgums", "atslēgšana", id="outage, disconnection"),
        pytest.param("parādās", "parādā", id="appears, in debt"),
        pytest.param("gada", "gaida", id="of the year, waits"),
        pytest.param("līgums", "līgumsods", id="contract, penalty"),
    ],
)
def test_words_that_mean_something_else_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Vai centrs – slēgts?!", "vai centrs slegts", id="punctuation"),
        pytest.param("„tā”", "ta", id="quotes"),
        pytest.param("46,20 €", "46 20", id="amount"),
        pytest.param("8400", "8400", id="repeated digits stay"),
        pytest.param("👍 ok", "ok", id="emoji"),
        pytest.param("👍", "", id="emoji alone"),
        pytest.param("", "", id="nothing"),
        pytest.param("Привет", "привет", id="another script"),
    ],
)
def test_fold_keeps_words_and_digits_alone(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("8400", 0), ("👍 ?!", 0), ("46,20 €", 0), ("_", 0), ("rēķins 8", 6), ("да", 2)]
)
def test_letters_counts_letters_of_every_script(text: str, count: int) -> None:
    assert letters(text) == count
