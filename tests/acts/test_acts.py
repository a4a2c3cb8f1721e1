"""Greetings, thanks, goodbyes, yes, no and maybe, and what cannot be undone: the model on sentences written blind."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from actions.interruptions import ENOUGH
from bot.domain_names import IRREVERSIBLE
from bot.nlu.complaints import asks_about_complaints
from bot.parse_result import ParseResult
from bot.settings import LANGUAGES
from bot.training.sentences import training
from bot.words.text import fold

if TYPE_CHECKING:
    from bot.rasa.local_assistant import LocalAssistant

pytestmark = pytest.mark.model
HALVES = ("seen", "kept")  # of the sentences; the files explain it
# Intents that are right for every sentence of a kind.
RIGHT = {
    "leaving_a_form": {"goodbye", "cancel", "deny"},
    "plain_goodbye": {"goodbye"},
    "plain_person": {"request_human"},
    "plain_complaint": {"complain"},
    "plain_cancel": {"cancel"},
    "beginning": {"greet", "help"},
}
NEVER = {"unsure": {"affirm", "deny"}, "not_a_person": {"request_human"}, "strange": set(IRREVERSIBLE)}
ASKED_FIRST_IS_RIGHT = {"strange", "not_a_person"}
AT_ONCE = {"plain_goodbye", "plain_person", "plain_complaint", "plain_cancel", "leaving_a_form"}
WANTED = 0.85  # required accuracy of a kind in both languages together; for STRICT, all
STRICT = {"strange"}


@lru_cache(maxsize=2)
def sentences(half: str) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """By kind and language: {"say", "intents" where they differ by sentence}."""
    path = Path(__file__).parent / f"{half}.yml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def is_right(kind: str, language: str, one: dict[str, Any], parsed: ParseResult) -> bool:
    """Whether a sentence is handled correctly: gets its intent, or avoids what it must not do."""
    intent, doubtful = parsed.intent, parsed.is_doubtful
    going = sum(one.confidence for one in parsed.ranking if one.intent in ("goodbye", "cancel"))
    if kind in AT_ONCE and doubtful and not (kind == "leaving_a_form" and going >= ENOUGH):
        return False
    if kind == "about_a_complaint":
        return intent != "complain" or doubtful or asks_about_complaints(one["say"], language)
    if kind in NEVER:
        return intent not in NEVER[kind] or (doubtful and kind in ASKED_FIRST_IS_RIGHT)
    return intent in one.get("intents", RIGHT.get(kind, ()))


@pytest.mark.parametrize("kind", sentences("seen"))
@pytest.mark.parametrize("half", HALVES)
async def test_what_is_said_leads_where_it_should(loaded: "LocalAssistant", half: str, kind: str) -> None:
    said = [(language, one) for language, several in sentences(half)[kind].items() for one in several]
    parsed = [(language, one, await loaded.parse(one["say"])) for language, one in said]
    wrong = [(one["say"], found.intent) for language, one, found in parsed if not is_right(kind, language, one, found)]
    assert len(wrong) <= (0 if kind in STRICT else len(said) * (1 - WANTED)), wrong


def test_both_halves_have_the_same_kinds() -> None:
    assert list(sentences("seen")) == list(sentences("kept"))


@pytest.mark.parametrize("half", HALVES)
def test_hardly_a_sentence_is_trained_on(half: str) -> None:
    """Common phrases were training examples before; a memorised sentence proves nothing."""
    known = {fold(one.text) for language in LANGUAGES for one in training(language)}
    kinds = sentences(half).values()
    said = [one["say"] for kind in kinds for several in kind.values() for one in several if len(one["say"].split()) > 3]
    assert sum(fold(text) in known for text in said) <= 0.05 * len(said)
