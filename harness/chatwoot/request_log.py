"""The requests that the API was sent."""

from dataclasses import dataclass, field


@dataclass
class ApiRequest:
    """A request; ``status`` is None where it was not answered."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    status: int | None = None
