"""The Rasa server's endpoints: `endpoints.yml`, with the variables that it needs from the environment."""

from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.common import class_from_module_path

from bot.settings import Settings, SettingsError
from bot.settings.servers import ACTION_URL


def read_endpoints(config: Settings) -> AvailableEndpoints:
    """The endpoints; Rasa takes the action server's address from the environment, so it is put there.

    Raises:
        SettingsError: a named class does not exist; Rasa would fall back to an in-memory class of its own.
    """
    let_rasa_expand(config)
    found = AvailableEndpoints.read_endpoints(str(config.endpoints))
    for name in ("nlg", "tracker_store", "event_broker", "lock_store"):
        kind = getattr(getattr(found, name), "type", None)
        if kind and "." in kind:
            _load(name, kind, config)
    return found


def let_rasa_expand(config: Settings) -> None:
    """Put the action server's URL into the environment, from where `endpoints.yml` expands it."""
    ACTION_URL.put(config.action_url)


def _load(name: str, kind: str, config: Settings) -> None:
    try:
        class_from_module_path(kind)
    except (ImportError, AttributeError) as error:
        raise SettingsError(f"{config.endpoints}: {name}: there is no class {kind}.") from error
