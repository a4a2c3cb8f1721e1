"""A program that prints which functions of other packages each kind of process monkeypatches, as JSON lines.

{"process", "changed": {target: how many decorators lie around the original}}. Each process is a fork of this one.
"""

import json
import os
import pkgutil
import sys
from typing import Any

from bot.rasa.patches import PATCHES
from bot.rasa.patching import apply, patches_of
from bot.rasa.processes import Process, When
from bot.rasa.without_tensorflow import leave_out_tensorflow


def value(target: str) -> Any:
    """The current value of a patch target; for a list, its items."""
    found = pkgutil.resolve_name(target)
    return tuple(found) if isinstance(found, list) else found


def decorators(found: Any) -> int:
    """How many decorators lie around a function."""
    return 1 + decorators(found.__wrapped__) if hasattr(found, "__wrapped__") else 0


def changed_by(process: Process, before: dict[str, Any]) -> dict[str, int]:
    """What a process has patched after `boot`, which is called twice, as `bot evaluate` may."""
    for _ in range(2):
        for when in When:
            apply(patches_of(process, when))
    now = {target: value(target) for target in before}
    return {
        target: decorators(now[target]) - decorators(original)
        for target, original in before.items()
        if now[target] is not original and now[target] != original
    }


def main() -> None:
    """Print it for every kind of process."""
    leave_out_tensorflow()  # otherwise this program would load it
    for patch in PATCHES:  # imports it all, which changes what stands in lists
        value(patch.target)
    before = {patch.target: value(patch.target) for patch in PATCHES}
    for process in Process:
        if child := os.fork():
            os.waitpid(child, 0)
        else:
            sys.modules.pop("tensorflow")  # what stands in its place here; where it is loaded, it stays
            print(json.dumps({"process": process.name, "changed": changed_by(process, before)}), flush=True)
            os._exit(0)


if __name__ == "__main__":
    main()
