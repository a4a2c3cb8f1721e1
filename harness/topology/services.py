"""The third-party parts, from Debian's packages: PostgreSQL, Redis, RabbitMQ, nginx (scripts/topology)."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from string import Template

import yaml

from bot.settings import PROJECT
from harness.image import COMPOSE
from harness.ports import free_port
from harness.topology.part import Part, PartError

HERE = "127.0.0.1"
PASSWORD = "password-of-the-topology"  # noqa: S105 (reached from this machine only, and gone with the topology)
POSTGRES, NGINX = Path("/usr/lib/postgresql"), PROJECT / "deploy" / "nginx" / "nginx.conf.template"
RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
DATABASE_USER = "postgres"
# Data need not survive a machine crash (no fsync), but must survive a killed PostgreSQL, so commits are synchronous.
FORGETFUL = ["-c", "fsync=off", "-c", "full_page_writes=off"]


def program(name: str) -> str:
    """The path of a program.

    Raises:
        PartError: it is not installed.
    """
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise PartError(f"{name} is not installed; 'scripts/topology' installs it.")
    return found


def listens(port: int) -> Callable[[], bool]:
    """Whether a server listens on a port."""

    def look() -> bool:
        try:
            with socket.create_connection((HERE, port), timeout=1):
                return True
        except OSError:
            return False

    return look


def postgres(folder: Path, *, durable: bool = False, password: str = PASSWORD) -> tuple[Part, str]:
    """A PostgreSQL server with an empty database, and its URL.

    Args:
        durable: whether a commit waits for the disk.
        password: of its user; production refuses one that is known.
    """
    versions = sorted(POSTGRES.glob("*/bin"), key=lambda path: float(path.parent.name))
    if not versions:
        raise PartError("PostgreSQL is not installed; 'scripts/topology' installs it.")
    programs, port, data = versions[-1], free_port(), folder / "data"
    folder.mkdir()
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    as_user: list[str] = []
    if os.geteuid() == 0:
        as_user = ["setpriv", "--reuid", DATABASE_USER, "--regid", DATABASE_USER, "--init-groups", "--"]
        for path in (folder, secret):
            shutil.chown(path, DATABASE_USER, DATABASE_USER)
    initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256"]
    initdb += ["--pwfile", secret, "-E", "UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run([*as_user, *initdb], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise PartError(f"PostgreSQL's initdb failed: {' '.join(done.stderr.split())}")
    command = [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder)]
    command += ["-c", f"listen_addresses={HERE}", *([] if durable else FORGETFUL)]
    ready = [str(programs / "pg_isready"), "-q", "-h", HERE, "-p", str(port)]
    part = Part(
        "postgres",
        command,
        folder / "log",
        lambda: subprocess.run(ready, check=False).returncode == 0,  # noqa: S603
        user=DATABASE_USER,
        stop_signal=signal.SIGINT,  # PostgreSQL's "fast" shutdown: it does not wait for clients
    )
    return part, f"postgresql+psycopg2://postgres:{password}@{HERE}:{port}/postgres"


def redis(folder: Path) -> tuple[Part, str]:
    """A Redis server without persistence, and its URL."""
    folder.mkdir()
    port = free_port()
    options = ["--port", str(port), "--bind", HERE, "--save", "", "--dir", str(folder), "--requirepass", PASSWORD]
    part = Part("redis", [program("redis-server"), *options], folder / "log", listens(port))
    return part, f"redis://:{PASSWORD}@{HERE}:{port}/0"


def rabbitmq(folder: Path) -> tuple[list[Part], str]:
    """A RabbitMQ server with the Erlang port mapper (epmd) that it needs, and its URL."""
    if not RABBITMQ.is_file():
        raise PartError("RabbitMQ is not installed; 'scripts/topology' installs it.")
    folder.mkdir()
    port, nodes, distribution = free_port(), free_port(), free_port()
    configuration = folder / "rabbitmq.conf"
    # "guest" may connect from this machine only, which is enough here.
    configuration.write_text(f"listeners.tcp.1 = {HERE}:{port}\ndistribution.listener.interface = {HERE}\n")
    environment = {
        "HOME": str(folder),
        "ERL_EPMD_ADDRESS": HERE,
        "ERL_EPMD_PORT": str(nodes),
        "RABBITMQ_BASE": str(folder),
        "RABBITMQ_MNESIA_BASE": str(folder / "database"),
        "RABBITMQ_LOG_BASE": str(folder / "logs"),
        "RABBITMQ_CONFIG_FILE": str(configuration),
        "RABBITMQ_NODENAME": f"topology-{port}@localhost",
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
    }
    epmd = Part("epmd", [program("epmd"), "-port", str(nodes), "-address", HERE], folder / "epmd.log", listens(nodes))
    server = Part("rabbitmq", [str(RABBITMQ)], folder / "log", listens(port), environment)
    return [epmd, server], f"amqp://guest:guest@{HERE}:{port}"


CONSOLE_HOST = "console.localhost"  # browsers find it here, and trust it as they trust https


def nginx(
    folder: Path,
    port: int,
    actions_port: int,
    rasa: list[int],
    actions: list[int],
    *,
    origins: str = "",
    console: int = 9,
) -> Part:
    """nginx with the configuration of deploy/.

    Args:
        port: the address of the assistant.
        actions_port: the address of the action servers, for the Rasa servers.
        rasa, actions: ports of two servers each.
        origins: `BOT_ORIGINS` of the Rasa servers.
        console: port of the console, which is served for `CONSOLE_HOST`.
    """
    folder.mkdir(mode=0o755)
    listen = folder / "listen.conf"
    listen.write_text(f"listen {HERE}:{port};\n")
    configuration = folder / "nginx.conf"
    configuration.write_text(
        nginx_configuration(
            NGINX_RUN=str(folder),
            NGINX_LOGS=str(folder),
            NGINX_LISTEN=str(listen),
            NGINX_ACTIONS_LISTEN=f"{HERE}:{actions_port}",
            NGINX_ORIGINS=origins,
            NGINX_CONSOLE_HOST=CONSOLE_HOST,
            CONSOLE_SERVER=f"{HERE}:{console}",
            # The load generator uses one address.
            NGINX_RATE="2000",
            NGINX_BURST="4000",
            NGINX_CONNECTIONS="2000",
            **{f"RASA_SERVER_{number}": f"{HERE}:{each}" for number, each in enumerate(rasa, 1)},
            **{f"ACTION_SERVER_{number}": f"{HERE}:{each}" for number, each in enumerate(actions, 1)},
        )
    )
    command = [program("nginx"), "-e", str(folder / "stderr"), "-c", str(configuration), "-g", "daemon off;"]
    return Part("nginx", command, folder / "log", listens(port), stop_signal=signal.SIGQUIT)


def nginx_configuration(**variables: str) -> str:
    """deploy/nginx/nginx.conf.template with its variables filled in, as nginx's image does it."""
    given = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]["nginx"]["environment"]
    # What an office of agents may ask is tried as it is shipped.
    shipped = {name: value for name, value in given.items() if name.startswith("NGINX_CONSOLE_") and "$" not in value}
    defaults = {"NGINX_WORKERS": "1", "NGINX_TRUSTED_PROXY": "unix:", **shipped}
    return Template(NGINX.read_text(encoding="utf-8")).safe_substitute(defaults | variables)
