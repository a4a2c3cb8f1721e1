"""Settings come from the environment; one that cannot be used is named."""

import ast
import re
from pathlib import Path

import pytest

from bot.settings import PROJECT, SettingsError, secret, settings

VARIABLES = (
    "DATABASE_URL",
    "BOT_HOST",
    "BOT_PORT",
    "BOT_ACTION_PORT",
    "BOT_ACTION_URL",
    "BOT_MODELS",
    "BOT_ENDPOINTS",
    "BOT_LOGS",
)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set outside."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("value", ["abc", "0", "65536", "-1", "5005.0", "5 005", " ", ""])
@pytest.mark.parametrize("name", ["BOT_PORT", "BOT_ACTION_PORT"])
def test_bad_port_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        settings()
    assert str(caught.value) == f"{name}={value!r} is not a port number; use 1 to 65535."


@pytest.mark.parametrize("value", ["1", "5005", "65535"])
def test_good_port_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BOT_PORT", value)
    assert settings().port == int(value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("database_url", f"sqlite:///{PROJECT / 'var' / 'assistant.db'}"),
        ("host", "127.0.0.1"),
        ("port", 5005),
        ("action_port", 5055),
        ("action_url", "http://127.0.0.1:5055"),
        ("models", PROJECT / "models"),
        ("endpoints", PROJECT / "endpoints.yml"),
        ("logs", PROJECT / "var" / "log"),
    ],
)
def test_setting_that_is_not_set_has_its_default(name: str, expected: str | int | Path) -> None:
    assert getattr(settings(), name) == expected


@pytest.mark.parametrize(
    ("variable", "name", "value"),
    [
        ("DATABASE_URL", "database_url", "sqlite:///other.db"),
        ("BOT_HOST", "host", "0.0.0.0"),
        ("BOT_ACTION_URL", "action_url", "http://actions:5055"),
        ("BOT_MODELS", "models", "/srv/models"),
        ("BOT_ENDPOINTS", "endpoints", "/srv/endpoints.yml"),
        ("BOT_LOGS", "logs", "/srv/logs"),
    ],
)
def test_setting_is_read_when_asked_for(monkeypatch: pytest.MonkeyPatch, variable: str, name: str, value: str) -> None:
    monkeypatch.setenv(variable, value)
    assert str(getattr(settings(), name)) == value


def test_a_secret_can_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As Docker and Kubernetes give them."""
    (tmp_path / "url").write_text("sqlite:///from-a-file.db\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert settings().database_url == "sqlite:///from-a-file.db"


@pytest.mark.parametrize(
    ("given", "content", "told"),
    [
        pytest.param("x", b"y", "are both set", id="both"),
        pytest.param("", None, "cannot be read: No such file", id="no file"),
        pytest.param("", b" \n", "is empty", id="empty"),
        pytest.param("", b"\xff", "cannot be read: it is no text", id="no text"),
    ],
)
def test_a_secret_that_cannot_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: str, content: bytes | None, told: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("BOT_ACTION_SECRET", given)
    monkeypatch.setenv("BOT_ACTION_SECRET_FILE", str(file))
    with pytest.raises(SettingsError, match=f"BOT_ACTION_SECRET.*{told}"):
        secret("BOT_ACTION_SECRET")


NAME = re.compile(r"\b(BOT_[A-Z_]+[A-Z]|DATABASE_URL|REDIS_URL|RABBITMQ_URL|ENVIRONMENT)\b")
DOCUMENTED = re.compile(r"^\| `([A-Z_]+)`", re.MULTILINE)


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    read = {
        node.value
        for folder in ("bot", "actions")
        for path in (PROJECT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAME.fullmatch(node.value)
    }
    documented = DOCUMENTED.findall((PROJECT / "docs" / "settings.md").read_text(encoding="utf-8"))
    assert sorted(read) == sorted(documented)


@pytest.mark.parametrize("value", ["actions:5055", "ftp://actions", "http://", "/webhook"])
def test_an_action_server_without_an_address_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BOT_ACTION_URL", value)
    with pytest.raises(SettingsError, match=r"^BOT_ACTION_URL="):
        settings()


def test_the_action_server_is_found_on_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_ACTION_PORT", "6001")
    assert settings().action_url == "http://127.0.0.1:6001"
