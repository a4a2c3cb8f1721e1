"""Applies the monkeypatches of `bot.rasa.patches`."""

import functools
import pkgutil
from collections.abc import Iterable
from inspect import getattr_static
from typing import Any

from bot.rasa.patches import PATCHES, Patch
from bot.rasa.processes import How, Process, When

_applied: set[Patch] = set()


def patches_of(process: Process, when: When) -> list[Patch]:
    """The patches of a process at one point of its start, in their order."""
    return [patch for patch in PATCHES if process in patch.processes and patch.when is when]


def patches_by(changed_by: str) -> list[Patch]:
    """The patches that use a function or class of ours, given as `module:attribute`."""
    return [patch for patch in PATCHES if patch.by == changed_by]


def apply(patches: Iterable[Patch]) -> None:
    """Apply patches; idempotent: each is applied once per process."""
    for patch in patches:
        if patch not in _applied:
            _apply(patch)
            _applied.add(patch)


def _apply(patch: Patch) -> None:
    changed_by = pkgutil.resolve_name(patch.by)
    if patch.how is How.EXTENDED:
        changed_by()
        return
    holder, name = _place(patch.target)
    now = getattr(holder, name)
    new = functools.wraps(now)(changed_by(now)) if patch.how is How.WRAPPED else changed_by
    # A class method is wrapped in its bound form, so the wrapper needs no class argument any more.
    is_static = isinstance(getattr_static(holder, name), staticmethod | classmethod)
    setattr(holder, name, staticmethod(new) if is_static else new)


def _place(target: str) -> tuple[Any, str]:
    """The object that has the target as attribute, and the attribute's name."""
    module, _, path = target.partition(":")
    *holders, name = path.split(".")
    return pkgutil.resolve_name(f"{module}:{'.'.join(holders)}" if holders else module), name
