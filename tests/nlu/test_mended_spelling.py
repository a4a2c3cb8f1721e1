"""Spelling correction: diacritics are restored, typing errors corrected, and correct words left alone."""

from pathlib import Path

import pytest

from bot.nlu.spelling import LONGEST, Spelling

TRAINED = [
    "Kad jūs atslēgsiet strāvu?",
    "Es kavēju rēķinu, vai mani atslēgs?",
    "mans rekins nav atnacis",
    "Will you disconnect me?",
    "atslēgs, atslēgs, elektrība, payment, electricity",
    "elektrum elektrum elektrum",
    "disconect disconect disconnect",
]


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling.learn(TRAINED)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # diacritics left out, doubled vowels, digraphs, half diacritics
        ("rekins", "rēķins"),
        ("reekins", "rēķins"),
        ("rēkins", "rēķins"),
        ("shodien", "šodien"),
        ("jus", "jūs"),
        ("vai mani atslegs", "vai mani atslēgs"),
        ("elektriba", "elektrība"),
        # typing errors: a letter omitted, doubled, transposed, or a neighbouring key
        ("elekriba", "elektrība"),
        ("disconnnect", "disconnect"),
        ("disconect", "disconnect"),
        ("paymnet", "payment"),
        ("elwctricity", "electricity"),
        # already correct
        ("too", "too"),
        ("see", "see"),
        ("off", "off"),
        ("kā", "kā"),
        ("ka", "ka"),
        ("parādās", "parādās"),
        # words that only the training sentences know
        ("elektrum", "elektrum"),
        ("elektrm", "elektrum"),
        # misspelt words that are off-topic: a rarer correct word might be meant
        ("faktūra", "faktūra"),
        ("deferral", "deferral"),
        # no words
        ("8400", "8400"),
        ("", ""),
        ("?!", "?!"),
        ("xqzwv", "xqzwv"),
        ("disconecttt" * LONGEST, "disconecttt" * LONGEST),
    ],
)
def test_a_word_as_meant(spelling: Spelling, written: str, meant: str) -> None:
    assert spelling.mended(written) == meant


def test_what_stands_between_words_stays(spelling: Spelling) -> None:
    assert spelling.mended("Rekins Nr. 12-7, 45,30 € (rekins)!") == "rēķins nr. 12-7, 45,30 € (rēķins)!"


def test_a_short_unknown_word_is_left_alone(spelling: Spelling) -> None:
    """Three letters are one typing error (edit distance 1) from many words."""
    assert spelling.mended("kvh") == "kvh"


def test_words_are_the_same_after_saving_and_loading(spelling: Spelling, tmp_path: Path) -> None:
    spelling.save(tmp_path / "words")
    loaded = Spelling.load(tmp_path / "words")
    text = "kad elekriba bus atpakal, disconect"
    assert loaded.mended(text) == spelling.mended(text)


def test_saving_twice_writes_the_same(spelling: Spelling, tmp_path: Path) -> None:
    spelling.save(tmp_path / "one")
    Spelling.learn(TRAINED).save(tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_sentences_does_not_matter(order: int) -> None:
    """Customers write without diacritics more often than with, so the bare word may well come first."""
    sentences = ["vai mani atslegs", "kad atslegs", "atslegs nost", "atslēgs, atslēgs, atslēgs"]
    assert Spelling.learn(sentences[::order]).mended("atslegs") == "atslēgs"
