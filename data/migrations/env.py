"""Alembic's entrance: runs on the connection and for the metadata that it is handed (data/migrate.py); reads no settings."""

from alembic import context

from data.migrate import include_object

config = context.config

context.configure(
    connection=config.attributes["connection"],
    target_metadata=config.attributes["metadata"],
    include_object=include_object,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
