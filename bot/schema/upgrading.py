"""Migrates a database to the newest schema with Alembic."""

from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from bot.settings import PROJECT, settings
from bot.storage.engine import engine_for, take_your_time


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without an ini file; migrations run over `connection` when one is given."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "bot" / "schema" / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str | None = None) -> None:
    """Create or migrate all tables in the database at `url` (default: the configured one)."""
    with engine_for(url or settings().database_url).begin() as connection:
        take_your_time(connection)
        command.upgrade(alembic_config(connection), "head")
