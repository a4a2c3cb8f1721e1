"""The review queue: turns of recorded calls that wait for a person's decision."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.calls.models import RecordedCall, RecordedTurn, ReviewDecision
from bot.calls.review_queue import (
    IntentGuess,
    ReviewError,
    ReviewItem,
    analysed,
    correct,
    decide,
    disagreements,
    find,
    key_of,
    queue,
)
from bot.storage.engine import session_scope

pytestmark = pytest.mark.both_databases
NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)


def heard(session: Session, call: str, *turns: dict[str, object]) -> None:
    """A call with these turns; what they leave out is a Latvian customer's turn of low confidence."""
    of_call = {"source": "made up", "model": "m", "topics": [], "requests": [], "summary": ""}
    session.add(RecordedCall(id=call, held_at=NOON, imported_at=NOON, **of_call))
    session.flush()
    usual = {"role": "customer", "problem": "low_confidence", "language": "lv", "alternatives": [], "entities": []}
    for position, turn in enumerate(turns):
        session.add(RecordedTurn(call_id=call, position=position, **{**usual, **turn}))
    session.flush()


def texts(items: Iterable[ReviewItem]) -> list[str]:
    return [item.text for item in items]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Kur ir rēķins?", "kur ir rekins", True),
        ("Kur  ir,\trēķins!", "KUR IR RĒĶINS", True),
        ("STRASSE", "straße", True),
        ("don't cut", "dont cut", True),
        ("kur\u200b ir", "kur ir", True),
        ("ro\u0304ti", "rōti", True),
        ("kur ir", "kurir", False),
        ("120 €", "120", False),
        ("rekins 12", "rekins 13", False),
    ],
)
def test_spellings_of_one_sentence_have_one_key(one: str, other: str, same: bool) -> None:
    assert (key_of(one) == key_of(other)) is same
    assert len(key_of(one)) == 64


def test_turns_are_put_together_and_the_most_frequent_comes_first(session: Session) -> None:
    heard(session, "c1", {"text": "kur ir mans žirgs"}, {"text": "Ko dara zilonis?"})
    heard(
        session,
        "c2",
        {"text": "Ko dara zilonis?", "intent": "ask_contact", "intent_confidence": 0.3},
        {"text": "ko DARA, zilonis", "problem": "out_of_scope", "language": "en", "intent": "out_of_scope"},
    )
    heard(session, "c3", {"text": "ko dara zilonis", "intent": "ask_contact", "intent_confidence": 0.2})
    first, second = queue(session)
    assert first == ReviewItem(
        key=key_of("ko dara zilonis"),
        text="Ko dara zilonis?",
        count=4,
        language="lv",
        reasons=("low_confidence", "out_of_scope"),
        guesses=(IntentGuess("ask_contact", 0.3), IntentGuess("out_of_scope", 0.0)),
        call_id="c3",
    )
    assert (second.text, second.count, second.guesses) == ("kur ir mans žirgs", 1, ())


@pytest.mark.parametrize(
    "turn",
    [
        {"text": "zilonis", "role": "agent"},
        {"text": "zilonis", "role": None},
        {"text": "zilonis", "problem": None},
        {"text": " … ?!"},
        {"text": ""},
    ],
)
def test_what_is_no_customers_problem_does_not_wait(session: Session, turn: dict[str, object]) -> None:
    heard(session, "c1", turn)
    assert queue(session) == []


def test_the_fallback_is_no_guess_and_a_language_may_be_unknown(session: Session) -> None:
    heard(session, "c1", {"text": "zilonis", "intent": "nlu_fallback", "intent_confidence": 0.4, "language": None})
    (item,) = queue(session)
    assert (item.guesses, item.language) == ((), None)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("mans numurs ir 26123456", "mans numurs ir [phone]"),
        ("līgums 90010000033", "līgums [contract]"),
        ("mani sauc [name], sveiki", "mani sauc [name], sveiki"),
        ("dzīvoju Brīvības ielā 15, Rīgā", "dzīvoju [address]"),
    ],
)
def test_what_says_who_a_customer_is_is_taken_out_again(session: Session, said: str, shown: str) -> None:
    heard(session, "c1", {"text": said})
    (item,) = queue(session)
    assert (item.text, item.key) == (shown, key_of(shown))


