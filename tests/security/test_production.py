"""ENVIRONMENT=production: nothing starts with missing or publicly known secrets."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from bot.accounts.demo import load_demo
from bot.accounts.models import Customer
from bot.channels.messenger.settings import messenger_settings
from bot.keys.model_signatures import new_keys
from bot.preparation_error import PreparationError
from bot.server.preparation import prepare_database
from bot.server.production import check_production
from bot.settings import PROJECT, SettingsError
from bot.storage.engine import session_scope

GOOD = {
    "ENVIRONMENT": "production",
    "BOT_SIGNING_KEY": secrets.token_urlsafe(48),
    "BOT_ACTION_SECRET": secrets.token_urlsafe(32),
    "BOT_MODEL_PUBLIC_KEY": new_keys().public,
    "DATABASE_URL": f"postgresql://assistant:{secrets.token_urlsafe(12)}@db/assistant",
    "BOT_SMS_URL": "https://sms.example/send",
}
FAULTS = [
    pytest.param({"BOT_SIGNING_KEY": ""}, "BOT_SIGNING_KEY is missing", id="no signing key"),
    pytest.param({"BOT_SIGNING_KEY": "k3Y" * 5}, "BOT_SIGNING_KEY has fewer than 32", id="short signing key"),
    pytest.param(
        {"BOT_SIGNING_KEY": "change-me-" * 5}, "BOT_SIGNING_KEY is one that everybody", id="signing key of an example"
    ),
    pytest.param({"BOT_ACTION_SECRET": ""}, "BOT_ACTION_SECRET is missing", id="no action secret"),
    pytest.param(
        {"BOT_ACTION_SECRET": "a" * 40}, "BOT_ACTION_SECRET is one that everybody", id="action secret of one letter"
    ),
    pytest.param({"BOT_MODEL_PUBLIC_KEY": ""}, "BOT_MODEL_PUBLIC_KEY is missing", id="no public key"),
    pytest.param({"BOT_MODEL_PUBLIC_KEY": "x"}, "BOT_MODEL_PUBLIC_KEY is no key", id="a public key that is none"),
    pytest.param({"BOT_MODEL_SIGNING_KEY": new_keys().private}, "BOT_MODEL_SIGNING_KEY is set", id="the build's key"),
    pytest.param({"DATABASE_URL": ""}, "DATABASE_URL is not PostgreSQL", id="no database"),
    pytest.param({"DATABASE_URL": "sqlite:///x.db"}, "DATABASE_URL is not PostgreSQL", id="SQLite"),
    pytest.param({"DATABASE_URL": "nonsense"}, "DATABASE_URL is no address", id="no address of a database"),
    pytest.param({"DATABASE_URL": "postgresql://a:postgres@db/a"}, "the password in DATABASE_URL", id="demo password"),
    pytest.param(
        {"DATABASE_URL": "postgresql://bot:bot@db/a"}, "the password in DATABASE_URL", id="password as the name"
    ),
    pytest.param({"BOT_SMS_URL": ""}, "one-time codes would go into a file", id="codes into a file"),
    pytest.param({"BOT_SMS_URL": "http://sms.example"}, "BOT_SMS_URL is not encrypted", id="codes unencrypted"),
    pytest.param({"BOT_SMTP_HOST": "mail", "BOT_SMTP_STARTTLS": "no"}, "BOT_SMTP_STARTTLS=no", id="mail unencrypted"),
    pytest.param({"BOT_AS_OF": "2020-03-25"}, "BOT_AS_OF", id="another day"),
    pytest.param(
        {"BOT_MESSENGER_PAGE_TOKEN": "EAAx9zQ"}, "Set all of BOT_MESSENGER_PAGE_TOKEN", id="half of Messenger"
    ),
    pytest.param(
        {"BOT_PHONE_TOKEN": "test-token-of-the-phone"}, "BOT_PHONE_TOKEN is one that everybody", id="phone token"
    ),
    pytest.param(
        {"BOT_SIGNING_KEY": "", "BOT_SIGNING_KEY_FILE": "/nowhere"}, "BOT_SIGNING_KEY_FILE: the file", id="no file"
    ),
]


@pytest.fixture(autouse=True)
def _production(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that production needs, and nothing else."""
    for name in os.environ:
        if name.startswith("BOT_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    messenger_settings.cache_clear()


def test_with_all_that_is_needed_it_starts() -> None:
    check_production()


@pytest.mark.parametrize(("changed", "told"), FAULTS)
def test_what_is_missing_or_known_is_named(monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], told: str) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        check_production()
    assert (told in str(caught.value), str(caught.value).count(";")) == (True, 0)


@pytest.mark.parametrize(("changed", "told"), FAULTS)
def test_elsewhere_it_does_not_matter(monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], told: str) -> None:
    for name, value in {**changed, "ENVIRONMENT": "development"}.items():
        monkeypatch.setenv(name, value)
    check_production()


@pytest.mark.parametrize("value", ["prod", "Production", " production"])
def test_a_slip_in_the_name_is_no_way_around(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("ENVIRONMENT", value)
    with pytest.raises(SettingsError, match="is not known; use 'production'"):
        check_production()


@pytest.mark.parametrize(
    "value",
    [secrets.token_hex(32), secrets.token_urlsafe(32), "Testudo9-Xk2pQ-44vB"],
    ids=["hexadecimal", "base64", "with a word in it"],
)
def test_what_is_made_at_random_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BOT_ACTION_SECRET", value)
    check_production()


def test_no_secret_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:password-of-mine@db/a")
    monkeypatch.setenv("BOT_ACTION_SECRET", "secret-of-an-example")
    with pytest.raises(SettingsError) as caught:
        check_production()
    assert [told for told in ("of-mine", "of-an-example") if told in str(caught.value)] == []


SERVED = [
    pytest.param(["bot.cli", "serve"], ("BOT_SIGNING_KEY", "BOT_MODEL_PUBLIC_KEY", "one-time codes"), id="bot serve"),
    pytest.param(["bot.server.rasa_server", "x"], ("BOT_SIGNING_KEY", "BOT_MODEL_PUBLIC_KEY"), id="Rasa server"),
    pytest.param(["bot.server.action_server"], ("BOT_SIGNING_KEY", "one-time codes"), id="action server"),
]


@pytest.mark.server
@pytest.mark.parametrize(("program", "named"), SERVED)
def test_nothing_starts_without_its_secrets(program: list[str], named: tuple[str, ...], tmp_path: Path) -> None:
    others = {name: value for name, value in os.environ.items() if name not in GOOD}
    environment = {**others, "ENVIRONMENT": "production", "DATABASE_URL": f"sqlite:///{tmp_path / 'x.db'}"}
    command = [sys.executable, "-m", *program]
    done = subprocess.run(
        command, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False
    )
    missing = [name for name in (*named, "DATABASE_URL", "BOT_ACTION_SECRET") if name not in done.stderr]
    assert (done.returncode, missing, len(done.stderr.splitlines())) == (1, [], 1)


def test_demo_customers_are_not_loaded(database: str) -> None:
    prepare_database(lambda _: None)
    with session_scope(database) as session:
        assert session.query(Customer).count() == 0


def test_demo_customers_that_are_there_are_refused(database: str) -> None:
    with session_scope(database) as session:
        load_demo(session)
    with pytest.raises(PreparationError, match="holds demo customers"):
        prepare_database(lambda _: None)
