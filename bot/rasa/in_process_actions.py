"""Actions that run in Rasa's own process, without an action server."""

import json
from collections.abc import Callable
from typing import Any

from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.preparation_error import PreparationError


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint that runs the actions itself, answering as the action server would."""

    def __init__(self) -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = ActionExecutor()
        try:
            self._executor.register_package("actions")
        except SystemExit as error:  # rasa_sdk calls sys.exit; in a worker process, that would count as success
            raise PreparationError("The actions cannot be imported; the reason is above.") from error

    async def request(self, method: str = "post", **kwargs: Any) -> Any:  # type: ignore[override]
        """Run the action that is called; a rejected form becomes the HTTP status that Rasa expects."""
        try:
            return await self._executor.run(kwargs["json"])
        except ActionExecutionRejection as rejection:
            body = json.dumps({"error": rejection.message, "action_name": rejection.action_name})
            raise ClientResponseError(400, "rejected", body) from rejection


def with_actions_here(read_endpoints: Callable[[str], AvailableEndpoints]) -> Callable[[str], AvailableEndpoints]:
    """`AvailableEndpoints.read_endpoints`, with the actions in this process in place of the action server."""

    def read(endpoint_file: str) -> AvailableEndpoints:
        found = read_endpoints(endpoint_file)
        found.action = InProcessActions()
        return found

    return read
