"""How `make deploy-check` starts the image: as in compose.yml, with no secret where others can read it."""

from pathlib import Path

import pytest

from bot.settings import FILE
from harness.image.contained import Container
from harness.image.image import Configuration
from harness.image.production import environment, ports, secret_values, service, write_secrets

IMAGE = Configuration(["bot"], ["run", "rasa"], {"PATH": "/bin"}, 10001, 10002, "/app", ["probe"], "SIGTERM")
GIVEN = secret_values("postgresql://u:p@127.0.0.1/x", "redis://:p@127.0.0.1", "a-public-key")
RASA = service("rasa-1")


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    """The command that starts the Rasa server."""
    container = Container(Path("/root-of-it"), IMAGE, RASA["tmpfs"], tmp_path, environment(RASA, GIVEN, ports()))
    return container.command(*IMAGE.entrypoint, *RASA["command"])


def after(command: list[str], option: str, count: int = 1) -> list[list[str]]:
    """The values of a repeated option."""
    return [command[place + 1 : place + 1 + count] for place, each in enumerate(command) if each == option]


def test_it_runs_as_the_images_user_without_rights(command: list[str]) -> None:
    before = command[: command.index("bwrap")]
    expected = {"--reuid=10001", "--regid=10002", "--clear-groups", "--no-new-privs", "--bounding-set=-all"}
    assert expected <= set(before)


def test_only_what_compose_lets_be_written_to_is(command: list[str]) -> None:
    assert after(command, "--ro-bind", 2)[0] == ["/root-of-it", "/"]
    assert after(command, "--tmpfs") == [["/run"], ["/tmp"], ["/var/lib/assistant"]]  # noqa: S108 (the container's own)
    assert after(command, "--perms") == [["0555"], ["1777"], ["0700"]]
    assert after(command, "--size") == [[str(64 << 20)], [str(16 << 20)]]
    assert "--bind" not in command


def test_no_secret_stands_in_the_command(command: list[str]) -> None:
    assert [value for value in GIVEN.values() if any(value in each for each in command)] == []


def test_every_secret_is_where_its_setting_says(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    write_secrets(folder, GIVEN, RASA)
    settings = environment(RASA, GIVEN, ports())
    found = {name: folder / Path(place).name for name, place in settings.items() if name.endswith(FILE)}
    assert {name.removesuffix(FILE): place.read_text(encoding="utf-8") for name, place in found.items()} == GIVEN


def test_it_listens_on_this_machine_only() -> None:
    found = environment(RASA, GIVEN, ports())
    assert {found["BOT_HOST"], found["BOT_METRICS_HOST"]} == {"127.0.0.1"}
    assert found["ENVIRONMENT"] == "production"
