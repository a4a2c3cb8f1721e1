"""All parts together."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType

import requests

from bot.settings import PROJECT
from harness.ports import free_port
from harness.topology import services
from harness.topology.part import Part, PartError

NUMBERS = (1, 2)
HERE = services.HERE


class Topology:
    """A running topology, in its own folder and on free loopback ports; a context manager.

    Attributes:
        url: of the chat, at nginx.
        console_url: of the console, at nginx too, on a host of its own that browsers find on this machine.
        servers: the addresses of the two Rasa servers behind it.
        parts: by name: postgres, redis, epmd, rabbitmq, actions-1, actions-2, rasa-1, rasa-2, console, nginx.
        environment: of our servers and of `bot` commands.
        folder: of databases, logs and the outbox; removed at the end.
    """

    def __init__(self, variables: dict[str, str] | None = None, *, durable: bool = False) -> None:
        """Reserve ports and create the folder; nothing runs yet.

        Args:
            variables: further settings of our servers.
            durable: whether a commit waits for the disk.
        """
        self.folder = Path(mkdtemp(prefix="topology-"))
        self.folder.chmod(0o755)  # the users of PostgreSQL and nginx need access to their folders
        self.parts: dict[str, Part] = {}
        try:
            self._plan(variables or {}, durable)
        except BaseException:
            shutil.rmtree(self.folder)
            raise

    def _plan(self, variables: dict[str, str], durable: bool) -> None:
        postgres, database_url = services.postgres(self.folder / "postgres", durable=durable)
        redis, redis_url = services.redis(self.folder / "redis")
        rabbitmq, rabbitmq_url = services.rabbitmq(self.folder / "rabbitmq")
        rasa, actions = ([free_port() for _ in NUMBERS] for _ in range(2))
        port, actions_port, console = free_port(), free_port(), free_port()
        self.url = f"http://{HERE}:{port}/chat/"
        self.console_url = f"http://{services.CONSOLE_HOST}:{port}"
        self.servers = [f"http://{HERE}:{each}/chat/" for each in rasa]
        self.environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "RABBITMQ_URL": rabbitmq_url,
            "BOT_ACTION_URL": f"http://{HERE}:{actions_port}",
            "BOT_HOST": HERE,
            "BOT_OUTBOX": str(self.folder / "outbox.jsonl"),
            "BOT_SIGNING_KEY": "signing-key-of-the-topology",
            "BOT_TRUSTED_PROXIES": HERE,
            "BOT_CONSOLE_URL": self.console_url,
            "BOT_CONSOLE_PORT": str(console),
            "BOT_LIMIT_REQUESTS": "999999",
            # The load generator uses one address, and sends faster than people.
            "BOT_LIMIT_CONVERSATION": "10000",
            "BOT_LIMIT_ADDRESS": "999999",
            "BOT_LIMIT_WORK": "999999",
            **variables,
        }
        origins = variables.get("BOT_ORIGINS", "")
        nginx = services.nginx(
            self.folder / "nginx", port, actions_port, rasa, actions, origins=origins, console=console
        )
        ours = [self._actions(number, each) for number, each in zip(NUMBERS, actions, strict=True)]
        ours += [self._rasa(number, each) for number, each in zip(NUMBERS, rasa, strict=True)]
        ours.append(self._ours("console", "console", _answers(f"http://{HERE}:{console}/readyz")))
        self.parts = {part.name: part for part in (postgres, redis, *rabbitmq, *ours, nginx)}

    def __enter__(self) -> "Topology":
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def start(self) -> None:
        """Start everything, and wait until it answers.

        Raises:
            PartError: a part does not start.
        """
        self._start("epmd")
        self._start("postgres", "redis", "rabbitmq")
        self.bot("prepare")
        self._start("nginx", "actions-1", "actions-2", "rasa-1", "rasa-2", "console")

    def bot(self, *arguments: str) -> str:
        """What the `bot` command prints, run with the settings of our servers.

        Raises:
            PartError: it fails.
        """
        done = subprocess.run(  # noqa: S603 (our own commands)
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise PartError(f"'bot {' '.join(arguments)}' failed: {done.stderr}")
        return done.stdout

    def close(self) -> None:
        """Stop everything and remove the folder."""
        for part in reversed(self.parts.values()):
            part.kill()
        shutil.rmtree(self.folder)

    def kill(self, name: str) -> None:
        """SIGKILL a part and its children."""
        self.parts[name].kill()

    def stop(self, name: str) -> int:
        """Stop a part gracefully; returns its exit status."""
        return self.parts[name].stop()

    def restart(self, name: str) -> None:
        """Start or restart a part, and wait until it is ready."""
        part = self.parts[name]
        if part.process is not None and part.process.poll() is None:
            part.stop()
        self._start(name)

    def _start(self, *names: str) -> None:
        for name in names:
            self.parts[name].start()
        for name in names:
            self.parts[name].wait()

    def _rasa(self, number: int, port: int) -> Part:
        ready = f"http://{HERE}:{port}/health/ready"
        return self._ours(f"rasa-{number}", "rasa", _answers(ready), BOT_PORT=str(port))

    def _actions(self, number: int, port: int) -> Part:
        ready = f"http://{HERE}:{port}/health/ready"
        return self._ours(f"actions-{number}", "actions", _answers(ready), BOT_ACTION_PORT=str(port))

    def _ours(self, name: str, server: str, is_ready: Callable[[], bool], **variables: str) -> Part:
        folder = self.folder / name
        folder.mkdir()
        command = [sys.executable, "-m", "bot.cli", "run", server]
        environment = {**self.environment, "PYTHONPATH": str(PROJECT), **variables}
        return Part(name, command, folder / "log", is_ready, environment)


def _answers(url: str) -> Callable[[], bool]:
    def look() -> bool:
        try:
            return requests.get(url, timeout=5).status_code == 200
        except requests.RequestException:
            return False

    return look
