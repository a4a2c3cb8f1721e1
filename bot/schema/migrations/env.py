"""Alembic's entry point: runs the migrations over the connection that `bot.schema.upgrading` hands over."""

from alembic import context

import bot.schema.tables  # noqa: F401  (all tables are known to Base)
from bot.settings import settings
from bot.storage.engine import Base, engine_for


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is None:
        with engine_for(settings().database_url).begin() as connection:
            _migrate(connection)
    else:
        _migrate(connection)


def _migrate(connection) -> None:  # type: ignore[no-untyped-def]
    context.configure(
        connection=connection, target_metadata=Base.metadata, render_as_batch=connection.dialect.name == "sqlite"
    )
    with context.begin_transaction():
        context.run_migrations()


run()
