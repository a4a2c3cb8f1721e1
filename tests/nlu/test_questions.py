"""Two questions in one message: where it is split, and when two predictions count as two questions."""

from collections.abc import Sequence

import pytest

from bot.nlu.two_questions import LONGEST, MOST_CUTS, Margins, asks, cuts, margin, two_questions

MARGINS = Margins(asked=0.4, stated=0.8)
ANSWERABLE = frozenset({"closed", "cut_off", "bill"})
WORDS = {"centr": "closed", "atslēg": "cut_off", "rēķin": "bill", "paldies": "thank"}


def by_words(text: str, confidence: float) -> dict[str, float]:
    """A fake classifier that knows four words: confident if one of them occurs, undecided if several or none do."""
    intents = [intent for word, intent in WORDS.items() if word in text.lower()]
    rest = (1.0 - confidence) / 4 if len(intents) == 1 else 0.0
    shared = {intent: (confidence if rest else 1.0 / len(intents)) for intent in intents} or {"unknown": 1.0}
    return {intent: shared.get(intent, rest) for intent in [*WORDS.values(), "unknown"]}


def found(text: str, confidence: float = 0.8) -> list[str] | None:
    """The intents of a message's two questions."""

    def classify(texts: Sequence[str]) -> list[dict[str, float]]:
        return [by_words(one, confidence) for one in texts]

    pair = two_questions(text, "lv", classify, classify, ANSWERABLE, MARGINS)
    return [question.intent for question in pair] if pair else None


@pytest.mark.parametrize(
    ("text", "language", "sides"),
    [
        ("Vai centrs ir ciet? Vai mani atslēgs?", "lv", ["Vai centrs ir ciet?", "Vai mani atslēgs?"]),
        ("vai centrs ir ciet un vai mani atslēgs", "lv", ["vai centrs ir ciet", "vai mani atslēgs"]),
        ("Cik esmu parādā, kā arī kur maksāt?", "lv", ["Cik esmu parādā", "kur maksāt?"]),
        ("Kur maksāt rēķinu? Un vēl, kad atvērs centru?", "lv", ["Kur maksāt rēķinu?", "kad atvērs centru?"]),
        ("Kur maksāt rēķinu – kad atvērs centru?", "lv", ["Kur maksāt rēķinu", "kad atvērs centru?"]),
        ("Kur maksāt? Un ja maksāšu vēlāk, kas būs?", "lv", ["Kur maksāt?", "ja maksāšu vēlāk, kas būs?"]),
        ("is it open and will you cut me off", "en", ["is it open", "will you cut me off"]),
        ("Is it open? Also, one more thing: where do I pay?", "en", ["Is it open?", "where do I pay?"]),
    ],
)
def test_a_message_is_cut_between_its_questions(text: str, language: str, sides: list[str]) -> None:
    assert sides in [[text[start:end] for start, end in sides] for sides in cuts(text, language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vai centrs Rīgā ir ciet?", "lv"),
        ("Labdien, vai strādājat?", "lv"),  # a greeting is one word
        ("Vai mani atslēgs, un līdz kuram laikam?", "lv"),  # has no subject of its own
        ("Vai mani atslēgs, ja nesamaksāšu laikā?", "lv"),
        ("Ja nesamaksāšu laikā, vai mani atslēgs?", "lv"),
        ("will you cut me off, if i pay late", "en"),
        ("Andrejs un Anna", "lv"),
        ("", "lv"),
    ],
)
def test_nothing_is_cut_where_one_side_is_no_question_of_its_own(text: str, language: str) -> None:
    assert cuts(text, language) == []


def test_cuts_are_few_in_a_text_of_many_sentences() -> None:
    assert len(cuts("Vai mani atslēgs? " * 50, "lv")) == MOST_CUTS


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("Vai centrs ir ciet? Vai mani atslēgs?", ["closed", "cut_off"]),
        ("Vai mani atslēgs? Vai centrs ir ciet?", ["cut_off", "closed"]),
        ("Vai centrs ir ciet? Kad centrs būs vaļā?", None),  # the same intent twice
        ("Vai centrs ir ciet? Paldies par atbildi!", None),  # thanks are not a question to answer
        ("Man ir liels rēķins. Vai mani atslēgs?", None),  # a statement says why
    ],
)
def test_two_different_questions_that_can_be_answered_are_found(text: str, intents: list[str] | None) -> None:
    assert found(text) == intents


def test_a_statement_counts_as_a_question_where_its_intent_is_surer() -> None:
    assert found("Man ir liels rēķins. Vai mani atslēgs?", confidence=0.99) == ["bill", "cut_off"]


def test_questions_that_the_model_is_unsure_of_are_not_taken_apart() -> None:
    assert found("Vai centrs ir ciet? Vai mani atslēgs?", confidence=0.5) is None


@pytest.mark.parametrize(
    ("first", "second", "whole", "expected"),
    [
        ({"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 1.0}, {"a": 0.5, "b": 0.5}, 1.5),  # two things, the whole torn
        ({"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 1.0}, {"a": 1.0, "b": 0.0}, 1.0),  # the whole is about the first
        ({"a": 1.0, "b": 0.0}, {"a": 1.0, "b": 0.0}, {"a": 1.0, "b": 0.0}, 0.0),  # one thing
    ],
)
def test_the_margin_is_wider_the_more_two_sides_are_about_two_things(
    first: dict[str, float], second: dict[str, float], whole: dict[str, float], expected: float
) -> None:
    assert margin(first, second, whole) == pytest.approx(expected)


def test_sentence_vectors_are_spared_where_the_characters_see_one_question() -> None:
    asked: list[str] = []

    def glance(texts: Sequence[str]) -> list[dict[str, float]]:
        return [by_words(one, 0.5) for one in texts]

    def classify(texts: Sequence[str]) -> list[dict[str, float]]:
        asked.extend(texts)
        return [by_words(one, 0.99) for one in texts]

    assert two_questions("Vai centrs ir ciet? Vai mani atslēgs?", "lv", glance, classify, ANSWERABLE, MARGINS) is None
    assert asked == []


def test_a_letter_is_not_taken_apart() -> None:
    assert found("Vai centrs ir ciet? Vai mani atslēgs? " + "a" * LONGEST) is None


@pytest.mark.parametrize(
    ("text", "asking"),
    [
        ("kad atvērs centru", True),
        ("centrs ir ciet?", True),
        ("Parādiet manu rēķinu", True),
        ("where do i pay", True),
        ("centrs ir ciet", False),
        ("my bill never came", False),
    ],
)
def test_questions_and_requests_are_told_by_their_form(text: str, asking: bool) -> None:
    assert asks(text) is asking
