"""The error of a failed preflight check: whoever starts a process shows its message and exits."""


class PreparationError(RuntimeError):
    """The assistant cannot start; the message says why and what to do, in one sentence."""
