"""`bot backup` and `bot restore`."""

from pathlib import Path

import typer

from bot.commands.console import fail, out, plain_errors
from bot.settings import settings
from bot.storage.backup import BackupError, back_up
from bot.storage.backup import restore as bring_back


def backup(file: str = typer.Argument(help="A new file; its owner alone may read it.")) -> None:
    """Back up the database into one file, while the assistant runs."""
    path = Path(file)
    with plain_errors():
        try:
            back_up(settings().database_url, path)
        except BackupError as error:
            fail(str(error))
    out.print(f"{path}: {path.stat().st_size:,} bytes. The signing key is not in it; keep that elsewhere.")


def restore(
    file: str = typer.Argument(help="What 'bot backup' has written."),
    force: bool = typer.Option(False, "--force", help="Replace what is in the database."),
) -> None:
    """Bring the database back from a backup. Stop the servers first, and run 'bot prepare' afterwards."""
    with plain_errors():
        try:
            bring_back(settings().database_url, Path(file), force=force)
        except BackupError as error:
            fail(str(error))
    out.print("Restored. 'bot prepare' brings it to the newest schema; then start the servers.")
