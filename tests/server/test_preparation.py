"""Preflight checks before the servers start: settings, configuration files, free ports, a usable database."""

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.accounts.models import Customer
from bot.data_files import read_yaml
from bot.knowledge.emergency_events import emergency, end
from bot.knowledge.models import Fact
from bot.preparation_error import PreparationError
from bot.server.preparation import check_configuration, check_ports, prepare_database
from bot.settings import PROJECT, Settings, SettingsError, settings
from bot.storage.engine import engine_for, session_scope

HOST = "127.0.0.1"
FILES = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml")
PORTS = ("BOT_PORT", "BOT_ACTION_PORT")


def free_ports() -> tuple[int, int]:
    """Two ports that were free a moment ago; held at once, so that they differ."""
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind((HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]


def listening(port: int, action_port: int, host: str = HOST) -> Settings:
    """Settings of which only the address matters."""
    nowhere = Path()
    return Settings(
        database_url="",
        host=host,
        port=port,
        action_port=action_port,
        action_url="",
        models=nowhere,
        endpoints=nowhere,
        logs=nowhere,
    )


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that a server of this test listens on."""
    with socket.socket() as server:
        server.bind((HOST, 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with copies of the configuration files."""
    for name in FILES:
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name", PORTS)
@pytest.mark.parametrize("value", ["0", "65536", "-1", "5005.0", "0x50", "abc", "", " 5005", "5005 ", "+5005", "5_005"])
def test_what_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"^{name}=.* is not a port number; use 1 to 65535\\.$"):
        settings()


@pytest.mark.parametrize("name", PORTS)
def test_the_refused_value_is_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "65536")
    with pytest.raises(SettingsError, match="'65536'"):
        settings()


@pytest.mark.parametrize("value", ["1", "5006", "65535"])
def test_ports_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    for name in PORTS:
        monkeypatch.setenv(name, value)
    assert (settings().port, settings().action_port) == (int(value), int(value))


def test_without_an_environment_the_assistant_is_reached_from_this_machine_only() -> None:
    assert (settings().host, settings().port, settings().action_port) == ("127.0.0.1", 5005, 5055)


