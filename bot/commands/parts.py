"""`bot prepare` and `bot run`: the parts of `bot serve` one by one, as containers run them."""

import os
import sys
from pathlib import Path

import typer

from bot.commands.console import AsOf, fail, plain_errors, report, set_clock
from bot.server.preparation import check_configuration, check_port, check_services, prepare_database
from bot.settings import settings
from bot.settings.servers import ACTION_PORT, PORT
from bot.settings.staff_console import CONSOLE_PORT
from bot.training.trained_model import model_path

app = typer.Typer(help="Run one server in the foreground; SIGTERM stops it after its open requests (gracefully).")


def prepare() -> None:
    """Create or migrate the tables and load the facts (and, except in production, the demo customers)."""
    with plain_errors():
        check_configuration()
        check_services()
        prepare_database(report)


@app.command()
def rasa(
    as_of: str = AsOf,
    model: str = typer.Option(None, help="A trained model; that of the current training data when left out."),
) -> None:
    """Run the Rasa server: page, channels, understanding, dialogue. The database must be prepared."""
    with plain_errors():
        set_clock(as_of)
        config = settings()
        check_configuration()
        check_services()
        path = Path(model) if model else model_path()
        if not path.is_file():
            fail(f"The model {path} is missing; train it with 'bot train'.")
        check_port(config.host, PORT.name, config.port)
    become("bot.server.rasa_server", str(path))


@app.command()
def actions(as_of: str = AsOf) -> None:
    """Run the action server: facts, accounts, requests for a person. The database must be prepared."""
    with plain_errors():
        set_clock(as_of)
        config = settings()
        check_configuration()
        check_services()
        check_port(config.host, ACTION_PORT.name, config.action_port)
    become("bot.server.action_server")


@app.command()
def console(as_of: str = AsOf) -> None:
    """Run the console for the company's people. The database must be prepared."""
    with plain_errors():
        set_clock(as_of)
        check_configuration()
        check_services()
        check_port(settings().host, CONSOLE_PORT.name, CONSOLE_PORT.value())
    become("bot.server.console_server")


def become(module: str, *arguments: str) -> None:
    """Replace this process by the server (exec), so that signals reach it and nothing else stays in memory."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 (our own modules)
