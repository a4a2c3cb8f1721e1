"""Metrics for Prometheus: what is counted, with labels from short lists and nothing that anybody said."""

import socket

import pytest
import requests
from running import Running  # tests/running.py
from scraped import figure, scraped  # tests/scraped.py

from bot.accounts.proving import REQUESTED
from bot.accounts.source import SourceUnavailable
from bot.accounts.verification import Check
from bot.data_files import read_yaml
from bot.observing import metrics
from bot.settings import PROJECT
from bot.storage.deadline import in_time

pytestmark = pytest.mark.server
ACTIONS = "BOT_ACTION_METRICS_PORT"
COUNTED = [
    ("Vai mani atslēgs?", "bot_turns_total", {"channel": "web", "language": "lv", "outcome": "answered"}),
    ("Will I be cut off?", "bot_turns_total", {"channel": "web", "language": "en", "outcome": "answered"}),
    ("Vai mani atslēgs?", "bot_turn_seconds_count", {"channel": "web"}),
    ("Vai mani atslēgs?", "bot_parse_seconds_count", {}),
    ("Vai mani atslēgs?", "bot_action_seconds_count", {}),
    ("I want to talk to a person", "bot_intents_total", {"intent": "request_human"}),
    ("Kāds ir tavs mīļākais ēdiens?", "bot_not_understood_total", {"kind": "out_of_scope"}),
]


@pytest.mark.parametrize(("said", "name", "labels"), COUNTED)
def test_a_turn_is_counted_once(guarded: Running, said: str, name: str, labels: dict[str, str]) -> None:
    before = figure(guarded, name, **labels)
    guarded.ask(said)
    assert figure(guarded, name, **labels) - before == 1


def test_a_request_for_a_person_is_counted(guarded: Running) -> None:
    labels = {"channel": "web", "kind": "person"}
    before = figure(guarded, "bot_handoffs_total", ACTIONS, **labels)
    guarded.ask("I want to talk to a person")
    assert figure(guarded, "bot_handoffs_total", ACTIONS, **labels) - before == 1


def test_a_wrong_code_is_counted(guarded: Running) -> None:
    before = figure(guarded, "bot_verifications_total", ACTIONS, outcome="wrong")
    session = guarded.session()
    guarded.ask("Cik es esmu parādā? Līguma numurs ir 90010000088", session)
    guarded.ask("000000", session)
    assert figure(guarded, "bot_verifications_total", ACTIONS, outcome="wrong") - before == 1


def test_requests_for_codes_are_counted_from_nought(guarded: Running) -> None:
    """Prometheus does not see the first increment of a series that starts at 1."""
    outcomes = {dict(labels)["outcome"] for name, labels in scraped(guarded, ACTIONS) if name == "bot_codes_total"}
    assert outcomes == {*REQUESTED}


def test_a_request_for_a_code_is_counted_and_compared_with_the_budget(guarded: Running) -> None:
    before = figure(guarded, "bot_codes_total", ACTIONS, outcome="taken")
    guarded.ask("Cik es esmu parādā? Līguma numurs ir 90019999998")
    assert figure(guarded, "bot_codes_total", ACTIONS, outcome="taken") - before == 1
    assert figure(guarded, "bot_codes_budget", ACTIONS) == float(guarded.environment["BOT_LIMIT_CODES"])


def test_an_action_server_that_hangs_is_counted_as_an_apology(guarded: Running) -> None:
    apology = {"channel": "web", "language": "unknown", "outcome": "apologised"}
    before = figure(guarded, "bot_turns_total", **apology), figure(guarded, "bot_errors_total", part="deadline")
    process = guarded.child("bot.server.action_server")
    process.suspend()
    guarded.ask("Vai mani atslēgs?")
    process.resume()
    after = figure(guarded, "bot_turns_total", **apology), figure(guarded, "bot_errors_total", part="deadline")
    assert (after[0] - before[0], after[1] > before[1]) == (1, True)


def test_labels_hold_nothing_that_was_said_and_come_from_short_lists(guarded: Running) -> None:
    guarded.ask("Mani sauc Ārija Ķirse, līgums 90010000033, tālrunis +371 26123456, anna.paraugs@example.com")
    intents = {*map(str, read_yaml(PROJECT / "domain.yml")["intents"]), "nlu_fallback", metrics.OTHER}
    allowed = {
        "channel": metrics.CHANNELS | {metrics.OTHER},
        "language": metrics.LANGUAGES | {metrics.UNKNOWN},
        "outcome": {"answered", "apologised", "delayed", "done", "later", "refused"}
        | {check.value for check in Check}
        | {*REQUESTED},
        "intent": intents,
        "kind": {"nlu_fallback", "out_of_scope", "person", "complaint"},
        "part": {*metrics.PARTS.values(), "model", metrics.DEADLINE, metrics.OTHER},
    }
    figures = scraped(guarded) | scraped(guarded, ACTIONS)
    ours = [labels for name, labels in figures if name.startswith("bot_")]
    strange = {(key, value) for labels in ours for key, value in labels if key in allowed and value not in allowed[key]}
    assert (strange, {key for labels in ours for key, _ in labels} - set(allowed)) == (set(), {"le"})


def test_figures_are_not_given_out_where_customers_come(guarded: Running) -> None:
    assert requests.get(guarded.url.removesuffix("chat/") + "metrics", timeout=10).status_code == 404


def test_figures_are_given_out_to_this_machine_only(guarded: Running) -> None:
    """Another address of this machine stands for another machine."""
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", int(guarded.environment["BOT_METRICS_PORT"])))


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (SourceUnavailable(), "accounts"),
        (TimeoutError(), "deadline"),
        (ValueError("90010000033"), "other"),
    ],
)
def test_an_error_is_counted_by_its_part(error: Exception, part: str) -> None:
    before = metrics.ERRORS.labels(part)._value.get()
    for _ in range(2):  # it is caught, raised again, and caught again
        metrics.failed(error)
    assert metrics.ERRORS.labels(part)._value.get() - before == 1


async def test_a_database_that_fails_is_counted() -> None:
    from sqlalchemy.exc import OperationalError

    def fails() -> None:
        raise OperationalError("SELECT", {}, Exception())

    before = metrics.ERRORS.labels("database")._value.get()
    with pytest.raises(OperationalError):
        await in_time(fails)
    assert metrics.ERRORS.labels("database")._value.get() - before == 1
