"""Checks and preparation before the servers start: valid configuration, free ports, a database with facts."""

import errno
import re
import socket
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.accounts.demo import holds_demo, load_demo
from bot.accounts.setup import account_source, delivery, sign_in
from bot.channels.messenger.settings import messenger_settings
from bot.channels.phone.settings import phone_settings
from bot.channels.visitor_addresses import trusted_proxies
from bot.channels.web.limits import limits, session_lifetime
from bot.channels.web.origins import origins
from bot.console.console_texts import console_texts
from bot.console.staff_directory import is_directory_used
from bot.data_files import DataFileError, read_yaml
from bot.desk.alerting import check_alerts
from bot.desk.weekly_hours import weekly_hours
from bot.knowledge.fact_store import bring_in
from bot.knowledge.topics import topics
from bot.knowledge.validation import load_folder
from bot.observing.json_logs import json_wanted
from bot.preparation_error import PreparationError
from bot.rasa.rabbitmq_address import rabbitmq_url
from bot.rasa.rasa_settings import check_credentials, check_endpoints, check_variables
from bot.replies.catalogue import catalogues
from bot.replies.catalogue_file import CatalogueError
from bot.schema.upgrading import upgrade
from bot.server.action_secret import action_secret
from bot.server.api_settings import api_settings
from bot.server.production import check_production
from bot.settings import PROJECT, Settings, in_production, settings
from bot.settings.servers import ACTION_METRICS_PORT, ACTION_PORT, API_PORT, HOST, METRICS_HOST, METRICS_PORT, PORT
from bot.settings.staff_console import CONSOLE_METRICS_PORT, CONSOLE_PORT, CONSOLE_STARTED
from bot.settings.table import check_names
from bot.storage.engine import session_scope
from bot.storage.exclusive import alone
from bot.storage.redis_server import check_redis

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
    is_directory_used,
    json_wanted,
    check_variables,
)
METRICS_PORTS = (METRICS_PORT, ACTION_METRICS_PORT, CONSOLE_METRICS_PORT)
CREDENTIALS = "credentials.yml"
CONFIGURATION = ("config.yml", "domain.yml", CREDENTIALS)


def check_configuration(project: Path = PROJECT) -> None:
    """Check that the configuration files can be read, and that texts and topics fit together.

    Raises:
        PreparationError: one of them cannot be used.
        SettingsError: one of them contains a setting of Rasa's that is not read here.
    """
    try:
        endpoints = settings().endpoints if project == PROJECT else project / "endpoints.yml"
        for path in (*(project / name for name in CONFIGURATION), endpoints):
            if not isinstance(read_yaml(path), dict):
                raise PreparationError(f"{path} is broken: a mapping is expected.")
        check_endpoints(endpoints)
        check_credentials(project / CREDENTIALS)
        catalogues()
        console_texts()
        topics()
        weekly_hours()
    except (DataFileError, CatalogueError) as error:
        raise PreparationError(f"A configuration file is broken: {' '.join(str(error).split())}") from error


def check_services() -> None:
    """Check the environment's settings of secrets, billing, senders, sign-in, website, channels, Redis, alerts and
    Rasa.

    Raises:
        SettingsError: a variable's value cannot be used, or a name has our prefix but is not a setting.
    """
    check_names()
    check_production()
    for read in (account_source, delivery, sign_in, *CHANNEL_SETTINGS, check_redis, check_alerts):
        read()


def check_ports(config: Settings) -> None:
    """Check that the ports of the servers, and of metrics and API where they are on, are free and all different.

    Raises:
        PreparationError: a port is in use or not permitted, or the host is not this machine's.
    """
    wanted = {PORT.name: (config.host, config.port), ACTION_PORT.name: (config.host, config.action_port)}
    if CONSOLE_STARTED.value():
        wanted[CONSOLE_PORT.name] = (config.host, CONSOLE_PORT.value())
    wanted |= {each.name: (METRICS_HOST.value(), port) for each in METRICS_PORTS if (port := each.value())}
    if api := api_settings():
        wanted[API_PORT.name] = (api.host, api.port)
    seen: dict[int, str] = {}
    for name, (host, port) in wanted.items():
        check_port(host, name, port)
        if port in seen:
            raise PreparationError(f"{seen[port]} and {name} are both {port}; give each its own.")
        seen[port] = name


def check_port(host: str, name: str, port: int) -> None:
    """Check that a port is free; `name` is the setting that chose it.

    Raises:
        PreparationError: it is in use or not permitted, or the host is not this machine's.
    """
    reason = _why_not(host, port)
    if reason:
        free = next((other for other in range(port + 1, 65536) if not _why_not(host, other)), None)
        advice = f"stop what uses it or choose another: {name}={free}" if free else f"choose another {name}"
        raise PreparationError(f"Port {port} on {host} {reason}; {advice}.")


def _why_not(host: str, port: int) -> str | None:
    """Why the port cannot be listened on; None where it can.

    Raises:
        PreparationError: the host is not an address of this machine.
    """
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                raise PreparationError(
                    f"{HOST.name}={host!r} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all of them."
                ) from error
            return "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
    return None


def without_password(text: str) -> str:
    """A text with the passwords of the URLs in it masked."""
    return re.sub(r"(?<=:)[^:@/]+(?=@)", "***", text)


def prepare_database(report: Callable[[str], None]) -> None:
    """Create or migrate the tables, load the facts and, except in production, the demo customers.

    Several processes may call it concurrently: one works and the others wait for its lock.

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
    except DataFileError as error:
        raise PreparationError(f"The facts cannot be loaded: {' '.join(str(error).split())}") from error
    except (SQLAlchemyError, OSError, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise PreparationError(
            f"The database '{without_password(settings().database_url)}' cannot be used: {reason}."
        ) from error
    report(f"Database ready: {len(knowledge.facts)} facts, {customers} demo customers.")


def _demo_customers(session: Session) -> int:
    """Load the demo customers; in production there must be none, since their contract numbers are public."""
    if not in_production():
        return load_demo(session)
    if holds_demo(session):
        raise PreparationError(
            "ENVIRONMENT=production, but the database holds demo customers; use a new one, or delete them."
        )
    return 0
