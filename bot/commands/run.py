"""`bot serve` and `bot train`."""

import subprocess
import sys
import time
from pathlib import Path

import typer

from bot.commands.console import AsOf, err, fail, out, plain_errors, progress, report, set_clock
from bot.desk.demo_requests import load_demo_requests
from bot.keys.model_signatures import UntrustedModel, verified
from bot.knowledge.emergency_events import all_events
from bot.server.preparation import check_configuration, check_ports, check_services, prepare_database
from bot.server.supervisor import serve as run_servers
from bot.settings import PROJECT, in_production, settings
from bot.settings.desk import DESK_DEMO
from bot.settings.servers import HOST, PORT
from bot.staff.first_administrator import first_link
from bot.storage.engine import session_scope
from bot.storage.exclusive import alone
from bot.training.trained_model import model_path
from bot.training.trained_model import train as make_model


def train(
    force: bool = typer.Option(False, "--force", help="Train even if nothing has changed, without Rasa's cache."),
) -> None:
    """Train the model, unless that of the current data exists already."""
    started = time.monotonic()
    with plain_errors(), progress() as tell:
        check_configuration()
        path = make_model(tell, force=force)
    out.print(f"Model: {path} ({time.monotonic() - started:.0f} s)")


def serve(
    as_of: str = AsOf,
    host: str = typer.Option(None, help="Address to listen on; 127.0.0.1 when left out."),
    port: int = typer.Option(None, min=1, max=65535, help="Port of the page and the chat; 5005 when left out."),
    no_train: bool = typer.Option(False, "--no-train", help="Fail when the model is missing instead of training it."),
) -> None:
    """Start everything: database, model (trained if need be), both servers, the console. Ctrl-C stops it all."""
    started = time.monotonic()
    with plain_errors():
        set_clock(as_of)
        if host:
            HOST.put(host)
        if port:
            PORT.put(str(port))
        config = settings()
        check_configuration()
        check_services()
        check_ports(config)
        prepare_database(report)
        _fill_demo_desk()
        _remind_of_open_emergency()
        model = model_path()
        if not no_train and (why := _must_train(model)):
            report(why)
            # In a process of its own, so that the supervisor's memory stays small.
            done = subprocess.run([sys.executable, "-m", "bot.cli", "train"], cwd=PROJECT, check=False)
            if done.returncode:
                fail("The assistant was not started, because training failed.")

        def ready(page: str, console: str | None) -> None:
            out.print(f"Ready after {time.monotonic() - started:.0f} s. Open (Ctrl-C stops)")
            for name, url in (("the page", page), ("the chat in it", f"{page}#chat"), ("the console", console)):
                if url:
                    out.print(f"  {name:<15}[bold]{url}[/bold]", soft_wrap=True)
            if console and (link := _first_link()):
                out.print("The console's first account chooses its passphrase here, once, within 48 hours:")
                out.print(f"  [bold]{console}/link#{link}[/bold]", soft_wrap=True)

        run_servers(config, model, report, ready)


def _first_link() -> str | None:
    """A one-time link, as long as nobody can sign in to the console; in production 'bot staff add' makes accounts."""
    if in_production():
        return None
    with session_scope() as session:
        return first_link(session)


def _fill_demo_desk() -> None:
    """Let invented requests wait at the desk of a new assistant, except in production."""
    if DESK_DEMO.value() and not in_production():
        with alone("prepare"), session_scope() as session:
            made = load_demo_requests(session)
        if made:
            report(f"{made} invented requests wait at the desk (BOT_DESK_DEMO=no for none).")


def _must_train(model: Path) -> str | None:
    """Why a model must be trained; None where the existing one can be used.

    Raises:
        UntrustedModel: it was changed after it was signed; a person must look into that.
    """
    if not model.is_file():
        return "There is no model for the present training data; making it takes a few minutes."
    try:
        verified(model)
    except UntrustedModel as error:
        if error.tampered:
            raise
        return f"{error} It is trained again now."
    return None


def _remind_of_open_emergency() -> None:
    with session_scope() as session:
        for event in all_events(session):
            if event.ended_on is None:
                err.print(f"The {event.id} is open; end it with: bot emergency end {event.id} --on DATE", style="dim")
