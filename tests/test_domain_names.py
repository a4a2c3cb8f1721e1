"""The names that code shares with Rasa's files match, and are defined once in the code, like our own keys."""

import ast
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME

from actions.confirming import CONFIRMED_BY
from bot import parse_result
from bot.domain_names import IRREVERSIBLE, ActionName, EntityName, Form, Intent, PendingQuestion, Slot
from bot.replies import carried, language, reply
from bot.settings import PROJECT

RULES = sorted((PROJECT / "data" / "rules").rglob("*.yml")) + sorted((PROJECT / "data" / "stories").rglob("*.yml"))
ENUMS: tuple[type[StrEnum], ...] = (Intent, EntityName, Slot, PendingQuestion, Form, ActionName)
NAMES_STAND_IN = PROJECT / "bot" / "domain_names.py"
# Our keys in Rasa's messages, bot events and parse results, by the module that defines them.
KEYS = {
    "bot/replies/carried.py": (
        *(carried.PRIVATE, carried.CLOSES, carried.FAILED, carried.HANDOVER, carried.RESTS_ON, carried.CONVEYED),
    ),
    "bot/replies/language.py": (language.SESSION_LANGUAGE, language.STANDING_LANGUAGE),
    "bot/replies/reply.py": (reply.KEYED,),
    "bot/parse_result.py": (parse_result.PROBLEM, parse_result.DOUBTFUL, parse_result.QUESTIONS),
}


class Allowed(NamedTuple):
    """Where a string may equal a name of the domain; None: anywhere."""

    text: str
    paths: tuple[str, ...] | None
    reason: str


ALLOWED = (
    Allowed("language", None, "a word of its own in metadata, columns, requests and lexicons"),
    Allowed("amount", ("bot/accounts", "bot/replies", "actions/account_replies.py"), "a placeholder, a column"),
    Allowed("month", ("bot/replies",), "a group of a regular expression, a key of the lexicon"),
    Allowed("place", ("bot/privacy",), "a kind of personal data"),
    Allowed("out_of_scope", ("bot/figures",), "a column of the facts of conversations"),
    Allowed("failed", ("bot/figures",), "a column, and a figure"),
    Allowed("places", ("bot/words", "bot/nlu/place_spelling.py", "bot/privacy", "bot/calls"), "the lexicon's name"),
    Allowed("places", ("bot/announcements/announcement_document.py",), "a key of an announcement"),
    Allowed("places", ("bot/cli.py",), "a command"),
    Allowed("place", ("bot/announcements/announcement_document.py",), "what stands in that list, for messages"),
    Allowed("places", ("bot/knowledge/published_places.py",), "the lexicon's name"),
    Allowed("places", ("bot/knowledge/answers.py", "bot/knowledge/topics.py"), "what an answer adds (`news`)"),
    Allowed("questions", ("bot/words", "bot/nlu/segments.py"), "the lexicon's name"),
    Allowed("questions", ("bot/rasa/local_assistant.py",), "a key of the exchange as JSON"),
    Allowed("follow_up", ("bot/words/lexicon.py",), "a group of the lexicon"),
    Allowed("places", ("bot/training", "bot/evaluation"), "the name of a held-out set and its figures"),
    Allowed("places", ("bot/console/announcement_form.py",), "a key of an announcement"),
    Allowed("questions", ("bot/console",), "a key of an announcement's record, and of a preview's content"),
    Allowed("places", ("bot/drafting",), "the lexicon's name, a key of a record"),
    Allowed("person", ("bot/desk/kinds.py",), "the kind of a request, and what is rated, stored with it"),
    Allowed("person", ("bot/channels/messenger/inbox.py",), "a column"),
    Allowed("person", ("bot/calls/review_queue.py",), "who corrected a sentence, stored with it"),
    Allowed("choice", ("bot/accounts/waiting.py",), "what the account's dialogue waits for, stored with it"),
    Allowed("contract_number", ("bot/accounts",), "a column, and a field of the billing system"),
    Allowed("instalments", ("bot/accounts/http_source.py",), "a field of the billing system"),
    Allowed("instalments", ("actions/account_messages.py",), "a key of a wish, stored in the slot"),
    Allowed("outage", ("bot/privacy/address_parts.py",), "a key of the lexicon"),
    Allowed("out_of_scope", ("bot/calls/models.py",), "the problem of a turn, stored with it"),
    Allowed("out_of_scope", ("bot/evaluation/understanding_figures.py",), "a figure's name"),
    Allowed("failed", ("bot/channels/phone/gateways",), "a gateway's word for how a call ended"),
    Allowed("failed", ("bot/chatwoot",), "Chatwoot's word for a message that was not sent"),
    Allowed("private", ("bot/chatwoot",), "a key of Chatwoot's messages: a note"),
    Allowed("private", ("bot/privacy/address_parts.py",), "a key of the lexicon"),
    Allowed("private", ("bot/chatwoot",), "Chatwoot's word for a note"),
    Allowed("failed", ("bot/chatwoot",), "Chatwoot's word for a message that did not arrive"),
    Allowed("questions", ("bot/calls", "bot/evaluation"), "figures' name"),
    Allowed("questions", ("bot/nlu/two_questions.py", "bot/privacy/everyday.py"), "a lexicon's name"),
    Allowed("questions", ("bot/rasa/exchanges.py", "bot/rasa/beside_loop.py"), "a key of `bot parse`; a thread's name"),
    Allowed("questions", ("bot/knowledge/records.py",), "a field of records"),
    Allowed("sign_out", ("bot/channels/web",), "the name of a route"),
    Allowed("also", ("bot/evaluation/conversation_sets.py",), "a key of a turn's label"),
    *(
        Allowed(act, ("bot/knowledge/conveyed.py",), "what a reply does")
        for act in ("cancel", "clarify", "goodbye", "greet", "help", "out_of_scope", "outage", "repeat")
    ),
)


