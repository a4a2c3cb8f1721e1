"""What must be there before the servers start: readable configuration, free ports, database with facts."""

import errno
import os
import re
import socket
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.accounts.demo import holds_demo, load_demo
from bot.accounts.setup import account_source, delivery, sign_in
from bot.channels.addresses import trusted_proxies
from bot.channels.messenger.settings import messenger_settings
from bot.channels.phone.settings import phone_settings
from bot.channels.web.limits import limits, session_lifetime
from bot.channels.web.origins import origins
from bot.knowledge.records import KnowledgeError, read_yaml
from bot.knowledge.store import bring_in
from bot.knowledge.topics import topics
from bot.knowledge.validation import load_folder
from bot.replies.catalogue import catalogues
from bot.replies.catalogue_file import CatalogueError
from bot.server.action_secret import action_secret
from bot.server.api_settings import PORT as API_PORT
from bot.server.api_settings import api_settings
from bot.server.json_logs import json_wanted
from bot.server.measuring import ACTION_PORT, RASA_PORT, metrics_host
from bot.server.production import check_production
from bot.settings import PROJECT, Settings, in_production, port_setting, rabbitmq_url, settings
from bot.storage.engine import session_scope
from bot.storage.exclusive import alone
from bot.storage.redis_server import check_redis
from bot.storage.schema import upgrade

CHANNEL_SETTINGS = (
    limits,
    session_lifetime,
    origins,
    messenger_settings,
    phone_settings,
    action_secret,
    trusted_proxies,
    rabbitmq_url,
    api_settings,
    json_wanted,
)
METRICS_PORTS = (RASA_PORT, ACTION_PORT)
CONFIGURATION = ("config.yml", "domain.yml", "credentials.yml")


class PreparationError(RuntimeError):
    """The assistant cannot start; the message says why and what to do, in one sentence."""


def check_configuration(project: Path = PROJECT) -> None:
    """The configuration files can be read, and the texts and topics fit together.

    Raises:
        PreparationError: one of them cannot be used.
    """
    try:
        endpoints = settings().endpoints if project == PROJECT else project / "endpoints.yml"
        for path in (*(project / name for name in CONFIGURATION), endpoints):
            if not isinstance(read_yaml(path), dict):
                raise PreparationError(f"{path} is broken: a mapping is expected.")
        catalogues()
        topics()
    except (KnowledgeError, CatalogueError) as error:
        raise PreparationError(f"A configuration file is broken: {' '.join(str(error).split())}") from error


def check_services() -> None:
    """What the environment says of secrets, billing, senders, sign-in, website, Messenger, phone and Redis can be used.

    Raises:
        SettingsError: a variable holds something that cannot be used.
    """
    check_production()
    for read in (account_source, delivery, sign_in, *CHANNEL_SETTINGS, check_redis):
        read()


def check_ports(config: Settings) -> None:
    """The ports of both servers, and of figures and API where they are on, are free, and each is another.

    Raises:
        PreparationError: one is in use or may not be used, or the host is not this machine's.
    """
    wanted = {"BOT_PORT": (config.host, config.port), "BOT_ACTION_PORT": (config.host, config.action_port)}
    wanted |= {name: (metrics_host(), port_setting(name, 0)) for name in METRICS_PORTS if os.environ.get(name)}
    if api := api_settings():
        wanted[API_PORT] = (api.host, api.port)
    seen: dict[int, str] = {}
    for name, (host, port) in wanted.items():
        check_port(host, name, port)
        if port in seen:
            raise PreparationError(f"{seen[port]} and {name} are both {port}; give each its own.")
        seen[port] = name


def check_port(host: str, name: str, port: int) -> None:
    """A port is free; `name` is the setting that chose it.

    Raises:
        PreparationError: it is in use or may not be used, or the host is not this machine's.
    """
    reason = _why_not(host, port)
    if reason:
        free = next((other for other in range(port + 1, 65536) if not _why_not(host, other)), None)
        advice = f"stop what uses it or choose another: {name}={free}" if free else f"choose another {name}"
        raise PreparationError(f"Port {port} on {host} {reason}; {advice}.")


def _why_not(host: str, port: int) -> str | None:
    """Why a port cannot be listened on; None where it can.

    Raises:
        PreparationError: no port of this host can.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise PreparationError(
                    f"BOT_HOST={host!r} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all of them."
                ) from error
            return "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return None


def without_password(text: str) -> str:
    """A text with the passwords of the URLs in it masked."""
    return re.sub(r"(?<=:)[^:@/]+(?=@)", "***", text)


def prepare_database(report: Callable[[str], None]) -> None:
    """Create or upgrade the tables, load the facts and, but in production, the demo customers.

    Several may do so at once: on PostgreSQL one works and the others wait.

    Raises:
        PreparationError: the database cannot be used, or a knowledge file is wrong.
    """
    try:
        knowledge = load_folder()
        with alone("prepare"):
            upgrade()
            with session_scope() as session:
                bring_in(session, knowledge)
                customers = _demo_customers(session)
    except KnowledgeError as error:
        raise PreparationError(f"The facts cannot be loaded: {' '.join(str(error).split())}") from error
    except (SQLAlchemyError, OSError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise PreparationError(
            f"The database '{without_password(settings().database_url)}' cannot be used: {reason}."
        ) from error
    report(f"Database ready: {len(knowledge.facts)} facts, {customers} demo customers.")


def _demo_customers(session: Session) -> int:
    """Load the demo customers; in production there must be none, since everybody can read their contract numbers."""
    if not in_production():
        return load_demo(session)
    if holds_demo(session):
        raise PreparationError(
            "ENVIRONMENT=production, but the database holds demo customers; use a new one, or delete them."
        )
    return 0
