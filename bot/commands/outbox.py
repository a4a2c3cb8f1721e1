"""`bot outbox`: the one-time codes of the demo."""

import json
from pathlib import Path
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.commands.console import fail, out, show_table
from bot.settings.accounts import OUTBOX


def outbox(last: int = typer.Option(5, min=1, help="How many messages to show.")) -> None:
    """Show the messages that were not sent, because neither SMS nor e-mail is set up: the demo's one-time codes."""
    try:
        found = messages(OUTBOX.value())[-last:]
    except OSError as error:  # only its owner may read it, which may be the servers' user
        fail(f"The outbox cannot be read: {error.strerror}.")
    if not found:
        out.print(
            "The outbox is empty. Codes get here while neither BOT_SMS_URL nor BOT_SMTP_HOST is set, "
            "and only for contracts that there are."
        )
        return
    table = Table("when (UTC)", "to", "text")
    for message in found:
        table.add_row(*(escape(str(message.get(key, "–"))) for key in ("at", "to", "text")))
    show_table(table)


def messages(path: Path) -> list[dict[str, Any]]:
    """The messages in the outbox, the newest last; a line that is still being written is left out."""
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []:
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if isinstance(message, dict):
            found.append(message)
    return found