@pytest.mark.parametrize("value", [None, ""])
def test_without_an_address_the_database_is_a_file_of_the_project(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    if value is not None:
        monkeypatch.setenv("DATABASE_URL", value)
    assert settings().database_url == f"sqlite:///{PROJECT / 'var' / 'assistant.db'}"


def test_free_ports_are_accepted() -> None:
    assert check_ports(listening(*free_ports())) is None


@pytest.mark.parametrize("host", [HOST, "localhost", "0.0.0.0"])
def test_a_port_in_use_is_refused(taken: int, host: str) -> None:
    with pytest.raises(PreparationError, match=f"^Port {taken} on {host} is in use; stop what uses it"):
        check_ports(listening(taken, free_ports()[0], host))


def test_the_port_that_is_proposed_is_free(taken: int) -> None:
    with pytest.raises(PreparationError) as told:
        check_ports(listening(taken, free_ports()[0]))
    with socket.socket() as probe:
        probe.bind((HOST, int(str(told.value).rstrip(".").rsplit("=", 1)[1])))


@pytest.mark.parametrize("host", ["203.0.113.7", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    with pytest.raises(PreparationError, match=f"^BOT_HOST='{host}' is no address of this machine; use 127"):
        check_ports(listening(*free_ports(), host))


def test_an_empty_host_does_not_open_the_assistant_to_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_HOST", "")
    assert settings().host == "127.0.0.1"


@pytest.mark.parametrize("name", PORTS)
def test_the_variable_of_the_port_in_use_is_named(taken: int, name: str) -> None:
    free, _ = free_ports()
    ports = (taken, free) if name == "BOT_PORT" else (free, taken)
    with pytest.raises(PreparationError, match=f" choose another: {name}=\\d+\\.$"):
        check_ports(listening(*ports))


def test_a_port_is_free_again_after_its_server_has_stopped() -> None:
    """Stopping and starting again at once must work, although the system keeps old connections for a while."""
    with socket.socket() as server, socket.socket() as client:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((HOST, 0))
        server.listen()
        port, (other, _) = server.getsockname()[1], free_ports()
        client.connect((HOST, port))
        served, _ = server.accept()
        served.close()
    assert check_ports(listening(port, other)) is None


def test_the_same_port_twice_is_refused() -> None:
    port, _ = free_ports()
    with pytest.raises(PreparationError, match=f"^BOT_PORT and BOT_ACTION_PORT are both {port}; give each its own"):
        check_ports(listening(port, port))


def test_the_configuration_of_the_project_is_accepted() -> None:
    assert check_configuration() is None


def test_a_copy_of_the_configuration_is_accepted(project: Path) -> None:
    assert check_configuration(project) is None


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(None, "cannot be read", id="missing"),
        pytest.param(b"", "a mapping is expected", id="empty"),
        pytest.param(b"- one\n- two\n", "a mapping is expected", id="list"),
        pytest.param(b"just text\n", "a mapping is expected", id="text"),
        pytest.param(b"key: [one\n", "not readable as YAML", id="bracket left open"),
        pytest.param(b"\tkey: value\n", "not readable as YAML", id="tab"),
        pytest.param(b"key: 1\nkey: 2\n", "the key 'key' stands twice", id="key twice"),
        pytest.param(b"key: \xff\xfe\n", "not readable as YAML", id="not UTF-8"),
        pytest.param(b"key: \x00\n", "not readable as YAML", id="control character"),
        pytest.param(b"key: !!python/name:os.system\n", "not readable as YAML", id="code"),
    ],
)
def test_a_broken_configuration_file_is_refused(project: Path, name: str, content: bytes | None, reason: str) -> None:
    (project / name).unlink()
    if content is not None:
        (project / name).write_bytes(content)
    with pytest.raises(PreparationError, match=reason):
        check_configuration(project)


@pytest.mark.parametrize("content", [b"", b"key: [one\n", b"key: 1\nkey: 2\n"])
@pytest.mark.parametrize("name", FILES)
def test_the_broken_file_is_named_in_one_line(project: Path, name: str, content: bytes) -> None:
    (project / name).write_bytes(content)
    with pytest.raises(PreparationError, match=f"^[^\\n]*{project / name}[^\\n]*$"):
        check_configuration(project)


BAD_DATABASES: dict[str, Callable[[Path], str]] = {
    "no URL": lambda _: "nonsense",
    "unknown kind": lambda _: "nosuch://somewhere/assistant",
    "a folder": lambda folder: f"sqlite:///{folder}",
    "below a file": lambda folder: f"sqlite:///{folder / 'junk' / 'assistant.db'}",
    "a file that is no database": lambda folder: f"sqlite:///{folder / 'junk'}",
    "nobody listens": lambda _: f"postgresql://{HOST}:{free_ports()[0]}/assistant",
}


@pytest.mark.parametrize("address", BAD_DATABASES.values(), ids=BAD_DATABASES.keys())
def test_an_unusable_database_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: Callable[[Path], str]
) -> None:
    (tmp_path / "junk").write_bytes(b"this is no database" * 100)
    url = address(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(PreparationError, match=f"^The database '{url}' cannot be used: [^\\n]+\\.$"):
        prepare_database(lambda _: None)


def test_a_new_database_is_made_with_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'assistant.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    told: list[str] = []
    prepare_database(told.append)
    engine_for(url).dispose()
    assert told == [f"Database ready: {counted(url, Fact)} facts, {counted(url, Customer)} demo customers."]


def counted(url: str, table: type) -> int:
    with session_scope(url) as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def test_every_demo_customer_of_the_file_is_loaded(database: str) -> None:
    prepare_database(lambda _: None)
    content = read_yaml(PROJECT / "data" / "demo" / "customers.yml")
    assert counted(database, Customer) == len(content["customers"])


@pytest.mark.parametrize("table", [Fact, Customer])
def test_preparing_again_adds_nothing(database: str, table: type) -> None:
    prepare_database(lambda _: None)
    before = counted(database, table)
    prepare_database(lambda _: None)
    assert counted(database, table) == before


def test_preparing_again_keeps_the_end_of_the_emergency(database: str) -> None:
    """A restart must not undo what an operator has decided."""
    with session_scope() as session:
        last_day = end(session, emergency(session).began_on, "Anna").ended_on
    prepare_database(lambda _: None)
    with session_scope() as session:
        assert emergency(session).ended_on == last_day


@pytest.mark.parametrize("name", ["BOT_METRICS_PORT", "BOT_ACTION_METRICS_PORT", "BOT_API_PORT"])
def test_a_port_for_insiders_in_use_is_named(monkeypatch: pytest.MonkeyPatch, taken: int, name: str) -> None:
    for variable, value in {"BOT_API": "on", "BOT_API_TOKEN": "t0ken" * 8, name: str(taken)}.items():
        monkeypatch.setenv(variable, value)
    with pytest.raises(PreparationError, match=f" choose another: {name}=\\d+\\.$"):
        check_ports(listening(*free_ports()))


def test_two_ports_that_are_one_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = free_ports()
    monkeypatch.setenv("BOT_METRICS_PORT", str(one))
    with pytest.raises(PreparationError, match=f"^BOT_PORT and BOT_METRICS_PORT are both {one}"):
        check_ports(listening(one, other))
