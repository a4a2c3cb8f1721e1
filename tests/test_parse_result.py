"""Parsing Rasa's parse results, even incomplete stored ones, and the round trip of writing and reading."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.nlu.training_data.message import Message

from bot.domain_names import EntityName, Intent
from bot.nlu.annotations import (
    add_entities,
    forget_questions,
    has_danger_in_part,
    note_danger_in_part,
    note_doubtful,
    note_intent,
    note_language,
    note_problem,
    note_questions,
    note_ranking,
    seen_in,
)
from bot.parse_result import (
    OTHER,
    DetectedLanguage,
    Entity,
    Guess,
    InputProblem,
    ParseResult,
    Question,
    parse_result,
)

TEXT = st.text(max_size=20)
SHARE = st.floats(0, 1)
PLACE = st.integers(0, 2000)
GUESSES = st.builds(Guess, TEXT, SHARE)
RESULTS = st.builds(
    ParseResult,
    text=TEXT,
    intent=st.sampled_from([str(intent) for intent in Intent]),
    confidence=SHARE,
    ranking=st.lists(GUESSES, max_size=3).map(tuple),
    entities=st.lists(st.builds(Entity, TEXT, TEXT, PLACE, PLACE), max_size=3).map(tuple),
    questions=st.lists(st.builds(Question, TEXT, SHARE, PLACE, PLACE), max_size=2).map(tuple),
    language=st.builds(DetectedLanguage, st.sampled_from(["lv", "en", OTHER]), SHARE, is_decided=st.booleans()),
    problem=st.sampled_from([None, *InputProblem]),
    is_doubtful=st.booleans(),
)


def written(result: ParseResult) -> Message:
    """A message with all of a result noted on it."""
    message = Message({"text": result.text})
    if result.ranking:
        note_ranking(message, result.ranking)
    note_intent(message, Guess(str(result.intent), result.confidence))
    add_entities(message, result.entities, "test")
    note_questions(message, result.questions)
    if result.language:
        note_language(message, result.language)
    if result.problem:
        note_problem(message, result.problem)
    if result.is_doubtful:
        note_doubtful(message)
    return message


@given(RESULTS)
def test_what_is_noted_on_a_message_is_read_back(result: ParseResult) -> None:
    message = written(result)
    assert seen_in(message) == result
    assert parse_result({"text": result.text, **message.as_dict(only_output_properties=True)}) == result


@given(RESULTS)
def test_what_is_noted_holds_plain_values_that_rasa_can_store(result: ParseResult) -> None:
    def kinds(value: Any) -> set[type]:
        if isinstance(value, dict):
            return {kind for inner in (*value, *value.values()) for kind in kinds(inner)}
        return {kind for inner in value for kind in kinds(inner)} if isinstance(value, list) else {type(value)}

    assert kinds(written(result).data) <= {str, int, float, bool}


def test_names_are_noted_as_plain_text() -> None:
    message = Message({"text": "Rīgā"})
    note_intent(message, Guess(Intent.INFORM, 1.0))
    add_entities(message, [Entity(EntityName.PLACE, "riga_centre", 0, 4)], "test")
    assert message.get("intent") == {"name": "inform", "confidence": 1.0}
    assert type(message.get("intent")["name"]) is str
    assert type(message.get("entities")[0]["entity"]) is str


def test_questions_that_were_forgotten_are_none() -> None:
    message = written(ParseResult(intent="greet", questions=(Question("greet", 0.5, 0, 2),)))
    forget_questions(message)
    assert seen_in(message).questions == ()


def test_danger_in_part_is_no_part_of_the_parse_result() -> None:
    message = Message({"text": "a"})
    assert not has_danger_in_part(message)
    note_danger_in_part(message)
    assert has_danger_in_part(message)
    assert "danger_in_part" not in message.as_dict(only_output_properties=True)


@pytest.mark.parametrize(
    "parsed",
    [
        None,
        {},
        {"intent": None, "entities": None, "intent_ranking": None, "questions": None, "language": None},
        {"intent": {}, "text": None, "metadata": None},
        {"intent": {"name": None, "confidence": None}, "language": {}},
        {"language": "fr"},
        {"input_problem": "what nobody knows any more"},
    ],
)
def test_what_lacks_everything_is_read_as_nothing(parsed: dict[str, Any] | None) -> None:
    assert parse_result(parsed) == ParseResult()


@pytest.mark.parametrize(
    ("parsed", "language"),
    [
        (
            {"language": {"code": "en", "confidence": 0.8, "decided": True}},
            DetectedLanguage("en", 0.8, is_decided=True),
        ),
        ({"language": {"code": "en"}}, DetectedLanguage("en", 0.0, is_decided=False)),
        ({"language": "lv"}, DetectedLanguage("lv", 1.0, is_decided=True)),
        ({"metadata": {"language": "lv"}}, DetectedLanguage("lv", 1.0, is_decided=True)),
        ({"language": {"decided": True}}, DetectedLanguage(None, 0.0, is_decided=True)),
    ],
)
def test_a_language_is_read_in_every_form_that_was_stored(parsed: dict[str, Any], language: DetectedLanguage) -> None:
    assert parse_result(parsed).language == language


def test_an_entity_without_its_place_stands_at_the_beginning() -> None:
    assert parse_result({"entities": [{"entity": "choice", "value": 3}]}).entities == (Entity("choice", "3", 0, 0),)


def test_values_of_an_entity_come_once_and_from_where_they_are_asked_for() -> None:
    found = tuple(Entity("place", value, at, at + 1) for at, value in enumerate(["a", "b", "a", "c"]))
    result = ParseResult(entities=(*found, Entity("date", "d", 1, 2)))
    assert result.values("place") == ["a", "b", "c"]
    assert result.values("place", within=(1, 3)) == ["b", "a"]
