"""The gate: messages whose reply does not depend on their intent, and those that it passes unchanged."""

import copy
from typing import Any

import pytest
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.domain_names import Intent
from bot.message_limits import MESSAGE_LIMIT
from bot.nlu.gate import Gate
from bot.nlu.input_limits import input_problem
from bot.parse_result import LANGUAGE, OTHER, PROBLEM, QUESTIONS

LATVIAN = {"code": "lv", "confidence": 0.99, "decided": True}
FOREIGN = {"code": OTHER, "confidence": 1.0, "decided": True}


@pytest.fixture
def gate() -> Gate:
    """The gate with its defaults: limit 2000, threshold 0.35, danger 0.5."""
    return Gate(Gate.get_default_config())


def message(
    text: str, intent: str | None = "ask_contact", confidence: float = 0.9, language: dict[str, Any] = LATVIAN
) -> Message:
    """A message as the components before the gate leave it."""
    return Message({TEXT: text, INTENT: {"name": intent, "confidence": confidence}, LANGUAGE: language})


def decided(gate: Gate, one: Message) -> str:
    """The intent after the gate."""
    gate.process([one])
    return str(one.get(INTENT)["name"])


UNREADABLE = [
    pytest.param("", "empty", id="empty"),
    pytest.param("   ", "empty", id="spaces"),
    pytest.param("\t\n\r\n\u00a0", "empty", id="other white space"),
    pytest.param(" " * (MESSAGE_LIMIT + 1), "empty", id="long white space"),
    pytest.param("ā" * (MESSAGE_LIMIT + 1), "too_long", id="too long by one"),
    pytest.param("nav gaismas " * 1000, "too_long", id="far too long"),
    pytest.param("👍", "no_words", id="one emoji"),
    pytest.param("😡😡😡 👨‍👩‍👧", "no_words", id="several emoji"),
    pytest.param("?!…", "no_words", id="punctuation"),
    pytest.param("\x00\x01\x1b", "no_words", id="control characters"),
    pytest.param("\u200b\u2060\ufeff", "no_words", id="invisible characters"),
]


@pytest.mark.parametrize(("text", "problem"), UNREADABLE)
def test_what_cannot_be_read_is_named(gate: Gate, text: str, problem: str) -> None:
    one = message(text)
    gate.process([one])
    assert one.get(PROBLEM) == problem


@pytest.mark.parametrize(("text", "problem"), UNREADABLE)
def test_what_cannot_be_read_gets_the_fallback(gate: Gate, text: str, problem: str) -> None:
    assert decided(gate, message(text)) == DEFAULT_NLU_FALLBACK_INTENT_NAME


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ā" * MESSAGE_LIMIT, id="as long as may be"),
        pytest.param("jā", id="one word"),
        pytest.param("8400", id="digits"),
        pytest.param("👍 jā", id="emoji and a word"),
        pytest.param("да", id="another script"),
    ],
)
def test_what_can_be_read_is_no_problem(text: str) -> None:
    assert input_problem(text, MESSAGE_LIMIT) is None


def test_lone_surrogates_are_no_words() -> None:
    assert input_problem("\ud800\udfff", MESSAGE_LIMIT) == "no_words"


def test_a_problem_is_part_of_the_parse_result(gate: Gate) -> None:
    """The channel and the actions read it from there."""
    one = message("👍")
    gate.process([one])
    assert one.as_dict(only_output_properties=True)[PROBLEM] == "no_words"


@pytest.mark.parametrize("text", ["", "👍", "\x00"])
def test_a_message_that_was_not_classified_gets_the_fallback(gate: Gate, text: str) -> None:
    """The classifier skips messages without text, so they have no intent."""
    assert decided(gate, Message({TEXT: text})) == DEFAULT_NLU_FALLBACK_INTENT_NAME


@pytest.mark.parametrize("text", ["8400", "12345678", "1234 5678", "46,20 €", "25.03.2020", "8400?"])
@pytest.mark.parametrize("confidence", [0.1, 0.9])
def test_digits_alone_are_a_detail(gate: Gate, text: str, confidence: float) -> None:
    assert decided(gate, message(text, confidence=confidence)) == "inform"


@pytest.mark.parametrize("confidence", [0.1, 0.9])
@pytest.mark.parametrize("intent", ["ask_contact", "inform", "greet"])
def test_another_language_is_out_of_scope(gate: Gate, intent: str, confidence: float) -> None:
    assert decided(gate, message("Когда откроется центр?", intent, confidence, FOREIGN)) == "out_of_scope"


def test_asking_for_a_language_in_that_language_stays(gate: Gate) -> None:
    assert decided(gate, message("по-русски можно?", "change_language", 0.8, FOREIGN)) == "change_language"


def test_an_unsure_request_in_another_language_is_asked_back(gate: Gate) -> None:
    assert decided(gate, message("по-русски?", "change_language", 0.3, FOREIGN)) == DEFAULT_NLU_FALLBACK_INTENT_NAME


@pytest.mark.parametrize(
    ("confidence", "intent"),
    [
        (0.0, DEFAULT_NLU_FALLBACK_INTENT_NAME),
        (0.3499, DEFAULT_NLU_FALLBACK_INTENT_NAME),
        (0.35, "ask_contact"),
        (1.0, "ask_contact"),
    ],
)
def test_an_unsure_intent_is_asked_back(gate: Gate, confidence: float, intent: str) -> None:
    assert decided(gate, message("kā jūs sasniegt", confidence=confidence)) == intent


def test_an_unsure_intent_is_no_problem_of_the_text(gate: Gate) -> None:
    one = message("kā jūs sasniegt", confidence=0.1)
    gate.process([one])
    assert one.get(PROBLEM) is None


