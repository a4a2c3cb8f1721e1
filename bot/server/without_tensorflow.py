"""Rasa without TensorFlow, which it imports for components that this assistant does not have (docs/dependencies.md).

TensorFlow takes a second at each start, 250 MB in each process and a gigabyte on disk. What stands in its place can be
named and subclassed, which is all that Rasa does while it is imported; whoever would compute with it is told.
"""

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any

PACKAGES = ("tensorflow", "tensorflow_hub", "keras")
DUNDER = "__"


class NoTensorFlow(RuntimeError):
    """A component wants to compute with TensorFlow."""


class _Name(type):
    """The class of whatever is looked up in TensorFlow: a class again, with more names in it."""

    def __getattr__(cls, name: str) -> "_Name":
        return _named(cls, name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise NoTensorFlow(f"{cls.__module__}.{cls.__name__} needs TensorFlow, which this process does without.")


class _Module(ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> _Name:
        return _named(self, name)


def _named(holder: Any, name: str) -> _Name:
    if name.startswith(DUNDER):
        raise AttributeError(name)
    found = _Name(name, (), {"__module__": PACKAGES[0]})
    setattr(holder, name, found)
    return found


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] in PACKAGES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing in it."""


def leave_out_tensorflow() -> None:
    """Let this process do without TensorFlow; call before Rasa is imported.

    Where TensorFlow is there already, as for training the pipeline of `rasa init`, it stays.
    """
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _Finder())
