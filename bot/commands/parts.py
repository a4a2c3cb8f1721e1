"""`bot prepare` and `bot run`: the parts of `bot serve` one by one, as containers run them."""

import os
import sys
from pathlib import Path

import typer

from bot.commands.console import AsOf, fail, plain_errors, report, set_clock
from bot.server.preparation import check_configuration, check_port, check_services, prepare_database
from bot.settings import settings
from bot.training.model import model_path

app = typer.Typer(help="Run one server in the foreground; SIGTERM stops it when what it answers is answered.")


def prepare() -> None:
    """Create or upgrade the tables and load the facts (and, but in production, the demo customers); then end."""
    with plain_errors():
        check_configuration()
        check_services()
        prepare_database(report)


@app.command()
def rasa(
    as_of: str = AsOf,
    model: str = typer.Option(None, help="A trained model; the one for the present training data when left out."),
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
        check_port(config.host, "BOT_PORT", config.port)
    _become("bot.server.rasa_server", str(path))


@app.command()
def actions(as_of: str = AsOf) -> None:
    """Run the action server: facts, accounts, requests for a person. The database must be prepared."""
    with plain_errors():
        set_clock(as_of)
        config = settings()
        check_configuration()
        check_services()
        check_port(config.host, "BOT_ACTION_PORT", config.action_port)
    _become("bot.server.action_server")


def _become(module: str, *arguments: str) -> None:
    """Let the server take this process's place, so that signals reach it and nothing else stays in memory."""
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 (our own modules)
