"""The sentences of a message, and which of them ask."""

import pytest

from bot.nlu.segments import begins_question, only_question, segments, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Will you cut me off? Where can I pay?", ["Will you cut me off?", "Where can I pay?"]),
        ("1) Vai muzejs ir slēgts? 2) Kad atvērs?", ["Vai muzejs ir slēgts?", "Kad atvērs?"]),
        ("1. opening day of Riga centre 2. late fees", ["opening day of Riga centre", "late fees"]),
        (
            "do i lose power if i pay late, and is there any help?",
            ["do i lose power if i pay late", "and is there any help?"],
        ),
        ("I lost my job. Will you cut me off?", []),  # one question with its reason
        ("Vai mani atslēgs?", []),
    ],
)
def test_questions(text: str, parts: list[str]) -> None:
    assert [text[one.start : one.end] for one in segments(text)] == parts


def test_sentences_of_a_single_one_are_none() -> None:
    assert sentences("Vai mani atslēgs?") == []


def test_sentences() -> None:
    assert sentences("Mums deg! Ko darīt? Ātri") == ["Mums deg!", "Ko darīt?"]


@pytest.mark.parametrize(("text", "begins"), [("and when does it open", True), ("because I lost my job", False)])
def test_beginnings(text: str, begins: bool) -> None:
    assert begins_question(text) is begins


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("The firemen came. Will you cut me off?", "Will you cut me off?"),
        ("Will you cut me off? Where can I pay?", None),
        ("Will you cut me off?", None),
        ("All is well. Thank you.", None),
    ],
)
def test_only_question(text: str, question: str | None) -> None:
    found = only_question(text)
    assert (text[found.start : found.end] if found else None) == question
