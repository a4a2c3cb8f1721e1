"""Settings come from the environment; one that cannot be used is named."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.server.preparation import check_services
from bot.settings import PROJECT, Setting, SettingsError, accounts, channels, chatwoot, desk, servers, settings
from bot.settings.page import PAGE, page
from bot.settings.servers import ACTION_SECRET
from bot.settings.setting import Unusable
from bot.settings.table import SECTIONS, SETTINGS, check_names

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
        ACTION_SECRET.value()


READERS = [path for folder in ("bot", "actions") for path in (PROJECT / folder).rglob("*.py")]
ROOM = PROJECT / "bot" / "settings"
NONSENSE = "ž?"


def nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def test_the_page_of_the_settings_is_what_the_table_writes() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(written), "Write it anew: .venv/bin/python -m bot.settings.page"


def test_every_setting_has_a_name_of_its_own() -> None:
    assert [each.name for section in SECTIONS.values() for each in section] == list(SETTINGS)


def test_every_setting_is_used_outside_of_its_table() -> None:
    tables = (servers, channels, desk, chatwoot, accounts)
    defined = {key for module in tables for key, value in vars(module).items() if isinstance(value, Setting)}
    used = {
        node.id
        for path in READERS
        if path.parent != ROOM or path.name == "process.py"
        for node in nodes(path)
        if isinstance(node, ast.Name)
    }
    assert sorted(defined - used) == []


def test_nobody_else_reads_the_environment_or_names_its_variables() -> None:
    """Exceptions pass the whole environment to a program, or set a variable for a library."""
    found = []
    for path in READERS:
        if path.parent == ROOM:
            continue
        for node in nodes(path):
            match node:
                case ast.Constant(value=str(text)) if text in SETTINGS:
                    found.append((str(path), node.lineno, text))
                case ast.Attribute(attr="get" | "getenv", value=ast.Attribute(attr="environ") | ast.Name(id="os")):
                    found.append((str(path), node.lineno, "os.environ.get"))
                case ast.Subscript(value=ast.Attribute(attr="environ"), ctx=ast.Load()):
                    found.append((str(path), node.lineno, "os.environ[]"))
    assert found == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("BOT_LIMIT_CODE", "BOT_LIMIT_CODE is no setting; BOT_LIMIT_CODES is one. Correct or unset it"),
        ("BOT_XQZ", "BOT_XQZ is no setting. Correct"),
        (
            "BOT_ORIGINS_FILE",
            "BOT_ORIGINS_FILE is not read: only secrets can be read from a file; set BOT_ORIGINS itself.",
        ),
    ],
)
def test_a_variable_that_looks_like_a_setting_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, told: str) -> None:
    monkeypatch.setenv(name, "9")
    with pytest.raises(SettingsError) as caught:
        check_services()
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize("name", [*SETTINGS, *(each.file_name for each in SETTINGS.values() if each.is_secret)])
def test_every_setting_may_be_set(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "")
    check_names()


@pytest.mark.parametrize("setting", [each for each in SETTINGS.values() if each.is_secret], ids=lambda each: each.name)
def test_every_secret_can_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: Setting[str]
) -> None:
    (tmp_path / "secret").write_text("of sixteen characters or more\n")
    monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.setenv(setting.file_name, str(tmp_path / "secret"))
    assert setting.value() == "of sixteen characters or more"


def refuses_nonsense(setting: Setting[Any]) -> bool:
    try:
        setting.parse(NONSENSE)
    except Unusable:
        return True
    return False


@pytest.mark.parametrize("setting", filter(refuses_nonsense, SETTINGS.values()), ids=lambda each: each.name)
def test_what_cannot_be_used_is_named_and_no_secret_is_shown(
    monkeypatch: pytest.MonkeyPatch, setting: Setting[Any]
) -> None:
    monkeypatch.setenv(setting.name, NONSENSE)
    with pytest.raises(SettingsError, match=f"^{setting.name}") as caught:
        setting.value()
    assert (NONSENSE in str(caught.value)) == (not setting.is_secret)


@pytest.mark.parametrize("value", ["actions:5055", "ftp://actions", "http://", "/webhook"])
def test_an_action_server_without_an_address_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BOT_ACTION_URL", value)
    with pytest.raises(SettingsError, match=r"^BOT_ACTION_URL="):
        settings()


def test_the_action_server_is_found_on_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_ACTION_PORT", "6001")
    assert settings().action_url == "http://127.0.0.1:6001"
