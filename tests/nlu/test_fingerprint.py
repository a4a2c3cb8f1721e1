"""What a component's cache key is made of: every module by which it is trained, found by imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.nlu.fingerprint import AT_RUN_TIME, TRAINED, content_digest, file_of, imported_by, training_modules
from bot.training.trained_model import sources

# By hand, so that a mistake in finding them is noticed: what is fitted, written, or made from the sentences.
LEARNING = (
    "bot.domain_names",
    "bot.nlu.aspects",
    "bot.nlu.cascade",
    "bot.nlu.danger_detector",
    "bot.nlu.encoder",
    "bot.nlu.example_weights",
    "bot.nlu.familiarity",
    "bot.nlu.intent_classifier",
    "bot.nlu.language_identifier",
    "bot.nlu.linear",
    "bot.nlu.meaning_space",
    "bot.nlu.segments",
    "bot.nlu.slips",
    "bot.nlu.spelling",
    "bot.nlu.two_questions",
    "bot.nlu.vector_cache",
    "bot.sentence_vectors.e5_file",
    "bot.sentence_vectors.encoder_graph",
    "bot.sentence_vectors.onnx_engine",
    "bot.sentence_vectors.tokens",
    "bot.words.lexicon",
    "bot.words.text",
)


@pytest.mark.parametrize("name", LEARNING)
def test_a_module_that_learns_is_in_the_cache_key(name: str) -> None:
    assert name in training_modules()


@pytest.mark.parametrize("name", [name for name in training_modules() if name not in TRAINED])
def test_a_module_that_learns_uses_none_that_is_left_out(name: str) -> None:
    """Only the components themselves do, for messages."""
    assert set(imported_by(name)) & set(AT_RUN_TIME) <= {"bot.nlu.progress", "bot.nlu.fingerprint"}


@pytest.mark.parametrize("name", AT_RUN_TIME)
def test_what_is_left_out_is_there_and_imported(name: str) -> None:
    assert any(name in imported_by(component) for component in TRAINED)


@pytest.mark.parametrize("component", TRAINED)
def test_training_uses_nothing_that_is_left_out(component: str) -> None:
    left_out = set(AT_RUN_TIME) - {"bot.nlu.progress", "bot.nlu.fingerprint"}
    tree = ast.parse(file_of(component).read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in left_out
        for alias in node.names
    }
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert "train" in functions
    assert imported & set(used(functions, "train")) == set()


def used(functions: dict[str, ast.FunctionDef], name: str) -> Iterator[str]:
    """The names in a function, and in the functions of its module that it names, but for where messages are set up."""
    seen, open_ones = {name, "_know"}, [name]
    while open_ones:
        for node in ast.walk(functions[open_ones.pop()]):
            word = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if word:
                yield word
            if word in functions and word not in seen:
                seen.add(word)
                open_ones.append(word)


def test_a_change_of_them_needs_another_model() -> None:
    assert set(map(file_of, training_modules())) <= set(sources())


def test_a_word_list_changes_the_cache_key(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("rēķins", encoding="utf-8")
    before = content_digest([words])
    words.write_text("rēķini", encoding="utf-8")
    assert content_digest([words]) != before
