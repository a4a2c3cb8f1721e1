"""Texts crafted to be expensive: unreadable text is not encoded, and the end of a long text is still classified."""

import random

import numpy as np
import pytest

from bot.message_limits import MESSAGE_LIMIT
from bot.nlu.encoder import TOKEN_LIMIT, E5Encoder, e5
from bot.nlu.input_limits import LONG, endings, input_problem, is_worth_encoding
from bot.nlu.spelling import MOST_MENDED, Spelling
from bot.words import lexicon
from bot.words.lexicon import PhraseFinder, document, word_pattern

STORY = {
    "lv": "Man ir jautājums par rēķinu, ko saņēmu pagājušajā nedēļā, un es to gribētu samaksāt vēlāk. ",
    "en": "I have a question about the bill that I received last week, and I would like to pay it later. ",
}
SIGNS = {
    "emoji": "😀🎉🔥",
    "joined emoji": "👩‍👩‍👧‍👦",
    "emoji with spaces": "😀 ",
    "commas": ",",
    "brackets": "([{<",
    "quotation marks": "\"'„“",
    "combining marks": "a\u0301\u0323\u0335\u0304",
    "lines": "-----\n",
}


@pytest.fixture(scope="module")
def encoder() -> E5Encoder:
    found = e5()
    assert isinstance(found, E5Encoder)
    return found


@pytest.mark.parametrize("signs", SIGNS.values(), ids=SIGNS)
def test_signs_are_no_words(signs: str) -> None:
    text = (signs * MESSAGE_LIMIT)[:MESSAGE_LIMIT]
    assert (input_problem(text, MESSAGE_LIMIT), is_worth_encoding(text, foreign=False)) == ("no_words", False)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(STORY["lv"] * 20, id="a Latvian letter"),
        pytest.param(STORY["en"] * 20, id="an English letter"),
        pytest.param("Paldies!!! 😀😀😀 Viss izdevās, bet rēķins nav atnācis 😀😀😀😀😀😀😀😀", id="a merry customer"),
        pytest.param("Rādījumi: 1234,5; 2345,6; 3456,7; 4567,8; 5678,9; 6789,0; 7890,1; 8901,2", id="readings"),
    ],
)
def test_what_people_write_is_read(text: str) -> None:
    assert (
        input_problem(text[:MESSAGE_LIMIT], MESSAGE_LIMIT),
        is_worth_encoding(text[:MESSAGE_LIMIT], foreign=False),
    ) == (None, True)


def test_another_language_is_encoded_only_where_it_may_ask_for_ours() -> None:
    asked = "Вы говорите по-русски?"
    assert is_worth_encoding(asked, foreign=True)
    assert not is_worth_encoding(asked * (LONG // len(asked) + 1), foreign=True)


@pytest.mark.parametrize("signs", [*SIGNS.values(), "漢字", "a,", "q ", "ab😀"])
def test_tokens_are_capped(encoder: E5Encoder, signs: str) -> None:
    assert len(encoder.pieces(signs * MESSAGE_LIMIT)) <= TOKEN_LIMIT


def test_what_people_write_is_encoded_whole(encoder: E5Encoder) -> None:
    whole, more = encoder.pieces(STORY["lv"]), encoder.pieces(STORY["lv"] * 2)
    assert len(more) - 2 >= 2 * (len(whole) - 2) - 4  # the begin, the end and the prefix count once


@pytest.mark.parametrize("signs", ["😀🎉🔥", ",", "([{<", "\"'„“", "!?"])
def test_signs_in_a_row_are_not_taken_apart_one_by_one(signs: str) -> None:
    text = "Palīgā" + signs * 500 + "deg māja"
    doc = document(text, "lv")
    assert [token.text for token in doc if not token.is_space] == ["Palīgā", "deg", "māja"]
    assert [text[token.idx : token.idx + len(token)] for token in doc if not token.is_space][-1] == "māja"


def test_words_of_strangers_are_not_kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "MOST_KNOWN", 2000)
    monkeypatch.setattr(lexicon, "_pipelines", lexicon._Pipelines())
    drawn, finder, known = random.Random(1), PhraseFinder({"town": [[word_pattern("rīga")]]}), []
    for _ in range(40):
        words = " ".join("".join(drawn.choices("abcdefghijk", k=7)) for _ in range(200))
        doc = document(f"Rīga {words}", "lv")
        assert [label for label, *_ in finder.find(doc)] == ["town"]
        known.append(len(doc.vocab))
    assert max(known) < 2000 + 1000
    assert finder._matcher.cache_info().currsize == 1


def test_slips_are_looked_for_in_so_many_words() -> None:
    spelling = Spelling({"rekins": {"rēķins": 10**6}})
    mended = spelling.mended("rekinz " * (MOST_MENDED + 50)).split()
    assert (mended.count("rēķins"), mended.count("rekinz")) == (MOST_MENDED, 50)


@pytest.mark.parametrize("language", STORY)
@pytest.mark.parametrize("cry", ["Palīgā!", "Help, fire!", "112"])
def test_the_end_of_a_long_text_is_looked_at(language: str, cry: str) -> None:
    assert cry in endings(STORY[language] * 18 + cry)


def test_a_short_text_has_no_end_of_its_own() -> None:
    assert endings("Deg māja. Palīgā!") == []


def test_an_end_in_another_script_is_nothing_of_ours() -> None:
    assert endings(STORY["lv"] * 10 + "Когда откроется центр?") == []


def test_what_lies_beyond_the_cap_does_not_change_the_vector(encoder: E5Encoder) -> None:
    assert np.array_equal(encoder.encode(["漢字" * 300]), encoder.encode(["漢字" * 400]))
