"""Settings of Rasa and Sanic that we also read, parsed as they parse them; docs/settings.md describes them by hand."""

from bot.settings.parsers import count, text, truth
from bot.settings.setting import Setting

SANIC_WORKERS = Setting("SANIC_WORKERS", count, 1, "worker processes of the Rasa server", empty_counts=True)
SANIC_BACKLOG = Setting("SANIC_BACKLOG", count, 100, "connections that may wait to be accepted", empty_counts=True)
MAX_NUMBER_OF_PREDICTIONS = Setting(
    "MAX_NUMBER_OF_PREDICTIONS", count, 10, "most actions in one turn", empty_counts=True
)
COMPRESS_ACTION_SERVER_REQUEST = Setting(
    "COMPRESS_ACTION_SERVER_REQUEST", truth, False, "whether action requests are compressed", empty_counts=True
)
RASA_ENVIRONMENT = Setting("RASA_ENVIRONMENT", text, "", "app_id of the messages in RabbitMQ")
READ_BY_RASA = (SANIC_WORKERS, SANIC_BACKLOG, MAX_NUMBER_OF_PREDICTIONS, COMPRESS_ACTION_SERVER_REQUEST)
