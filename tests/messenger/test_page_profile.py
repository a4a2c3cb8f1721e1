"""`bot messenger setup` and `check`: what is written to the page, and what is wrong with a connection."""

from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result
from graph.api import GraphApi  # tests/graph
from graph.connected import FIELDS, refused
from typer.testing import CliRunner

from bot.channels.messenger import inbox
from bot.channels.messenger.incoming import Incoming, MessengerEventKind
from bot.channels.messenger.profile import menu_payload, wanted
from bot.channels.messenger.settings import SECRETS, messenger_settings
from bot.cli import app
from bot.data_files import read_yaml
from bot.settings import PROJECT

pytestmark = pytest.mark.usefixtures("standin", "database")
NAMES = [each.name for each in SECRETS]
GREETING, MENU_TITLE, QUESTION = 160, 30, 80  # characters that Messenger takes


def profile_writes(standin: GraphApi) -> list[dict[str, Any]]:
    """What was written to the profile, each time."""
    written = [each for each in standin.accepted if each.path.endswith("messenger_profile") and each.method == "POST"]
    return [each.params for each in written]


def run(*arguments: str, said: str = "") -> Result:
    return CliRunner().invoke(app, ["messenger", *arguments], input=said)


def test_the_difference_is_shown_before_anything_is_written(standin: GraphApi) -> None:
    result = run("setup", said="n\n")
    assert "Kas ir slēgts?" in result.stdout
    assert (result.exit_code, profile_writes(standin)) == (1, [])


def test_the_profile_is_written_as_it_is_wanted(standin: GraphApi) -> None:
    assert run("setup", said="y\n").exit_code == 0
    assert (standin.profile.values, refused(standin)) == (wanted(), [])


def test_what_is_there_already_is_not_written_again(standin: GraphApi) -> None:
    run("setup", "--yes")
    result = run("setup")
    assert (result.stdout.strip(), len(profile_writes(standin))) == ("The page's profile is as it should be.", 1)


def test_only_what_differs_is_written(standin: GraphApi) -> None:
    run("setup", "--yes")
    standin.profile.values["greeting"] = [{"locale": "default", "text": "Old."}]
    run("setup", "--yes")
    assert "greeting" in profile_writes(standin)[-1]
    assert "persistent_menu" not in profile_writes(standin)[-1]


def test_texts_fit_and_are_in_both_languages() -> None:
    profile = wanted()
    assert max(len(each["text"]) for each in profile["greeting"]) <= GREETING
    titles = [action["title"] for menu in profile["persistent_menu"] for action in menu["call_to_actions"]]
    questions = [action["question"] for some in profile["ice_breakers"] for action in some["call_to_actions"]]
    assert (max(map(len, titles)) <= MENU_TITLE, max(map(len, questions)) <= QUESTION) == (True, True)
    assert {"Kas ir slēgts?", "What is closed?"} <= {*titles}


def test_every_choice_of_the_profile_means_an_intent() -> None:
    intents = set(read_yaml(PROJECT / "domain.yml")["intents"])
    profile = wanted()
    payloads = {
        action["payload"]
        for part in ("persistent_menu", "ice_breakers")
        for each in profile[part]
        for action in each["call_to_actions"]
    } | {profile["get_started"]["payload"]}
    meant = {payload: menu_payload(payload) for payload in payloads - {"menu:to_assistant"}}
    assert [
        payload for payload, intent in meant.items() if not intent or intent.text.removeprefix("/") not in intents
    ] == []


def test_a_good_connection_has_nothing_to_mend() -> None:
    run("setup", "--yes")
    result = run("check")
    assert (result.exit_code, result.stdout.strip()) == (0, "Messenger is set up as it should be.")


@pytest.mark.parametrize(
    ("of_it", "name", "value", "told"),
    [
        pytest.param("tokens", "scopes", ("pages_manage_metadata",), "lacks pages_messaging", id="permission"),
        pytest.param("tokens", "expires_at", 1_900_000_000, "The page token expires", id="token that expires"),
        pytest.param("", "subscribed", None, "not subscribed to the page Test page", id="not subscribed"),
        pytest.param("", "subscribed", FIELDS[:-1], "lacks the fields message_echoes", id="field"),
        pytest.param("profile", "values", {}, "run 'bot messenger setup'", id="profile"),
    ],
)
def test_what_is_wrong_is_told(standin: GraphApi, of_it: str, name: str, value: object, told: str) -> None:
    run("setup", "--yes")
    setattr(getattr(standin, of_it) if of_it else standin, name, value)
    result = run("check")
    assert (result.exit_code, told in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BOT_MESSENGER_PAGE_TOKEN", "wrong", "BOT_MESSENGER_PAGE_TOKEN is not valid"),
        ("BOT_MESSENGER_APP_SECRET", "wrong", "is BOT_MESSENGER_APP_SECRET this app's"),
        ("BOT_GRAPH_VERSION", "v3.0", "answers with v19.0 instead of v3.0"),
    ],
)
def test_a_setting_that_is_not_the_pages_is_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    messenger_settings.cache_clear()
    assert told in run("check").stderr


@pytest.mark.parametrize("subcode", [460, 463])
def test_a_token_that_has_died_is_told(standin: GraphApi, subcode: int) -> None:
    standin.tokens.kill(subcode)
    assert "BOT_MESSENGER_PAGE_TOKEN is not valid" in run("check").stderr


def test_automatic_replies_of_the_page_are_told() -> None:
    """Graph does not say whether they are on; that they have come does."""
    run("setup", "--yes")
    assert "Switch the page's automatic replies off" in run("check").stderr
    now = datetime.now(UTC)
    event = Incoming("key", "7000000001", MessengerEventKind.AUTOMATIC, now)
    inbox.take([event], now)
    result = run("check")
    assert (result.exit_code, "answered 1 times by itself" in result.stderr) == (1, True)


@pytest.mark.parametrize("command", ["setup", "check"])
def test_without_settings_the_commands_say_what_to_set(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    for name in NAMES:
        monkeypatch.delenv(name)
    messenger_settings.cache_clear()
    result = run(command)
    assert (result.exit_code, result.stderr.strip()) == (1, f"Messenger is not set up: set {', '.join(NAMES)}.")


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("BOT_MESSENGER_APP_SECRET", "", f"Set all of {', '.join(NAMES)}, or none."),
        ("BOT_GRAPH_VERSION", "26", "BOT_GRAPH_VERSION='26' is no version; write it like v26.0."),
        ("BOT_MESSENGER_RETURN_MINUTES", "soon", "BOT_MESSENGER_RETURN_MINUTES='soon' cannot be used;"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    messenger_settings.cache_clear()
    assert told in " ".join(run("check").stderr.split())