@lru_cache(maxsize=1)
def domain() -> dict[str, Any]:
    """What `domain.yml` says."""
    return dict(yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8")))


def listed(section: str) -> set[str]:
    """The names of a section of the domain, whether plain or with settings."""
    return {str(next(iter(each)) if isinstance(each, dict) else each) for each in domain()[section]}


def named_in_rules(key: str) -> set[str]:
    """The names that rules and stories have under a key, anywhere."""
    return {str(value) for path in RULES for value in _under(key, yaml.safe_load(path.read_text(encoding="utf-8")))}


def _under(key: str, node: object) -> Iterator[object]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == key and value is not None:
                yield value
            yield from _under(key, value)
    elif isinstance(node, list):
        for each in node:
            yield from _under(key, each)


def unknown(members: Iterable[str], known: Iterable[str]) -> list[str]:
    return sorted({str(member) for member in members} - set(known))


def test_intents_are_those_of_the_domain() -> None:
    assert Intent.NLU_FALLBACK == DEFAULT_NLU_FALLBACK_INTENT_NAME
    assert unknown(set(Intent) - {Intent.NLU_FALLBACK}, listed("intents")) == []


@pytest.mark.parametrize(
    ("names", "section"),
    [(EntityName, "entities"), (Slot, "slots"), (Form, "forms"), (ActionName, "actions")],
    ids=["entities", "slots", "forms", "actions"],
)
def test_names_are_those_of_the_domain(names: type[StrEnum], section: str) -> None:
    assert unknown(names, listed(section)) == []


def test_every_entity_slot_and_form_of_the_domain_has_a_name_here() -> None:
    for names, section in ((EntityName, "entities"), (Slot, "slots"), (Form, "forms")):
        assert unknown(listed(section), map(str, names)) == []


def test_pending_questions_are_the_values_of_their_slot() -> None:
    assert sorted(PendingQuestion) == sorted(domain()["slots"][Slot.PENDING_QUESTION]["values"])


def test_forms_ask_for_slots_that_have_a_name() -> None:
    asked = {slot for form in domain()["forms"].values() for slot in form["required_slots"]}
    assert unknown(asked, Slot) == []


def test_every_custom_action_of_the_domain_has_a_name_here() -> None:
    custom = {action for action in listed("actions") if not action.startswith("utter_")}
    assert unknown(custom, ActionName) == []


def test_rules_name_what_the_domain_has() -> None:
    assert RULES
    assert unknown(named_in_rules("intent"), {*listed("intents"), Intent.NLU_FALLBACK}) == []
    rasas_own = {"action_listen", "action_deactivate_loop", "action_unlikely_intent"}
    assert unknown(named_in_rules("action"), listed("actions") | listed("forms") | rasas_own) == []
    assert unknown(named_in_rules("active_loop"), Form) == []


def test_what_cannot_be_undone_is_asked_about_first_or_only_leaves_a_form() -> None:
    assert set(CONFIRMED_BY) == IRREVERSIBLE - {Intent.CANCEL}


def strings_of(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a module, with their lines, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            yield node.lineno, node.value


def is_allowed(text: str, module: str) -> bool:
    return any(one.text == text and (one.paths is None or module.startswith(one.paths)) for one in ALLOWED)


def written_out() -> list[tuple[str, int, str]]:
    """Where a name or a key is written out in the code: module, line, string; intents also as a button's payload."""
    names = {str(member) for names in ENUMS for member in names} | listed("intents")
    names |= {action for action in listed("actions") if not action.startswith("utter_")}
    names |= {f"/{intent}" for intent in listed("intents")}
    keys = {key: module for module, several in KEYS.items() for key in several}
    return [
        (module, line, text)
        for folder in ("bot", "actions")
        for path in sorted((PROJECT / folder).rglob("*.py"))
        if path != NAMES_STAND_IN and "migrations" not in path.parts
        for module in [path.relative_to(PROJECT).as_posix()]
        for line, text in strings_of(path)
        if text in names or keys.get(text, module) != module
    ]


def test_names_and_keys_are_not_written_out_elsewhere() -> None:
    assert [found for found in written_out() if not is_allowed(found[2], found[0])] == []


def test_everything_that_is_allowed_stands_somewhere() -> None:
    found = [(module, text) for module, _, text in written_out()]
    idle = [
        one
        for one in ALLOWED
        if not any(text == one.text and (one.paths is None or module.startswith(one.paths)) for module, text in found)
    ]
    assert idle == []
