"""Stubs for TensorFlow, which Rasa imports for components that this assistant does not use (docs/dependencies.md).

TensorFlow takes a second at each start, 250 MB in each process and a gigabyte on disk. The stubs can be
named and subclassed, which is all that Rasa does at import; a call raises `NoTensorFlow`.
"""

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any

PACKAGES = ("tensorflow", "tensorflow_hub", "keras")
DUNDER = "__"


class NoTensorFlow(RuntimeError):
    """A component has called TensorFlow."""


class _Name(type):
    """Metaclass of the stubs: every name looked up in TensorFlow is a class, which again has any name."""

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
        """A stub module has no code to run."""


def leave_out_tensorflow() -> None:
    """Stub TensorFlow in this process; call before Rasa is imported.

    Where TensorFlow is imported already, as for training the pipeline of `rasa init`, it stays.
    """
    if "tensorflow" not in sys.modules:
        sys.meta_path.insert(0, _Finder())