@pytest.mark.parametrize(
    ("setting", "text", "confidence", "intent"),
    [
        ({"threshold": 0.95}, "kā jūs sasniegt", 0.9, DEFAULT_NLU_FALLBACK_INTENT_NAME),
        ({"threshold": 0.1}, "kā jūs sasniegt", 0.2, "ask_contact"),
        ({"limit": 5}, "kā jūs sasniegt", 0.9, DEFAULT_NLU_FALLBACK_INTENT_NAME),
        ({"limit": 9999}, "ā" * 9000, 0.9, "ask_contact"),
    ],
)
def test_limits_come_from_the_configuration(
    setting: dict[str, float], text: str, confidence: float, intent: str
) -> None:
    gate = Gate({**Gate.get_default_config(), **setting})
    assert decided(gate, message(text, confidence=confidence)) == intent


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Vads uz zemes, dzirksteļo!", id="short"),
        pytest.param("Vads uz zemes, dzirksteļo! " * 200, id="too long"),
        pytest.param("🔥🔥🔥", id="emoji only"),
        pytest.param("911", id="digits only"),
    ],
)
def test_danger_passes_whatever_is_wrong_with_the_message(gate: Gate, text: str) -> None:
    one = message(text, Intent.REPORT_DANGER, 0.5)
    assert decided(gate, one) == Intent.REPORT_DANGER


def test_danger_that_is_too_long_is_no_problem(gate: Gate) -> None:
    one = message("Vads uz zemes, dzirksteļo! " * 200, Intent.REPORT_DANGER, 0.8)
    gate.process([one])
    assert one.get(PROBLEM) is None


def test_doubtful_danger_does_not_excuse_a_message_that_is_too_long(gate: Gate) -> None:
    assert decided(gate, message("a" * 3000, Intent.REPORT_DANGER, 0.49)) == DEFAULT_NLU_FALLBACK_INTENT_NAME


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mamma ir pie skābekļa aparāta, nav strāvas", "lv"),
        ("man maajaas elposhanas aparaats", "lv"),
        ("vīram dialīze mājās, vai atslēgs?", "lv"),
        ("bērnam inhalators, cik ilgi nebūs gaismas", "lv"),
        ("mājās medicīniskā ierīce, vai mani atslēgs", "lv"),
        ("my son needs his ventilator", "en"),
        ("he is on oxygen, how do I pay the bill", "en"),
        ("dialysis at home", "en"),
        ("we have life support equipment", "en"),
        ("she uses a medical device", "en"),
    ],
)
@pytest.mark.parametrize("confidence", [0.1, 0.95])
def test_life_support_is_danger_whatever_the_intent(gate: Gate, text: str, code: str, confidence: float) -> None:
    assert decided(gate, message(text, "check_invoice", confidence, {"code": code})) == Intent.REPORT_DANGER


@pytest.mark.parametrize("text", ["mani atslēdza", "the machine at the office", "support line", "ierīce nestrādā"])
def test_other_devices_and_support_are_no_danger(gate: Gate, text: str) -> None:
    assert decided(gate, message(text)) == "ask_contact"


def test_life_support_counts_in_a_message_that_is_too_long(gate: Gate) -> None:
    assert decided(gate, message("Mammai skābekļa aparāts. " + "Lūdzu! " * 1000)) == Intent.REPORT_DANGER


@pytest.mark.parametrize("language", [None, {}, {"code": "lv", "confidence": 0.0, "decided": False}])
def test_life_support_counts_without_a_language(gate: Gate, language: dict[str, Any] | None) -> None:
    one = Message({TEXT: "inhalators", LANGUAGE: language})
    assert decided(gate, one) == Intent.REPORT_DANGER


@pytest.mark.parametrize(
    "text", ["/ask_contact", "/report_danger", "/", '/inform{"place": "riga_centre"}', "/" + "a" * 3000, "/8400"]
)
@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_payloads_are_untouched(gate: Gate, text: str, confidence: float) -> None:
    """A button's payload names the intent itself; Rasa reads it."""
    one = message(text, confidence=confidence, language=FOREIGN)
    before = copy.deepcopy(one.data)
    gate.process([one])
    assert one.data == before


def test_every_message_of_a_batch_is_decided(gate: Gate) -> None:
    batch = [message("👍"), message("8400"), message("kā jūs sasniegt")]
    gate.process(batch)
    assert [one.get(INTENT)["name"] for one in batch] == [DEFAULT_NLU_FALLBACK_INTENT_NAME, "inform", "ask_contact"]


def test_the_ranking_stays(gate: Gate) -> None:
    """The "did you mean" question offers the most likely intents."""
    one = message("kā jūs sasniegt", confidence=0.2)
    one.set("intent_ranking", [{"name": "ask_contact", "confidence": 0.2}])
    gate.process([one])
    assert one.get("intent_ranking") == [{"name": "ask_contact", "confidence": 0.2}]


PAIR = [{"intent": "ask_contact", "confidence": 0.4, "start": 0, "end": 9}] * 2


def test_two_questions_that_were_found_are_not_asked_back(gate: Gate) -> None:
    one = message("kad, un kā?", confidence=0.3)
    one.set(QUESTIONS, PAIR)
    assert decided(gate, one) == "ask_contact"


def test_a_message_decided_by_the_gate_asks_no_two_questions(gate: Gate) -> None:
    one = message("когда, и как?", language=FOREIGN)
    one.set(QUESTIONS, PAIR)
    gate.process([one])
    assert one.get(QUESTIONS) is None
