"""The kinds of processes that Rasa or rasa_sdk runs in, and when and how they are patched."""

from enum import Enum, auto


class Process(Enum):
    """The purpose of a process; the value is its name in the table of docs/patches.md."""

    RASA_SERVER = "Rasa server"
    ACTION_SERVER = "action server"
    ASSISTANT = "assistant in one process"
    TRAINING = "training"
    STOCK = "stock pipeline"
    RASA_COMMAND = "`rasa` command"


class When(Enum):
    """Whether a patch is applied before or after Rasa is imported."""

    BEFORE_IMPORT = auto()
    AFTER_IMPORT = auto()


class How(Enum):
    """How a patch changes its target."""

    REPLACED = auto()  # by another function or class
    WRAPPED = auto()  # by the result of a decorator
    EXTENDED = auto()  # by a function that changes the target in place
