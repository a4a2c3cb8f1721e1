"""Why the desk refuses an act. What a person is told is the caller's to say; the messages here are for logs."""


class DeskError(Exception):
    """The desk refused; nothing was changed."""


class UnknownRequest(DeskError):
    """There is no request of such a reference (any more)."""


class AlreadyHeld(DeskError):
    """Somebody else has taken it.

    Attributes:
        name: the first name of the one who holds it.
    """

    def __init__(self, name: str) -> None:
        super().__init__("Somebody else holds it.")
        self.name = name


class NotHeld(DeskError):
    """The one who acts does not hold it."""


class AlreadyClosed(DeskError):
    """It is closed."""
