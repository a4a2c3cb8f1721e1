"""The training sentences: complete in both languages, consistent, and disjoint from the held-out ones."""

import re
from collections import Counter, defaultdict
from functools import lru_cache

import pytest
import yaml

from bot.domain_names import Intent
from bot.settings import LANGUAGES, PROJECT
from bot.training.sentences import FOLDER, TRAINING, Sentence, held_out, training
from bot.words.text import clean, fold

# Its examples are those of the topics that are published, however many (bot/training/published_examples.py).
PUBLISHED = Intent.ASK_PUBLISHED_TOPIC
ALL_INTENTS: list[str] = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))["intents"]
INTENTS = [intent for intent in ALL_INTENTS if intent != PUBLISHED]
EXAMPLES = {language: training(language) for language in LANGUAGES}
ALL = [sentence for sentences in EXAMPLES.values() for sentence in sentences]
HELD_OUT = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.yml"))
OF_EVERY_INTENT = ("clean", "slips", "spoken", "rough")
LATER = {
    "unsure",
    "resend_code",
    "without_number",
    "why_number",
    "hold_on",
    "sign_out",
    "ask_about_others",
    "ask_day",
    "ask_figures",
    "ask_other_services",
    "follow_up",
    "instruct_assistant",
    "report_despair",
    "report_safe",
    "report_scam",
}  # intents younger than those sets; their sentences stand in tests/acts and data/held_out/conversations
SINGLE = {"ask_day", "ask_figures"}  # which hardly vary
INFORMATION = ("ask_", "check_", "request_payment_extension")


def least(intent: str) -> int:
    """How many examples an intent needs in each language."""
    if intent in SINGLE:
        return 20
    if intent.startswith(INFORMATION):
        return 60
    return 150 if intent == "out_of_scope" else 30


def by_folded(sentences: list[Sentence]) -> dict[str, list[Sentence]]:
    found = defaultdict(list)
    for sentence in sentences:
        found[fold(sentence.text)].append(sentence)
    return found


@lru_cache(maxsize=1)
def known() -> dict[str, list[Sentence]]:
    """Every example, by what is left of it when it is folded."""
    return by_folded(ALL)


@lru_cache(maxsize=len(LANGUAGES))
def examples_of_intents(language: str) -> Counter[str]:
    """How many examples each intent has."""
    return Counter(one.label for one in EXAMPLES[language])


def names(language: str) -> set[str]:
    return {path.name for path in (TRAINING / language).iterdir()}


def test_both_languages_have_the_same_files() -> None:
    assert names("lv") == names("en")


def test_the_languages_have_the_same_intents_in_a_file() -> None:
    """A topic is in the same file in both languages."""
    homes = [{(one.path.name, one.label) for one in EXAMPLES[language]} for language in LANGUAGES]
    assert homes[0] == homes[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_examples_of_every_intent_and_no_other(language: str) -> None:
    assert {one.label for one in EXAMPLES[language]} - {PUBLISHED} == set(INTENTS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("intent", INTENTS)
def test_there_are_enough_examples(intent: str, language: str) -> None:
    assert examples_of_intents(language)[intent] >= least(intent)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_example_stands_twice_in_a_language(language: str) -> None:
    seen = Counter(one.text for one in EXAMPLES[language])
    assert [one.place for one in EXAMPLES[language] if seen[one.text] > 1] == []


def test_no_folded_example_belongs_to_two_intents() -> None:
    """For the models they are one sentence with two labels."""
    torn = [group for group in known().values() if len({one.label for one in group}) > 1]
    assert [[(one.place, one.label, one.text) for one in group] for group in torn] == []


def test_every_example_has_something_to_learn_from() -> None:
    assert [one.place for one in ALL if not fold(one.text)] == []


def test_no_example_has_characters_that_are_cleaned_away() -> None:
    assert [one.place for one in ALL if clean(one.text) != one.text] == []


@pytest.mark.parametrize("name", HELD_OUT)
def test_no_held_out_sentence_is_trained_on(name: str) -> None:
    """Neither verbatim nor folded: a memorised sentence says nothing about generalisation."""
    folded = [(one, fold(one.text)) for one in held_out(name)]
    assert [(one.place, one.text, known()[text][0].place) for one, text in folded if text in known()] == []


@pytest.mark.parametrize("name", [name for name in HELD_OUT if not name.endswith(("others", "places"))])
def test_held_out_sentences_have_intents_of_the_domain(name: str) -> None:
    assert {intent for one in held_out(name) for intent in one.label.split("+")} <= set(INTENTS)


@pytest.mark.parametrize("name", [name for name in HELD_OUT if name.split("/")[-1].startswith(OF_EVERY_INTENT)])
def test_held_out_sentences_cover_every_intent(name: str) -> None:
    assert set(INTENTS) - LATER <= {one.label for one in held_out(name)} <= set(INTENTS)


@pytest.mark.parametrize("name", HELD_OUT)
def test_no_held_out_sentence_stands_twice_in_a_file(name: str) -> None:
    seen = Counter(one.text for one in held_out(name))
    assert [text for text, times in seen.items() if times > 1] == []


@pytest.mark.parametrize("intent", ALL_INTENTS)
def test_the_documentation_explains_every_intent(intent: str) -> None:
    assert f"`{intent}`" in (PROJECT / "docs" / "intents.md").read_text(encoding="utf-8")


def test_the_documentation_sorts_sentences_into_intents_of_the_domain() -> None:
    """The second column of the table under "Borders"."""
    borders = (PROJECT / "docs" / "intents.md").read_text(encoding="utf-8").split("## Borders")[1]
    sorted_into = re.findall(r"^\| [^|]+ \| ([a-z_]+) \|", borders, re.MULTILINE)
    assert set(sorted_into) - set(INTENTS) == {"intent"}, "only the heading is no intent"
