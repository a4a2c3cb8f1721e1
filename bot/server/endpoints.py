"""What the Rasa server talks to: `endpoints.yml`, with what it needs from the environment."""

import os

from rasa.core.utils import AvailableEndpoints

from bot.settings import Settings


def read_endpoints(config: Settings) -> AvailableEndpoints:
    """The endpoints; Rasa takes the action server's address from the environment, so it is put there."""
    os.environ["BOT_ACTION_URL"] = config.action_url
    return AvailableEndpoints.read_endpoints(str(config.endpoints))