@pytest.mark.parametrize("intent", ["ask_contact", None])
def test_what_was_decided_does_not_come_back(database: str, intent: str | None) -> None:
    with session_scope() as session:
        heard(session, "c1", {"text": "Ko dara zilonis?"}, {"text": "žirgs"})
        decide(session, key_of("ko dara zilonis"), intent, "Anna")
    with session_scope() as session:
        heard(session, "c2", {"text": "KO DARA ZILONIS"})
        assert texts(queue(session)) == ["žirgs"]
        decision = session.execute(select(ReviewDecision)).scalar_one()
        assert (decision.intent, decision.decided_by) == (intent, "Anna")
    told = rf"was {'accepted as ask_contact' if intent else 'rejected'} on 2\d+-\d+-\d+ by Anna already"
    key = key_of("ko dara zilonis")
    with pytest.raises(ReviewError, match=told), session_scope() as session:
        find(session, key)
    with pytest.raises(ReviewError, match=told), session_scope() as session:
        decide(session, key, "inform", "Inese")


def test_of_two_who_decide_at_once_one_is_told(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with session_scope() as session:
        decide(session, "k" * 64, None, "Anna")
    monkeypatch.setattr(Session, "get", lambda *_: None)  # as the other saw it before
    with pytest.raises(ReviewError, match="Somebody else decided"), session_scope() as session:
        decide(session, "k" * 64, "ask_contact", "Inese")


@pytest.mark.parametrize(
    ("beginning", "told"),
    [
        ("", "too short"),
        ("abc12", "too short"),
        ("zzzzzz", "There is no sentence with the key 'zzzzzz'"),
    ],
)
def test_a_key_that_names_nothing_is_told(session: Session, beginning: str, told: str) -> None:
    heard(session, "c1", {"text": "zilonis"})
    with pytest.raises(ReviewError, match=told):
        find(session, beginning)


def test_a_beginning_of_several_keys_is_told(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.calls.review_queue.key_of", lambda text: f"abcdef{len(text)}")
    heard(session, "c1", {"text": "zilonis"}, {"text": "žirgs"})
    with pytest.raises(ReviewError, match="2 keys begin with 'abcdef'"):
        find(session, "abcdef")


@pytest.mark.parametrize("problem", ["low_confidence", None])
def test_an_item_is_found_by_how_its_key_begins(session: Session, problem: str | None) -> None:
    heard(session, "c1", {"text": "Zilonis?", "problem": problem}, {"text": "zilonis", "role": "agent"})
    found = find(session, f" {key_of('zilonis')[:8].upper()} ")
    assert (found.text, found.count, found.reasons) == ("Zilonis?", 1, (problem,) if problem else ())


# Corrections


def test_a_correction_waits_with_what_it_should_have_been(session: Session) -> None:
    heard(session, "c1", {"text": "ko dara zilonis", "intent": "ask_reopening", "intent_confidence": 0.2})
    key = correct(session, "Ko dara zilonis?", "ask_contact", "lv")
    (item,) = queue(session)
    assert (item.key, item.count, item.reasons, item.call_id) == (key, 2, ("low_confidence", "corrected"), "c1")
    assert item.guesses == (IntentGuess("ask_contact", 1.0), IntentGuess("ask_reopening", 0.2))


def test_a_correction_is_redacted_before_it_is_stored_and_belongs_to_no_call(session: Session) -> None:
    correct(session, "mans numurs ir 26123456", "inform", "lv")
    (item,) = queue(session)
    assert (item.text, item.language, item.call_id) == ("mans numurs ir [phone]", "lv", None)
    assert session.execute(select(RecordedTurn.text)).scalars().all() == ["mans numurs ir [phone]"]
    assert session.execute(select(func.count()).where(RecordedTurn.role == "customer")).scalar_one() == 0


def test_a_later_correction_replaces_an_earlier_one(session: Session) -> None:
    for intent in ("inform", "ask_contact"):
        correct(session, "Ko dara zilonis?", intent, "lv")
    (item,) = queue(session)
    assert (item.count, item.guesses) == (1, (IntentGuess("ask_contact", 1.0),))


def test_a_correction_overrules_a_rejection_only(session: Session) -> None:
    decide(session, key_of("ko dara zilonis"), None, "Anna")
    decide(session, key_of("žirgs"), "inform", "Anna")
    correct(session, "Ko dara zilonis?", "ask_contact", "lv")
    session.flush()
    assert texts(queue(session)) == ["Ko dara zilonis?"]
    with pytest.raises(ReviewError, match="was accepted as inform"):
        correct(session, "Žirgs!", "ask_contact", "lv")


@pytest.mark.parametrize("text", ["", " ", "?!", "\u200b"])
def test_a_correction_needs_words(session: Session, text: str) -> None:
    with pytest.raises(ReviewError, match="has no words"):
        correct(session, text, "inform", "lv")


# Two models


def test_disagreements_are_of_customers_the_surest_first_and_each_text_is_parsed_once(session: Session) -> None:
    sure = {"alus": 0.9, "maize": 0.4, "zupa": 0.99}
    parsed: list[str] = []

    def parse_a(text: str) -> IntentGuess:
        parsed.append(text)
        return IntentGuess("inform", sure[text])

    def parse_b(text: str) -> IntentGuess:
        return IntentGuess("inform" if text == "zupa" else "ask_contact", 0.8)

    said = [{"text": text, "problem": None} for text in ("maize", "zupa", "alus", "alus")]
    heard(session, "c1", *said, {"text": "piens", "role": "agent"}, {"text": "?"})
    turns = session.execute(select(RecordedTurn).order_by(RecordedTurn.id)).scalars().all()
    found = disagreements(turns, parse_a, parse_b)
    assert [(one.turn.text, one.first, one.second) for one in found] == [
        ("alus", IntentGuess("inform", 0.9), IntentGuess("ask_contact", 0.8)),
        ("alus", IntentGuess("inform", 0.9), IntentGuess("ask_contact", 0.8)),
        ("maize", IntentGuess("inform", 0.4), IntentGuess("ask_contact", 0.8)),
    ]
    assert sorted(parsed) == ["alus", "maize", "zupa"]


def test_a_disagreement_joins_what_is_a_problem_already(session: Session) -> None:
    heard(session, "c1", {"text": "alus", "problem": None}, {"text": "Alus!"}, {"text": "zupa", "problem": None})
    turns = session.execute(select(RecordedTurn)).scalars().all()
    differ = disagreements(
        turns, lambda _: IntentGuess("inform", 0.6), lambda text: IntentGuess(f"ask_{text[0].lower()}", 0.5)
    )
    alus, zupa = queue(session, differ)
    assert (alus.count, alus.reasons) == (2, ("low_confidence", "disagreement"))
    assert (zupa.count, zupa.reasons) == (1, ("disagreement",))
    assert zupa.guesses == (IntentGuess("inform", 0.6), IntentGuess("ask_z", 0.5))


def test_the_analysis_of_the_calls_serves_as_one_of_the_models(session: Session) -> None:
    known = {"intent": "inform", "intent_confidence": 0.7, "problem": None}
    heard(session, "c1", {"text": "alus", **known}, {"text": "zupa"}, {"text": "piens", "role": "agent"})
    correct(session, "maize", "ask_contact", "lv")
    session.flush()
    turns, parse = analysed(session)
    assert ([turn.text for turn in turns], parse("alus")) == (["alus"], IntentGuess("inform", 0.7))
