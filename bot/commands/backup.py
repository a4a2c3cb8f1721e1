"""`bot backup` and `bot restore`."""

from pathlib import Path

import typer

from bot.commands.console import fail, out, plain_errors
from bot.schema.database_backup import BackupError, back_up
from bot.schema.database_backup import restore as bring_back
from bot.settings import settings


def backup(file: str = typer.Argument(help="A new file, which only its owner may read.")) -> None:
    """Back up the database into one file, while the assistant runs."""
    path = Path(file)
    with plain_errors():
        try:
            back_up(settings().database_url, path)
        except BackupError as error:
            fail(str(error))
    out.print(f"{path}: {path.stat().st_size:,} bytes. The signing key is not in it; keep that elsewhere.")


def restore(
    file: str = typer.Argument(help="A file that 'bot backup' has written."),
    force: bool = typer.Option(False, "--force", help="Replace what is in the database."),
) -> None:
    """Restore the database from a backup. Stop the servers first, and run 'bot prepare' afterwards."""
    with plain_errors():
        try:
            bring_back(settings().database_url, Path(file), force=force)
        except BackupError as error:
            fail(str(error))
    out.print("Restored. Run 'bot prepare' to migrate it to the newest schema; then start the servers.")
